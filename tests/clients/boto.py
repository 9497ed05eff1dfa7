"""botocore, in a program that uses boto3, and in version 1 of the AWS CLI."""

import re
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from tests.clients.client import PAUSE_SECONDS, Client, session_arn, whole

_PROGRAM = Path(__file__).parent / "programs" / "boto.py"
# botocore replaces a session from a quarter of an hour before its end.
_LASTING, _ENDING = timedelta(minutes=20), timedelta(minutes=14)


def _after_the_traceback(text: str) -> str:
    """The error that was not caught, the last one of a chain, with all its lines."""
    return re.split(r"^(?=[\w.]+(?:Error|Exception): )", text, flags=re.MULTILINE)[-1]


BOTO3 = Client(
    name="boto3",
    version=f"{version('boto3')}, botocore {version('botocore')}",
    command=lambda uses: ["python", str(_PROGRAM), str(uses), str(PAUSE_SECONDS)],
    proof=session_arn,
    sees=_after_the_traceback,
    lasting=_LASTING,
    ending=_ENDING,
    over_https=False,
)

AWS_CLI = Client(
    name="AWS CLI v1",
    version=f"{version('awscli')}, botocore {version('botocore')}",
    command=lambda uses: ["sh", "-ec", f"for use in $(seq {uses}); do aws sts get-caller-identity; done"],
    proof=lambda token: f'{session_arn(token)}"',
    sees=whole,
    lasting=_LASTING,
    ending=_ENDING,
    over_https=False,
)
