"""DynamoDB and STS with faults: the emulator's own answers, or errors in the shape that each service has."""

import http.client
import json
from collections.abc import Callable
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from local.aws import tls_context
from local.site import Site
from tests.faults.behaviours import answers
from tests.faults.server import Behaviour, FaultServer, Reply, Request

# Stands for all that a service may say in an error and no caller may hear.
INTERNAL = "arn:aws:sts::111122223333:assumed-role/not-for-callers"


def aws_with_faults(site: Site) -> FaultServer:
    """Requests are named by their operation: `BatchGetItem`, `AssumeRole`, ..."""
    return FaultServer(_emulator(site), _operation)


def dynamodb_error(code: str, status: int = 400) -> Behaviour:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": f"{code}: {INTERNAL}"}
    return answers(status, json.dumps(body).encode(), "application/x-amz-json-1.0")


def sts_error(code: str, message: str = INTERNAL, status: int = 400) -> Behaviour:
    body = (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
        f"<Code>{code}</Code><Message>{escape(message)}</Message></Error><RequestId>fault</RequestId></ErrorResponse>"
    )
    return answers(status, body.encode(), "text/xml")


def _emulator(site: Site) -> Callable[[Request], Reply]:
    trust = tls_context(site)

    def pass_on(request: Request) -> Reply:
        """The request as it is, `Host` included, which is signed with the rest."""
        connection = http.client.HTTPSConnection("localhost", site.aws_port, context=trust, timeout=30)
        try:
            connection.request(request.method, request.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(), answer.headers.get("Content-Type", "text/plain"))
        finally:
            connection.close()

    return pass_on


def _operation(request: Request) -> str:
    headers = {name.lower(): value for name, value in request.headers.items()}
    target = headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    return parse_qs(request.body.decode(errors="replace")).get("Action", ["none"])[0]
