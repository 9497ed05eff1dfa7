"""The command line against a Brevet that is down, slow, broken or somebody else."""

import json
import os
import socket
import subprocess
import time

import pytest

from local.job import PROGRAM
from scripted_brevet import TOKEN, Scripted, ScriptedBrevet, refusal, scripted_brevet, session

# Asks the endpoint of `brevet exec` again and again, as SDKs do, and prints what it hears.
ASK = """
import json, os, sys, time, urllib.error, urllib.request
from concurrent.futures import ThreadPoolExecutor
def ask(_):
    request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    request.add_header("Authorization", os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"])
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return [answer.status, json.load(answer)["AccessKeyId"], None]
    except urllib.error.HTTPError as refusal:
        return [refusal.code, json.load(refusal)["code"], refusal.headers.get("Retry-After")]
times, together = int(sys.argv[1]), len(sys.argv) > 2
print(json.dumps(list((ThreadPoolExecutor(times).map if together else map)(ask, range(times)))))
"""


def run(url: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "BREVET_URL": url, "BREVET_ID_TOKEN": TOKEN, **variables}
    done = subprocess.run(
        [str(PROGRAM), *arguments], env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    for part in [*TOKEN.split("."), "scripted-secret", "scripted-token"]:
        assert part not in done.stderr
    return done


def ask_within_exec(brevet: ScriptedBrevet, *arguments: str) -> tuple[list[list], str]:
    done = run(brevet.url, "exec", "deploy", "--", "python3", "-c", ASK, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


# Answers that Brevet never gives: nothing is started, and the job is told what to check.


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(200, b"<html>please sign in</html>"),
        Scripted(200, b"{}"),
        Scripted(200, b"\xff\xfe"),
        Scripted(200, b"x" * 5_000_000),
        Scripted(200, b""),
        Scripted(302, b"", {"Location": "https://elsewhere.example.com/"}),
        Scripted(307, b"", {"Location": "https://elsewhere.example.com/"}),
        Scripted(404, b"not found"),
        Scripted(403, b"forbidden by a proxy"),
        Scripted(204, b""),
    ],
    ids=["page", "empty object", "no text", "5 MB", "nothing", "302", "307", "404", "403 page", "204"],
)
def test_knows_that_somebody_else_answers(answer: Scripted) -> None:
    with scripted_brevet(answer) as brevet:
        done = run(brevet.url, "exec", "deploy", "--", "echo", "started")
    assert (done.returncode, done.stdout, len(brevet.asked)) == (78, "", 1), done.stderr
    assert done.stderr.startswith("brevet: not_brevet: ")
    assert "help: check" in done.stderr


def test_sends_the_token_nowhere_else() -> None:
    with scripted_brevet(session()) as elsewhere:
        with scripted_brevet(Scripted(307, b"", {"Location": f"{elsewhere.url}/credentials"})) as brevet:
            run(brevet.url, "exec", "deploy", "--", "true")
        assert elsewhere.asked == []
    assert brevet.asked[0][2] == TOKEN


# No: said once, with Brevet's own words.


@pytest.mark.parametrize(("status", "code"), [(400, "role_required"), (401, "token_invalid"), (403, "no_mapping")])
def test_does_not_repeat_a_question_that_was_refused(status: int, code: str) -> None:
    with scripted_brevet(refusal(status, code)) as brevet:
        done = run(brevet.url, "exec", "deploy", "--", "true")
    assert (done.returncode, len(brevet.asked)) == (77, 1)
    assert done.stderr == f"brevet: {code}: a sentence about {code}\n  help: docs/pipelines.md#{code}\n"


def test_calls_a_misconfigured_brevet_what_it_is() -> None:
    with scripted_brevet(refusal(500, "misconfigured")) as brevet:
        assert run(brevet.url, "exec", "deploy", "--", "true").returncode == 78


# Cannot tell: asked again, within bounds.


def test_asks_again_until_brevet_is_back_and_says_that_it_waits() -> None:
    unavailable = refusal(503, "sts_unavailable", **{"Retry-After": "1"})
    with scripted_brevet(unavailable, refusal(429, "throttled"), session()) as brevet:
        done = run(brevet.url, "exec", "deploy", "--", "echo", "started")
    assert (done.returncode, done.stdout, len(brevet.asked)) == (0, "started\n", 3), done.stderr
    lines = done.stderr.splitlines()
    assert lines[0] == "brevet: sts_unavailable: a sentence about sts_unavailable; asking again in 1 s"
    assert lines[1] == "brevet: throttled: a sentence about throttled; asking again in 2 s"


def test_does_not_wait_for_a_quota_of_tomorrow() -> None:
    with scripted_brevet(refusal(429, "throttled", **{"Retry-After": "3600"})) as brevet:
        began = time.monotonic()
        done = run(brevet.url, "exec", "deploy", "--", "true")
    assert (done.returncode, time.monotonic() - began < 5) == (75, True)


def test_gives_up_on_an_address_where_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run(f"http://127.0.0.1:{closed.getsockname()[1]}", "whoami")
    assert done.returncode == 75
    assert "unreachable" in done.stderr
    assert "refused" in done.stderr


