"""Finding audit lines in the log of the credentials function, as an auditor does in CloudWatch Logs."""

import json
import time
from typing import Any

from local.aws import administrator, client
from local.deployment import Deployment

# Log lines arrive a moment after the answer.
PATIENCE_SECONDS = 10


def audit_lines(deployment: Deployment, term: str, at_least: int = 1) -> list[dict[str, Any]]:
    """The JSON lines with a term in them, a session name for instance; waits until there are as many as expected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = [line for line in log_lines(deployment, deployment.audit_log_group, term) if "decision" in line]
        if len(found) >= at_least or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def log_lines(deployment: Deployment, group: str, term: str) -> list[dict[str, Any]]:
    """The JSON lines of any log group with a term in them."""
    logs = client(deployment.site, "logs", administrator(deployment.site))
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern=f'"{term}"')
    messages = [event["message"] for page in pages for event in page["events"] if term in event["message"]]
    return [json.loads(message) for message in messages if message.lstrip().startswith("{")]
