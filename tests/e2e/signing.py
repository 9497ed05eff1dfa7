"""Signing requests (SigV4) with a vended session: as botocore signs, and with `curl` as the documentation says."""

import os
import subprocess
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from conftest import Brevet
from local.asking import Answer, ask
from local.aws import Credentials
from local.gitlab import JobToken
from local.site import REGION

# The keys come from the environment by way of standard input: arguments are for every process of the machine to read.
CURL = """
printf 'user = "%s:%s"\\nheader = "x-amz-security-token: %s"\\n' \\
  "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" |
curl --silent --show-error --config - --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --write-out '\\n%{http_code}' "$@"
"""


def session_of(brevet: Brevet, role: str, token: JobToken | None = None, **narrowing: Any) -> Credentials:
    """A session of a role, narrowed if wanted, as it is vended."""
    answer = brevet.ask("/credentials", token or brevet.token(), method="POST", body={"role": role, **narrowing})
    assert answer.status == 200, answer.text
    return Credentials(answer.json["AccessKeyId"], answer.json["SecretAccessKey"], answer.json["SessionToken"])


def signature(session: Credentials, method: str, url: str, body: str | None = None) -> dict[str, str]:
    """The headers that sign a request."""
    request = AWSRequest(method, url, data=body)
    credentials = BotocoreCredentials(session.access_key_id, session.secret_access_key, session.session_token)
    SigV4Auth(credentials, "execute-api", REGION).add_auth(request)
    return dict(request.headers.items())


def signed(brevet: Brevet, session: Credentials, method: str, url: str, body: str | None = None) -> Answer:
    """The answer to a signed request."""
    return ask(brevet.site, url, method=method, body=body, headers=signature(session, method, url, body))


def curl(brevet: Brevet, session: Credentials, *arguments: str) -> int:
    """The status that the documented command gets."""
    variables = {
        "PATH": os.environ["PATH"],
        "CURL_CA_BUNDLE": str(brevet.site.ca_bundle),
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token or "",
    }
    command = ["sh", "-euc", CURL, "sh", *arguments]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    return int(done.stdout.rsplit("\n", 1)[-1])
