"""What the fuzz targets start from: the sample events, the example mappings, the attack corpus and `seeds/`."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
ROOT = FUZZ.parent

Seed = tuple[str, bytes]


def write_seeds(target: str) -> int:
    """Fills `corpus/TARGET` with the target's seeds, each called by its digest, and tells how many there are."""
    corpus = FUZZ / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = [text for name, text in all_seeds() if name == target]
    for text in seeds:
        (corpus / f"seed-{sha256(text).hexdigest()[:16]}").write_bytes(text)
    return len(seeds)


def all_seeds() -> Iterator[Seed]:
    for path in sorted((FUZZ / "seeds").glob("*/*")):
        yield path.parent.name, path.read_bytes()
    yield from events()
    for path in sorted((ROOT / "mappings" / "examples").glob("*.yaml")):
        yield "admin_file", path.read_bytes()
    yield from attacks()


def events() -> Iterator[Seed]:
    """Each sample event, small, with the placeholder for a token as it is."""
    for function in ["authorizer", "credentials"]:
        for path in sorted((ROOT / "events" / function).glob("*.json")):
            event = json.dumps(json.loads(path.read_text()), separators=(",", ":")).encode()
            yield f"{function}_event", event
            if function == "credentials":
                yield "question", event


def attacks() -> Iterator[Seed]:
    """Each value of the attack corpus as the value of each claim it is tried on."""
    push = json.loads((FUZZ / "seeds" / "signed_claims" / "push").read_text())
    cases = ROOT / "tests" / "attacks" / "cases" / "claims.json"
    for family in json.loads(cases.read_text())["families"]:
        names = [name for row in family["rows"] for name in row["claims"] if name in push]
        for name in sorted(set(names)):
            for values in family["values"].values():
                yield "signed_claims", with_member(push, name, values)


def with_member(claims: dict[str, object], name: str, values: str | list[str] | None) -> bytes:
    """The claims with a member that has this value, all of these, or that is missing; values are JSON as written."""
    own = json.dumps(claims[name])
    values = [values] if isinstance(values, str) else values or []
    written = [f"{json.dumps(name)}:{value.replace('{{itself}}', own)}" for value in values]
    others = [f"{json.dumps(other)}:{json.dumps(value)}" for other, value in claims.items() if other != name]
    return ("{" + ",".join(others + written) + "}").encode()
