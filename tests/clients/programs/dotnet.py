"""The requests of the AWS SDK for .NET, and how it reads the answers: replayed from its source.

aws/aws-sdk-net: GenericContainerCredentials (five attempts at whatever error, the innermost one is shown, file before
variable), URIBasedRefreshingCredentialHelper (`Code` has to be `Success`), AWSSDKUtils.ExecuteHttpRequest (HttpClient
with its own time-out, `EnsureSuccessStatusCode`).
"""

import http.client
import json
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.clients.programs.replay import SdkError, trust, use

ATTEMPTS = 5
PAUSE_SECONDS = 0.2
HTTP_CLIENT_SECONDS = 100


def fetch() -> dict[str, str]:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _get()
        except SdkError as error:
            if attempt == ATTEMPTS:
                raise SdkError(f'AmazonServiceException: Unable to retrieve credentials. Message = "{error}"') from None
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("the last attempt returns or raises")


def _get() -> dict[str, str]:
    url = urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    file = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    token = Path(file).read_text() if file else os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    connection = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=HTTP_CLIENT_SECONDS, context=trust())
    try:
        connection.putrequest("GET", f"{url.path}?{url.query}", skip_accept_encoding=True)
        connection.putheader("Authorization", token)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status >= 300:
        raise SdkError(f"Response status code does not indicate success: {answer.status} ({answer.reason}).")
    session = json.loads(body)
    if session["Code"].lower() != "success":
        raise SdkError(f'Unable to retrieve credentials. Code = "{session["Code"]}".')
    return session


if __name__ == "__main__":
    use(fetch)