@pytest.mark.parametrize(
    ("answer", "sign"),
    [
        (Scripted(200, b"{", {"Content-Length": "1000"}), "breaks off"),
        (Scripted(200, b"{}", seconds=12), "does not answer in time"),
    ],
    ids=["breaks off", "slow"],
)
def test_gives_up_on_an_answer_that_does_not_end(answer: Scripted, sign: str) -> None:
    with scripted_brevet(answer) as brevet:
        began = time.monotonic()
        done = run(brevet.url, "whoami")
    assert (done.returncode, sign in done.stderr, time.monotonic() - began < 15) == (75, True, True), done.stderr


def test_a_broken_pipe_is_no_error() -> None:
    with scripted_brevet(Scripted(200, json.dumps({str(n): "x" * 100 for n in range(5000)}).encode())) as brevet:
        command = f"{PROGRAM} whoami | head -1; exit ${{PIPESTATUS[0]}}"
        variables = {"PATH": os.environ["PATH"], "BREVET_URL": brevet.url, "BREVET_ID_TOKEN": TOKEN}
        done = subprocess.run(["bash", "-c", command], env=variables, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# The session within `brevet exec`.


@pytest.mark.parametrize("seconds", [3600, 900])
def test_serves_a_fresh_session_without_asking_brevet_again(seconds: int) -> None:
    """Fifteen minutes are so few for botocore that it fetches at every use."""
    with scripted_brevet(session(seconds), session(seconds, "ASIANEXT")) as brevet:
        heard, _ = ask_within_exec(brevet, "5")
    assert (heard, len(brevet.asked)) == ([[200, "ASIATEST", None]] * 5, 1)


def test_fetches_the_next_session_when_this_one_ends() -> None:
    with scripted_brevet(session(50), session(3600, "ASIANEXT")) as brevet:
        heard, _ = ask_within_exec(brevet, "3")
    assert (heard, len(brevet.asked)) == ([[200, "ASIANEXT", None]] * 3, 2)


def test_fetches_once_for_all_who_ask_at_the_same_time() -> None:
    slow = Scripted(200, session(3600, "ASIANEXT").body, seconds=0.7)
    with scripted_brevet(session(50), slow) as brevet:
        heard, _ = ask_within_exec(brevet, "16", "together")
    assert (heard, len(brevet.asked)) == ([[200, "ASIANEXT", None]] * 16, 2)


def test_shares_one_failure_among_all_who_asked_at_the_same_time() -> None:
    slow = Scripted(503, refusal(503, "sts_unavailable").body, seconds=0.7)
    with scripted_brevet(session(50), slow) as brevet:
        heard, _ = ask_within_exec(brevet, "16", "together")
    assert {tuple(answer) for answer in heard} == {(503, "sts_unavailable", "1")}
    assert len(brevet.asked) <= 3


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (refusal(403, "conditions_not_met"), [403, "conditions_not_met", None]),
        (refusal(401, "token_expired"), [401, "token_expired", None]),
        (refusal(429, "throttled", **{"Retry-After": "7"}), [429, "throttled", "7"]),
        (refusal(503, "sts_unavailable"), [503, "sts_unavailable", "1"]),
        (refusal(500, "misconfigured"), [500, "misconfigured", None]),
        (Scripted(200, b"<html>"), [500, "not_brevet", None]),
    ],
    ids=lambda value: str(value[1]) if isinstance(value, list) else "",
)
def test_passes_on_to_the_sdk_what_brevet_says(answer: Scripted, heard: list) -> None:
    """The job's log has it as well, once: some SDKs show their user another error."""
    with scripted_brevet(session(50), answer) as brevet:
        said, errors = ask_within_exec(brevet, "3")
    assert said == [heard] * 3
    assert errors.count(f"brevet: {heard[1]}: ") == 1


def test_reads_the_token_anew_for_each_session(tmp_path) -> None:
    first, second = TOKEN, TOKEN.replace("eyJz", "eyJy")
    file = tmp_path / "token"
    file.write_text(first)
    renew = f"printf '%s\\n' {second} > {file}; python3 -c '{ASK}' 1"
    with scripted_brevet(session(50), session()) as brevet:
        done = run(brevet.url, "exec", "deploy", "--token-file", str(file), "--", "sh", "-c", renew, BREVET_ID_TOKEN="")
    assert done.returncode == 0, done.stderr
    assert [question[2] for question in brevet.asked] == [first, second]


# What is asked.


def test_asks_for_what_was_asked_for(tmp_path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text('{"Version": "2012-10-17", "Statement": []}')
    with scripted_brevet(session()) as brevet:
        narrowed = ["--duration", "900", "--session-policy", str(policy)]
        run(brevet.url + "/v1/credentials?role=other", "exec", "deploy", *narrowed, "--", "true")
    method, path, token, body = brevet.asked[0]
    assert (method, path, token) == ("POST", "/v1/credentials", TOKEN)
    assert json.loads(body) == {
        "role": "deploy",
        "duration_seconds": 900,
        "session_policy": {"Version": "2012-10-17", "Statement": []},
    }
