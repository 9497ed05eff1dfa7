"""One line per decision, findable from the session name, and nothing in any log that would open a door."""

import json
import time

from conftest import Brevet
from local.audit import audit_lines
from local.aws import administrator, client


def test_the_audit_line_of_a_session_is_found_by_its_name(brevet: Brevet) -> None:
    token = brevet.token()
    answer = brevet.credentials("deploy", token)
    [line] = audit_lines(brevet.deployment, token.session_name)
    assert (line["decision"], line["code"]) == ("granted", "granted")
    assert line["session_name"] == token.session_name
    assert line["role_arn"] == brevet.deployer
    assert line["access_key_id"] == answer.json["AccessKeyId"]
    assert line["expiration"] == answer.json["Expiration"]
    assert line["request_id"] == answer.json["RequestId"]
    assert line["mapping"] == {"scope": f"{brevet.site.issuer_host}/project/4711", "name": "deploy", "version": "1"}
    for claim in ("project_id", "namespace_id", "pipeline_id", "job_id", "user_id", "ref", "jti"):
        assert line[claim] == token.claims[claim]


def test_a_refusal_leaves_a_line_with_its_trace(brevet: Brevet) -> None:
    token = brevet.token(ref="feature/x")
    answer = brevet.credentials("deploy", token)
    [line] = audit_lines(brevet.deployment, token.claims["jti"])
    assert (line["decision"], line["code"]) == ("denied", "conditions_not_met")
    assert line["request_id"] == answer.json["request_id"]
    assert line["trace"][0]["name"] == "deploy"
    assert "session_name" not in line


def test_repeats_of_a_refusal_are_marked(brevet: Brevet) -> None:
    token = brevet.token(ref="feature/x")
    for _ in range(3):
        brevet.credentials("deploy", token)
    lines = audit_lines(brevet.deployment, token.claims["jti"], at_least=3)
    assert [line.get("repeat", False) for line in lines] == [False, True, True]


def test_no_log_holds_a_token_or_a_secret(brevet: Brevet) -> None:
    began = int(time.time() * 1000)
    token, refused = brevet.token(), brevet.token(ref="feature/x")
    granted = brevet.credentials("deploy", token).json
    brevet.credentials("deploy", refused)
    brevet.ask("/whoami", token)
    audit_lines(brevet.deployment, token.session_name)
    text = _every_log_line(brevet, began)
    assert token.session_name in text, "the logs read here should be the ones written to"
    assert granted["AccessKeyId"] in text
    secrets = [granted["SecretAccessKey"], granted["SessionToken"]]
    secrets += [part for job in (token, refused) for part in job.text.split(".")[1:]]
    assert [secret[:12] for secret in secrets if secret in text] == []


def _every_log_line(brevet: Brevet, since: int) -> str:
    # The emulator lists ten thousand events, the oldest first, and no more.
    logs = client(brevet.site, "logs", administrator(brevet.site))
    groups = [
        group["logGroupName"]
        for page in logs.get_paginator("describe_log_groups").paginate()
        for group in page["logGroups"]
    ]
    messages = [
        event["message"]
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        for event in page["events"]
    ]
    return json.dumps(messages)
