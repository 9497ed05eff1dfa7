"""The requests of the AWS SDK for Java v2, and how it reads the answers: replayed from its source.

aws/aws-sdk-java-v2: ContainerCredentialsProvider (`headers`, `getTokenValue`), ConnectionUtils (one second to connect,
one to read), ContainerCredentialsRetryPolicy (five more on a 5xx or an I/O error), HttpResourcesUtils (`code` and
`message`), HttpCredentialsLoader, AwsCredentialsProviderChain (which error of a provider its user is shown).
The JDK's HttpURLConnection adds `Host`, `Accept` and `Connection`, and refuses a newline in a header.
"""

import http.client
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from tests.clients.programs.replay import SdkError, trust, use

MORE_ATTEMPTS = 5
SECONDS = 1
SHOWN = (
    "Unable to load credentials from any of the providers in the chain: "
    "ContainerCredentialsProvider(): Failed to load credentials from metadata service."
)


def fetch() -> dict[str, str]:
    for attempts in range(MORE_ATTEMPTS + 1):
        last = attempts == MORE_ATTEMPTS
        try:
            status, body = _get()
        except OSError as fault:
            if last:
                raise SdkError(
                    f"{SHOWN} (debug log: {'Read timed out' if isinstance(fault, TimeoutError) else fault})"
                ) from None
            continue
        if status == 200:
            session = json.loads(body)
            assert session["AccessKeyId"] and session["SecretAccessKey"]
            return session
        if status == 404:
            raise SdkError("The requested metadata is not found")
        if status < 500 or last:
            raise SdkError(f"{SHOWN} (debug log: {_message(body)})")
    raise AssertionError("the last attempt returns or raises")


def _get() -> tuple[int, bytes]:
    url = urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    # The variable comes first, and a file is read as it is.
    token = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if token is None:
        token = Path(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read_text()
    if "\n" in token:
        raise SdkError(f"{SHOWN} (debug log: Illegal character(s) in message header value: {token})")
    connection = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=SECONDS, context=trust())
    try:
        connection.putrequest("GET", f"{url.path}?{url.query}", skip_accept_encoding=True)
        connection.putheader("User-Agent", "aws-sdk-java/2.x md/io#sync md/http#UrlConnection ua/2.1")
        connection.putheader("Authorization", token)
        connection.putheader("Accept", "text/html, image/gif, image/jpeg, */*; q=0.2")
        connection.putheader("Connection", "keep-alive")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _message(body: bytes) -> str:
    error = json.loads(body)
    assert "code" in error, "without it the SDK takes the reason phrase of the status"
    return error["message"]


if __name__ == "__main__":
    use(fetch)
