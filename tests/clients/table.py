"""docs/clients.md: every row that was run, and a page of them at a glance."""

from datetime import timedelta

from local.site import ROOT
from tests.clients.boto import AWS_CLI, BOTO3
from tests.clients.cdk import CDK
from tests.clients.client import Client
from tests.clients.go import GO
from tests.clients.javascript import JAVASCRIPT
from tests.clients.observations import Observations
from tests.clients.outcome import Outcome
from tests.clients.replayed import DOTNET, JAVA
from tests.clients.rust import RUST
from tests.clients.trial import (
    A_LITTLE_SLOW,
    ENDING,
    FILE_AND_VARIABLE,
    FILE_WITH_NEWLINE,
    LASTING,
    REFUSED,
    SLOW,
    THROTTLED_ONCE,
    UNAVAILABLE_FOR_GOOD,
    UNAVAILABLE_ONCE,
    Trial,
)

FILE = ROOT / "docs" / "clients.md"
CLIENTS = (AWS_CLI, BOTO3, JAVASCRIPT, CDK, GO, RUST, JAVA, DOTNET)
_PREFACE = (ROOT / "tests" / "clients" / "preface.md").read_text()
_REASON = "this job presented"


def render(observations: Observations) -> str:
    parts = [_PREFACE, "## At a glance\n", _at_a_glance(observations)]
    for client in CLIENTS:
        parts += [f"## {client.name}\n", f"{_version(client)}.\n", _all_rows(observations, client)]
    return "\n".join(parts)


def _at_a_glance(observations: Observations) -> str:
    head = [
        "client",
        "takes its token from",
        "newline at the end of a token file",
        "asks when refused",
        "says why it was refused",
        "answered 503 once (attempts in all)",
        "answered 429 once",
        "answered after 1.5 s, after 3 s",
        "replaces a session",
    ]
    return _table(head, [_glance(observations, client) for client in CLIENTS])


def _glance(observations: Observations, client: Client) -> list[str]:
    def outcome(trial: Trial) -> Outcome | None:
        return observations.of(client, trial) if trial in client.trials else None

    def role(trial: Trial) -> str:
        came = outcome(trial)
        return "not tried" if came is None else "works" if came.has_the_role else "fails"

    refused = observations.of(client, REFUSED)
    both = observations.of(client, FILE_AND_VARIABLE)
    return [
        client.name,
        "the file" if both.has_the_role else "the variable",
        role(FILE_WITH_NEWLINE),
        _times(refused.requests),
        "yes" if _REASON in refused.sees.partition("(debug log")[0] else "no",
        f"{role(UNAVAILABLE_ONCE)} ({observations.of(client, UNAVAILABLE_FOR_GOOD).requests})",
        role(THROTTLED_ONCE),
        f"{role(A_LITTLE_SLOW)}, {role(SLOW)}",
        _renewal(client, outcome(LASTING), outcome(ENDING)),
    ]


def _renewal(client: Client, lasting: Outcome | None, ending: Outcome | None) -> str:
    if lasting is None or ending is None or client.lasting is None or client.ending is None:
        return "not tried"
    if lasting.requests == LASTING.uses:
        return "with each command"
    assert (lasting.requests, ending.requests > 1) == (1, True)
    return f"not with {_span(client.lasting)} left, but with {_span(client.ending)}"


def _all_rows(observations: Observations, client: Client) -> str:
    rows = []
    for trial in client.trials:
        outcome = observations.of(client, trial)
        result = "has the role" if outcome.has_the_role else "has no role"
        requests = f"{outcome.requests} or more" if outcome.or_more else str(outcome.requests)
        rows.append([trial.tried, requests, result, _seen(trial, outcome)])
    return _table(["what was tried", "requests", "the job", "and sees"], rows)


def _seen(trial: Trial, outcome: Outcome) -> str:
    return outcome.sees if trial.sees or not outcome.sees else f"`` {outcome.sees} ``"


def _version(client: Client) -> str:
    return ("Replayed: " if client.replayed else "Version ") + client.version


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _span(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes} min" if minutes else f"{seconds} s"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
