"""`brevet doctor`: the first broken layer by its name, with a remedy, and the layers behind it unreached."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import Brevet
from local.gitlab import JobToken, altered
from local.job import run_brevet
from scripted_brevet import Scripted, refusal, scripted_brevet

LAYERS = [
    *("environment", "token", "claims", "endpoint", "name", "connection"),
    *("tls", "clock", "identity", "mapping", "role"),
]
# An authority that signs its own certificate for a time that is over.
EXPIRED = """
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def doctor(brevet: Brevet, *arguments: str, token: JobToken | None = None, **variables: str) -> tuple[int, Any]:
    token = token or brevet.token()
    done = run_brevet(brevet.site, token, "--json", "doctor", *arguments, **variables)
    for part in token.text.split("."):
        assert part not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def assert_broken(outcome: tuple[int, Any], layer: str, code: str, exit_code: int) -> dict[str, Any]:
    """Everything before is well, everything behind is not reached, and there is a remedy or a place to read on."""
    returned, report = outcome
    at = LAYERS.index(layer)
    states = [entry["state"] for entry in report["layers"]]
    found = report["layers"][at]
    assert states == ["ok"] * at + ["broken"] + ["not_reached"] * (len(LAYERS) - at - 1), report
    assert (found["error"]["code"], returned, report["exit_code"]) == (code, exit_code, exit_code), found
    assert found["error"]["help"].strip()
    return found


