"""The AWS SDKs for Java and .NET: their packages are on registries of their own, so their requests are replayed."""

from local.site import ROOT
from tests.clients.client import Client, session_arn, whole
from tests.clients.trial import ENDING, FILE_WITH_NEWLINE, LASTING, PROCESS, PROCESS_REFUSED, RELATIVE_URI

# What happens inside the client only, before it asks or after it was answered: replaying that would prove nothing.
_NOT_ON_THE_WIRE = frozenset({RELATIVE_URI, LASTING, ENDING, PROCESS, PROCESS_REFUSED})


def _replay(program: str) -> list[str]:
    return ["python", "-m", f"tests.clients.programs.{program}"]


JAVA = Client(
    name="AWS SDK for Java v2",
    version="source at 416628c",
    command=lambda uses: _replay("java"),
    proof=session_arn,
    sees=whole,
    further={"PYTHONPATH": str(ROOT)},
    replayed=True,
    left_out=_NOT_ON_THE_WIRE,
)

DOTNET = Client(
    name="AWS SDK for .NET",
    version="source at 1bc5d0d",
    command=lambda uses: _replay("dotnet"),
    proof=session_arn,
    sees=whole,
    further={"PYTHONPATH": str(ROOT)},
    replayed=True,
    # What .NET's own HttpClient does with a newline in a header was not seen.
    left_out=_NOT_ON_THE_WIRE | {FILE_WITH_NEWLINE},
)
