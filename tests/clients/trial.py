"""What is tried with every client, in the order of the table."""

from dataclasses import dataclass
from enum import Enum

from tests.clients.door import Fault

UNAVAILABLE = Fault(503, "sts_unavailable", "STS does not answer: try again", retry_after=1)
THROTTLED = Fault(429, "throttled", "STS is asked too much: try again", retry_after=1)
FOR_GOOD = 50
TOKEN = "{token}"


class Session(Enum):
    """How long a session is said to last: how much that is depends on when a client takes one for over."""

    LASTING = "lasting"
    ENDING = "ending"


@dataclass(frozen=True)
class Trial:
    """One row. How the job is set up; what comes of it is for a client's own test to say."""

    tried: str
    # What the token variable and the token file hold, with the token at `{token}`.
    variable: str | None = TOKEN
    file: str | None = None
    ref: str = "main"
    further: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    answers_after_seconds: float = 0
    uses: int = 1
    session: Session | None = None
    # Through `credential_process` of a profile, and not through the variables.
    as_process: bool = False
    # What stands in the table where what is seen is not the client's own.
    sees: str | None = None


FIRST_USE = Trial("the token in the variable")
BEARER = Trial("`Bearer ` and the token in the variable", variable="Bearer {token}")
FILE = Trial("the token in a file", variable=None, file=TOKEN)
FILE_WITH_NEWLINE = Trial("the token in a file that ends in a newline", variable=None, file="{token}\n")
FILE_AND_VARIABLE = Trial("the token in a file, and another in the variable", variable="another", file=TOKEN)
RELATIVE_URI = Trial(
    "on an ECS runner: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` is set as well",
    further=(("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/of-the-runner"),),
    # There is no such address but on such a runner, and what a machine says of one that is not there differs.
    sees="the runner's credentials, or an error about their address: Brevet is not asked",
)
REFUSED = Trial("a ref that the mapping does not allow (403)", ref="feature/x")
UNAVAILABLE_ONCE = Trial("503 once", faults=(UNAVAILABLE,))
THROTTLED_ONCE = Trial("429 with `Retry-After: 1` once", faults=(THROTTLED,))
UNAVAILABLE_FOR_GOOD = Trial("503 every time", faults=(UNAVAILABLE,) * FOR_GOOD)
A_LITTLE_SLOW = Trial("every answer takes 1.5 s", answers_after_seconds=1.5)
SLOW = Trial("every answer takes 3 s", answers_after_seconds=3)
LASTING = Trial("three uses of a session that lasts", uses=3, session=Session.LASTING)
ENDING = Trial("three uses of a session that is about to end", uses=3, session=Session.ENDING)
PROCESS = Trial("`brevet credentials --format process` as `credential_process`", as_process=True)
PROCESS_REFUSED = Trial("the same, refused (403)", as_process=True, ref="feature/x")

TRIALS = (
    FIRST_USE,
    BEARER,
    FILE,
    FILE_WITH_NEWLINE,
    FILE_AND_VARIABLE,
    RELATIVE_URI,
    REFUSED,
    UNAVAILABLE_ONCE,
    UNAVAILABLE_FOR_GOOD,
    THROTTLED_ONCE,
    A_LITTLE_SLOW,
    SLOW,
    LASTING,
    ENDING,
    PROCESS,
    PROCESS_REFUSED,
)