@contextmanager
def tls_server(certificate: Path) -> Iterator[int]:
    """Somebody who shakes hands with this certificate and then hangs up."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)

        def shake_hands() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    connection.close()

        threading.Thread(target=shake_hands, daemon=True).start()
        yield listener.getsockname()[1]


def certificate(folder: Path, name: str, authority: bool = False) -> Path:
    """A self-signed one; the file has the key, too."""
    _request(folder, name, authority, "-x509", "-days", "2", "-out", "certificate.pem")
    return _with_key(folder)


def expired_certificate(folder: Path) -> Path:
    (folder / "ca.conf").write_text(EXPIRED)
    (folder / "index.txt").touch()
    _request(folder, "localhost", False, "-out", "request.pem")
    times = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]
    files = ["-in", "request.pem", "-keyfile", "key.pem", "-out", "certificate.pem", "-notext"]
    _openssl(folder, "ca", "-batch", "-selfsign", "-config", "ca.conf", *times, *files)
    return _with_key(folder)


def _request(folder: Path, name: str, authority: bool, *arguments: str) -> None:
    extensions = [f"subjectAltName=DNS:{name}", f"basicConstraints=critical,CA:{str(authority).upper()}"]
    subject = ["-subj", "/CN=an authority of a test", *(part for one in extensions for part in ("-addext", one))]
    _openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", *subject, *arguments)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True)


def _with_key(folder: Path) -> Path:
    file = folder / "certificate.pem"
    file.write_text(file.read_text() + (folder / "key.pem").read_text())
    return file


# One test a layer, from the outermost in.


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAOTHER"}, "AWS_ACCESS_KEY_ID"),
        ({"AWS_PROFILE": "private-name"}, "AWS_PROFILE"),
        ({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/other"}, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        ({"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/eks"}, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_environment_names_what_competes_with_the_six_lines_and_shows_no_value(
    brevet: Brevet, variables: dict[str, str], named: str
) -> None:
    uri = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{brevet.site.front_url}/credentials?role=deploy"}
    outcome = doctor(brevet, **uri, **variables)
    found = assert_broken(outcome, "environment", "competing_credentials", 78)
    assert found["details"] == [named]
    assert next(iter(variables.values())) not in str(outcome)
    # `brevet exec` keeps them from its command, so for it they are worth a word and no more.
    assert doctor(brevet, **variables)[0] == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "token_missing"),
        ("  ", "token_malformed"),
        ("$BREVET_ID_TOKEN", "token_malformed"),
        ("glcbt-64_abc.def.ghi", "token_malformed"),
        ("eyJhbGci\nOi.e30.c2ln", "token_malformed"),
        ("brevet-exec-abc", "token_malformed"),
    ],
)
def test_token_is_missing_or_of_another_kind(brevet: Brevet, text: str, code: str) -> None:
    assert_broken(doctor(brevet, BREVET_ID_TOKEN=text), "token", code, 78)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC"}, "not_a_job_token"),
        ({"job_id": None}, "not_a_job_token"),
        ({"aud": ["https://brevet.local", "https://vault.example.com"]}, "audience_not_accepted"),
    ],
    ids=["eks", "no job", "two audiences"],
)
def test_claims_are_not_those_of_a_job(brevet: Brevet, claims: dict[str, Any], code: str) -> None:
    forged = altered(brevet.token().text, **claims)
    assert_broken(doctor(brevet, BREVET_ID_TOKEN=forged), "claims", code, 78)


def test_endpoint_is_missing_or_not_safe(brevet: Brevet) -> None:
    assert_broken(doctor(brevet, BREVET_URL=""), "endpoint", "endpoint_missing", 78)
    assert_broken(doctor(brevet, BREVET_URL="http://credentials.example.com"), "endpoint", "endpoint_invalid", 78)


def test_name_has_no_address(brevet: Brevet) -> None:
    outcome = doctor(brevet, BREVET_URL="https://no-such-host.invalid")
    assert_broken(outcome, "name", "name_unknown", 78)


def test_connection_is_taken_by_nobody(brevet: Brevet) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        outcome = doctor(brevet, BREVET_URL=f"https://localhost:{closed.getsockname()[1]}")
    assert_broken(outcome, "connection", "unreachable", 75)


def test_tls_shows_an_authority_that_is_not_trusted(brevet: Brevet, tmp_path: Path) -> None:
    with tls_server(certificate(tmp_path, "localhost")) as port:
        outcome = doctor(brevet, BREVET_URL=f"https://localhost:{port}")
    assert_broken(outcome, "tls", "tls_unknown_authority", 78)


def test_tls_shows_an_authority_in_place_of_a_server(brevet: Brevet, tmp_path: Path) -> None:
    """What `openssl req -x509` makes if nobody tells it otherwise."""
    file = certificate(tmp_path, "localhost", authority=True)
    with tls_server(file) as port:
        outcome = doctor(brevet, BREVET_URL=f"https://localhost:{port}", AWS_CA_BUNDLE=str(file))
    assert_broken(outcome, "tls", "tls_authority_as_server", 78)


def test_tls_shows_a_certificate_for_another_name(brevet: Brevet, tmp_path: Path) -> None:
    file = certificate(tmp_path, "elsewhere.example.com")
    with tls_server(file) as port:
        outcome = doctor(brevet, BREVET_URL=f"https://localhost:{port}", AWS_CA_BUNDLE=str(file))
    assert_broken(outcome, "tls", "tls_another_name", 78)


def test_tls_shows_a_certificate_that_has_expired(brevet: Brevet, tmp_path: Path) -> None:
    file = expired_certificate(tmp_path)
    with tls_server(file) as port:
        outcome = doctor(brevet, BREVET_URL=f"https://localhost:{port}", AWS_CA_BUNDLE=str(file))
    assert_broken(outcome, "tls", "tls_certificate_expired", 78)


def test_tls_is_not_spoken_there(brevet: Brevet) -> None:
    outcome = doctor(brevet, BREVET_URL=brevet.site.front_url.replace("http://127.0.0.1", "https://localhost"))
    assert_broken(outcome, "tls", "tls_not_spoken", 78)


def test_clock_is_an_hour_off(brevet: Brevet) -> None:
    late = {"Date": "Sun, 01 Nov 2020 00:00:00 GMT"}
    with scripted_brevet(refusal(400, "bad_request", **late)) as scripted:
        outcome = doctor(brevet, BREVET_URL=scripted.url)
    assert_broken(outcome, "clock", "clock_wrong", 78)


@pytest.mark.parametrize(
    ("job", "code", "remedy"),
    [
        ({"audience": ["https://vault.example.com"]}, "audience_not_accepted", "set `aud:`"),
        ({"claims": {"iss": "https://gitlab.example.com"}}, "token_invalid", "`https://gitlab.example.com`"),
        ({"age": 7200}, "token_expired", "docs/pipelines.md#token_expired"),
    ],
    ids=["audience", "issuer", "expired"],
)
def test_identity_is_not_accepted(brevet: Brevet, job: dict[str, Any], code: str, remedy: str) -> None:
    found = assert_broken(doctor(brevet, "deploy", token=brevet.token(**job)), "identity", code, 77)
    assert remedy in found["error"]["help"]


def test_identity_cannot_be_told_now(brevet: Brevet) -> None:
    with scripted_brevet(refusal(503, "keys_unavailable")) as scripted:
        assert_broken(doctor(brevet, BREVET_URL=scripted.url), "identity", "keys_unavailable", 75)


@pytest.mark.parametrize("answer", [Scripted(200, b"{}"), Scripted(404), Scripted(302)], ids=["yes", "404", "302"])
def test_identity_is_asked_of_somebody_else(brevet: Brevet, answer: Scripted) -> None:
    with scripted_brevet(answer) as scripted:
        assert_broken(doctor(brevet, BREVET_URL=scripted.url), "identity", "not_brevet", 78)


def test_mapping_shows_the_first_failing_condition_of_each_row(brevet: Brevet) -> None:
    found = assert_broken(
        doctor(brevet, "deploy", token=brevet.token(ref="feature/x")), "mapping", "conditions_not_met", 77
    )
    assert found["details"] == [
        f"{brevet.site.issuer_host}/project/4711 deploy: condition not met, `ref` is `feature/x`"
    ]


def test_mapping_is_not_there(brevet: Brevet) -> None:
    assert_broken(doctor(brevet, "nobody-knows"), "mapping", "no_mapping", 77)
    assert_broken(doctor(brevet, token=brevet.token(ref="feature/x")), "mapping", "no_mapping", 77)


def test_role_does_not_trust_brevet_for_this_job(brevet: Brevet) -> None:
    found = assert_broken(doctor(brevet, "deploy-web"), "role", "target_role_refused", 77)
    assert "sts:TagSession" in found["error"]["help"]


# Well.


def test_everything_is_well_and_the_session_is_thrown_away(brevet: Brevet) -> None:
    token = brevet.token()
    exit_code, report = doctor(brevet, "deploy", token=token)
    assert (exit_code, report["healthy"], [entry["state"] for entry in report["layers"]]) == (0, True, ["ok"] * 11)
    assert f"role/brevet/demo-deployer as {token.session_name}" in report["layers"][-1]["message"]
    assert "ASIA" not in str(report)


def test_tls_and_private_authority_are_well(brevet: Brevet) -> None:
    """Past the front door, at the emulator's own HTTPS address, whose authority is private."""
    assert doctor(brevet, "deploy", BREVET_URL=brevet.deployment.api_url)[0] == 0


def test_is_readable_for_people_and_asks_for_no_role_unless_told(brevet: Brevet) -> None:
    done = run_brevet(brevet.site, brevet.token(), "doctor")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok      environment  ")
    assert lines[-1] == "-       role         not asked for: `brevet doctor ROLE` does"
    assert any(line.startswith("ok      mapping      this job may use `") for line in lines)
