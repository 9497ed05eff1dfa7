"""docs/faults.md, from the rows that the tests run: `python -m tests.faults.table` writes it."""

from collections.abc import Iterable

from local.site import ROOT
from tests.faults import dynamodb, function, keys, sts
from tests.faults.aws import INTERNAL
from tests.faults.fault import Fault, Said
from tests.faults.keys import KEYS, KeysFault

FILE = ROOT / "docs" / "faults.md"
_PREFACE = (ROOT / "tests" / "faults" / "preface.md").read_text()

_KEYS = """\
With the key in the cache, none of this changes anything for a day: then keys are forgotten. A function that has no
keys, or not the one that a token names, asks GitLab at most every 30 s, whatever came of the last time and whoever
asks: so a fault is over for it at most 30 s after it is over for GitLab. A rotation is obeyed with the next fetch, and
the old key is gone with it. Each column is a job's answer and a protected route's.
"""
_TABLE = """\
The table of role mappings. Over with the next request. The SDK tries twice, each time for 0.6 s.
"""
_LEDGER = """\
The ledger of uses, which only rows with `max_uses_per_token` need; an authorizer never does. A use that opened nothing
is given back: the same token works as soon as the fault is over.
"""
_STS = """\
With `assume_role`. Over with the next request. Protected routes do not need STS. Of each fault down to
`sts-region-disabled`, the first way is tried with `web_identity` as well.
"""
_WEB_IDENTITY = """\
With `web_identity` alone, where STS is shown the job's own token.
"""
_FUNCTION = """\
A function that gives no answer is started anew by Lambda. Clocks are those of both functions.
"""


def render() -> str:
    parts = [
        _PREFACE,
        _section("GitLab's keys", _KEYS, _keys_table(KEYS)),
        _section("DynamoDB", _TABLE, _routes_table(dynamodb.ROWS)),
        _section("The use ledger", _LEDGER, _jobs_table(dynamodb.LEDGER)),
        _section("STS", _STS, _jobs_table(sts.EITHER + sts.ASSUME_ROLE)),
        _section("STS and the job's token", _WEB_IDENTITY, _jobs_table(sts.WEB_IDENTITY)),
        _section("The functions", _FUNCTION, _lasting_table(function.ROWS)),
    ]
    return "\n".join(parts)


def every_name() -> list[str]:
    rows = (keys.KEYS, dynamodb.ROWS, dynamodb.LEDGER, sts.EITHER, sts.ASSUME_ROLE, sts.WEB_IDENTITY, function.ROWS)
    return [fault.name for faults in rows for fault in faults]


def _section(title: str, text: str, table: str) -> str:
    return f"## {title}\n\n{text}\n{table}"


def _keys_table(faults: Iterable[KeysFault]) -> str:
    head = [
        "name",
        "what fails",
        "a function starts",
        "the key was rotated",
        "a token of the old key",
        "`key_fetch_failed` says",
    ]
    return _table(
        head,
        [
            [
                f"`{fault.name}`",
                fault.what,
                _both(fault.cold, fault.route),
                _both(fault.rotated, fault.route),
                _both(fault.old, Said(fault.old.status)),
                fault.logged or "nothing: the keys are good",
            ]
            for fault in faults
        ],
    )


def _both(job: Said, route: Said) -> str:
    return f"{job}; {route.status}"


def _routes_table(faults: Iterable[Fault]) -> str:
    head = ["name", "what fails", "how", "`/credentials`", "protected route", "`detail`"]
    return _table(head, [[*_what(fault), str(fault.job), str(fault.route), _detail(fault)] for fault in faults])


def _jobs_table(faults: Iterable[Fault]) -> str:
    head = ["name", "what fails", "how", "`/credentials`", "`detail`"]
    return _table(head, [[*_what(fault), str(fault.job), _detail(fault)] for fault in faults])


def _lasting_table(faults: Iterable[Fault]) -> str:
    head = ["name", "what fails", "`/credentials`", "protected route", "logged", "until"]
    return _table(
        head,
        [
            [f"`{fault.name}`", fault.what, str(fault.job), str(fault.route), fault.logged, fault.lasts]
            for fault in faults
        ],
    )


def _what(fault: Fault) -> list[str]:
    return [f"`{fault.name}`", fault.what, ", ".join(fault.variants)]


def _detail(fault: Fault) -> str:
    return fault.logged.replace(INTERNAL, "...").format("...")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    FILE.write_text(render())
