"""What a client is to the trials: a program, how it proves that it has the role, and where it says why it has not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from local.gitlab import JobToken
from tests.clients.trial import TRIALS, Trial

# Between two uses. Long enough for a session of a second to be over.
PAUSE_SECONDS = 1


@dataclass(frozen=True)
class Client:
    name: str
    version: str
    # The command that uses a session so many times.
    command: Callable[[int], list[str]]
    # What the command prints for each use, when it has the role.
    proof: Callable[[JobToken], str]
    # The line a user reads, out of everything on stderr.
    sees: Callable[[str], str]
    # A session with so much left is used as it is, and one with so little left is not.
    lasting: timedelta | None = None
    ending: timedelta | None = None
    further: Mapping[str, str] = field(default_factory=dict)
    # False where a client can be told to trust no certificate of a test's own.
    over_https: bool = True
    # Its uses are not one after the other: how many of them share a new session is left to chance.
    uses_at_once: bool = False
    # Not the client itself but its requests, sent again as its source writes them.
    replayed: bool = False
    # What is not tried with it.
    left_out: frozenset[Trial] = frozenset()

    @property
    def trials(self) -> list[Trial]:
        return [trial for trial in TRIALS if trial not in self.left_out]


def session_arn(token: JobToken) -> str:
    return f":assumed-role/clients/{token.session_name}"


def whole(text: str) -> str:
    return text
