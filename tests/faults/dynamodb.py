"""DynamoDB's faults: of the table of role mappings, which both functions read, and of the use ledger."""

import json
from collections.abc import Callable
from typing import Any

from tests.faults.aws import dynamodb_error
from tests.faults.behaviours import BREAKS, SLOW, answers, changed, garbage, hangs, hangs_up, once, resets, truncated
from tests.faults.fault import CANNOT_TELL, GRANTED, NO_ROUTE, Fault, Said
from tests.faults.server import Behaviour, Exchange, Reply

UNAVAILABLE = Said(503, "mappings_unavailable")
MISCONFIGURED = Said(500, "misconfigured")
_JSON = "application/x-amz-json-1.0"

THROTTLED = {
    code: dynamodb_error(code)
    for code in (
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "Throttling",
    )
}
BROKEN = {**BREAKS, "stops in the middle": truncated}
DOWN = {
    "InternalServerError": dynamodb_error("InternalServerError", 500),
    "ServiceUnavailable": dynamodb_error("ServiceUnavailable", 503),
    "a load balancer's 502": garbage(502),
}
GARBAGE = {
    "a page": garbage(),
    "not JSON": answers(200, b'{"Responses": ', _JSON),
    "an array": answers(200, b"[]", _JSON),
    "numbers for rows": answers(200, b'{"Responses": {"t": [1]}}', _JSON),
    "an empty object": answers(200, b"{}", _JSON),
    "a redirect": answers(307, b"", _JSON),
}
DENIED = {
    code: dynamodb_error(code)
    for code in (
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
    )
}
MISSING = {"ResourceNotFoundException": dynamodb_error("ResourceNotFoundException")}


def unprocessed(exchange: Exchange) -> None:
    """Nothing is read, and DynamoDB says so."""
    asked = json.loads(exchange.request.body)["RequestItems"]
    exchange.send(Reply(200, json.dumps({"Responses": {}, "UnprocessedKeys": asked}).encode(), _JSON))


def half_unprocessed(exchange: Exchange) -> None:
    """The first key is left unread, as happens when an answer grows over 16 MB."""
    asked = json.loads(exchange.request.body)["RequestItems"]
    left = {table: {**keys, "Keys": keys["Keys"][:1]} for table, keys in asked.items()}
    reply = json.loads(exchange.genuine().body)
    first = [item for keys in left.values() for item in keys["Keys"]]
    found = {
        table: [item for item in items if not any(key.items() <= item.items() for key in first)]
        for table, items in reply["Responses"].items()
    }
    exchange.send(Reply(200, json.dumps({"Responses": found, "UnprocessedKeys": left}).encode(), _JSON))


def without(*attributes: str) -> Behaviour:
    """The rows come without these attributes."""

    def stripped(item: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in item.items() if name not in attributes}

    return changed(_each_item(stripped))


def _each_item(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[bytes], bytes]:
    def of_body(body: bytes) -> bytes:
        answer = json.loads(body)
        answer["Responses"] = {table: [change(item) for item in items] for table, items in answer["Responses"].items()}
        return json.dumps(answer).encode()

    return of_body


ROWS = (
    Fault(
        "table-hiccup",
        "one request to the table fails, and the next does not",
        {
            "ThrottlingException": once(THROTTLED["ThrottlingException"]),
            "InternalServerError": once(DOWN["InternalServerError"]),
            "resets": once(resets),
            "hangs up": once(hangs_up),
            "says nothing": once(hangs),
            "leaves all keys": once(unprocessed),
            "leaves half the keys": once(half_unprocessed),
        },
        GRANTED,
        GRANTED,
    ),
    Fault("table-throttled", "the table is throttled", THROTTLED, UNAVAILABLE, CANNOT_TELL, "the table is throttled"),
    Fault(
        "table-unprocessed",
        "a part of the batch is never read",
        {"leaves all keys": unprocessed, "leaves half the keys": half_unprocessed},
        UNAVAILABLE,
        CANNOT_TELL,
        "the table did not answer in time",
    ),
    Fault(
        "table-slow",
        "the table does not answer in time",
        SLOW,
        UNAVAILABLE,
        CANNOT_TELL,
        "the table did not answer in time",
    ),
    Fault("table-broken", "connections break", BROKEN, UNAVAILABLE, CANNOT_TELL, "the table could not be asked"),
    Fault("table-down", "DynamoDB is down", DOWN, UNAVAILABLE, CANNOT_TELL, "the table could not be asked"),
    Fault(
        "table-garbage",
        "the answer is not DynamoDB's",
        GARBAGE,
        UNAVAILABLE,
        CANNOT_TELL,
        "the table could not be asked",
    ),
    Fault(
        "table-denied",
        "the function may not read the table, or its own credentials are no good",
        DENIED,
        MISCONFIGURED,
        CANNOT_TELL,
        "access to the table was denied",
    ),
    Fault("table-missing", "there is no table", MISSING, MISCONFIGURED, CANNOT_TELL, "there is no such table"),
    Fault(
        "table-unfit",
        "the table has other keys",
        {"ValidationException": dynamodb_error("ValidationException")},
        MISCONFIGURED,
        CANNOT_TELL,
        "the table has other keys than expected",
    ),
    Fault(
        "table-half-an-item",
        "a row comes without some of its attributes",
        {
            "without conditions": without("conditions"),
            "without what it gives": without("role_arn", "routes"),
            "without its key": without("scope", "name"),
        },
        Said(403, "no_mapping"),
        NO_ROUTE,
    ),
)

# What a look-up by scope alone can meet too.
BY_SCOPE = (THROTTLED, SLOW, BROKEN, DOWN, GARBAGE, DENIED, MISSING)

# Rows with `max_uses_per_token` alone ask the ledger; an authorizer never does.
LEDGER = (
    Fault(
        "ledger-hiccup",
        "one request to the ledger fails, and the next does not",
        {
            "ThrottlingException": once(THROTTLED["ThrottlingException"]),
            "InternalServerError": once(DOWN["InternalServerError"]),
            "stops in the middle": once(truncated),
            "says nothing": once(hangs),
        },
        GRANTED,
    ),
    Fault("ledger-throttled", "the ledger is throttled", THROTTLED, UNAVAILABLE, None, "the table is throttled"),
    Fault(
        "ledger-slow",
        "the ledger does not answer in time",
        SLOW,
        UNAVAILABLE,
        None,
        "the table did not answer in time",
    ),
    Fault("ledger-broken", "connections break", BROKEN, UNAVAILABLE, None, "the table could not be asked"),
    Fault("ledger-down", "DynamoDB is down", DOWN, UNAVAILABLE, None, "the table could not be asked"),
    Fault(
        "ledger-denied",
        "the function may not write the ledger",
        DENIED,
        MISCONFIGURED,
        None,
        "access to the table was denied",
    ),
    Fault("ledger-missing", "there is no ledger", MISSING, MISCONFIGURED, None, "there is no such table"),
)
