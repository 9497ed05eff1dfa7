"""What the replays share: the use of a session that was read by the rules of another client."""

import os
import ssl
import sys
from collections.abc import Callable

import boto3


class SdkError(Exception):
    """What the client would show its user."""


def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])


def use(fetch: Callable[[], dict[str, str]]) -> None:
    """Asks STS who it is with the session that was fetched."""
    try:
        session = fetch()
    except SdkError as error:
        sys.exit(str(error))
    sts = boto3.client(
        "sts",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["Token"],
    )
    print(sts.get_caller_identity()["Arn"])
