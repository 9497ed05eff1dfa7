"""The table defends itself: whatever is done to a row by hand, the mapping auditor tells within seconds."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import pytest

from conftest import Brevet
from local.audit import log_lines
from local.aws import administrator, client
from local.rows import delete_row, edit_row, project_scope, put_row

# The auditor is to tell within seconds; the machine may have other work.
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Watched:
    """One row of a project that nobody else has, and what the auditor says of it."""

    brevet: Brevet
    project: int

    @property
    def scope(self) -> str:
        return project_scope(self.brevet.deployment, self.project)

    def write(self, name: str = "deploy", **attributes: Any) -> None:
        put_row(self.brevet.deployment, self.scope, name, **attributes)
        self.brevet.rows.append((self.scope, name))

    def edit(self, attribute: str, value: Any, name: str = "deploy") -> None:
        edit_row(self.brevet.deployment, self.scope, name, attribute, value)

    def remove(self, name: str = "deploy") -> None:
        delete_row(self.brevet.deployment, self.scope, name)

    def told(self, changes: int) -> list[dict[str, Any]]:
        """The auditor's lines, as soon as there are so many."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            lines = log_lines(self.brevet.deployment, self.brevet.deployment.mapping_audit_log_group, self.scope)
            if len(lines) >= changes or time.monotonic() > deadline:
                assert [line["kind"] for line in lines] == ["mapping_changed"] * changes, lines
                return lines
            time.sleep(0.1)

    def counted(self, line: dict[str, Any]) -> dict[str, Any]:
        """The metrics of a change: the line behind its own."""
        logs = client(self.brevet.site, "logs", administrator(self.brevet.site))
        group = self.brevet.deployment.mapping_audit_log_group
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        messages = [event["message"] for page in pages for event in page["events"]]
        position = next(index for index, message in enumerate(messages) if line["event_id"] in message)
        return json.loads(next(message for message in messages[position:] if '"kind":"metrics"' in message))


@pytest.fixture
def watched(brevet: Brevet) -> Watched:
    return Watched(brevet, 1_000_000 + secrets.randbelow(10**9))


@pytest.fixture
def usual(brevet: Brevet) -> dict[str, Any]:
    return {"role_arn": brevet.deployer, "conditions": {"ref_protected": "true", "ref": "main"}}


def test_a_row_broken_by_hand_is_told_with_its_faults(watched: Watched, usual: dict[str, Any]) -> None:
    watched.write(**usual)
    watched.edit("conditions", {"ref_protected": "true", "reff": "main"})
    created, broken = watched.told(2)
    assert (created["change"], created["reading"]) == ("created", "valid")
    assert (broken["change"], broken["reading"], broken["meaning"]) == ("changed", "invalid", "narrows")
    assert [fault["attribute"] for fault in broken["faults"]] == ["conditions.reff"]
    assert {finding["rule"] for finding in broken["lint"]} == {"invalid-row"}
    assert broken["old"]["conditions"] == usual["conditions"]
    assert broken["new"]["conditions"] == {"ref_protected": "true", "reff": "main"}
    assert watched.counted(broken)["InvalidMappingWritten"] == 1


def test_a_row_put_right_is_told_as_valid_again(watched: Watched, usual: dict[str, Any]) -> None:
    watched.write(**{**usual, "conditions": {}})
    watched.edit("conditions", usual["conditions"])
    broken, right = watched.told(2)
    assert (broken["reading"], right["reading"]) == ("invalid", "valid")
    assert "faults" not in right
    assert "InvalidMappingWritten" not in watched.counted(right)


def test_a_row_that_lets_more_in_is_told_as_such(watched: Watched, usual: dict[str, Any]) -> None:
    watched.write(**usual)
    watched.edit("conditions", {"ref_protected": "true"})
    line = watched.told(2)[-1]
    assert line["meaning"] == "widens"
    assert "`ref`" in line["sentence"]
    assert watched.counted(line)["MappingWidened"] == 1


@pytest.mark.parametrize("way", ["removed", "switched off", "turned round"])
def test_a_deny_row_that_is_gone_is_counted_however_it_went(watched: Watched, usual: dict[str, Any], way: str) -> None:
    watched.write(effect="deny", **usual)
    if way == "removed":
        watched.remove()
    elif way == "switched off":
        watched.edit("enabled", False)
    else:
        watched.edit("effect", "allow")
    line = watched.told(2)[-1]
    assert line["change"] == ("removed" if way == "removed" else "changed")
    assert watched.counted(line)["DenyRowRemoved"] == 1


def test_a_freeze_is_counted_from_its_beginning_to_its_end(watched: Watched) -> None:
    watched.write("*", effect="deny", managed_by="brevet-freeze", description="incident 7")
    watched.remove("*")
    begun, ended = watched.told(2)
    assert watched.counted(begun)["FreezeInForce"] == 1
    assert watched.counted(ended)["FreezeInForce"] == 0


def test_no_confidential_value_reaches_the_auditors_log(watched: Watched, usual: dict[str, Any]) -> None:
    watched.write(external_id="not-for-any-log", **usual)
    watched.edit("externalid", "not-for-any-log")
    right, misspelt = watched.told(2)
    assert right["new"]["external_id"] == "(not shown)"
    assert misspelt["new"]["externalid"] == "(not shown)"
    assert "not-for-any-log" not in str([right, misspelt])


def test_a_record_that_cannot_be_read_holds_up_no_change_behind_it(watched: Watched, usual: dict[str, Any]) -> None:
    """DynamoDB writes no such record: the deployed function is sent one, then the table is changed."""
    event_id = secrets.token_hex(16)
    answer = _send(
        watched.brevet, {"eventID": event_id, "eventName": "INSERT", "dynamodb": {"SequenceNumber": "7"}}, {}
    )
    assert answer == {"batchItemFailures": []}
    watched.write(**usual)
    watched.told(1)
    told = log_lines(watched.brevet.deployment, watched.brevet.deployment.mapping_audit_log_group, event_id)
    assert [(line["kind"], line["sequence_number"]) for line in told] == [("poison_record", "7")]


def test_every_alarm_watches_a_metric_that_the_auditor_writes(watched: Watched, usual: dict[str, Any]) -> None:
    brevet = watched.brevet
    _send(brevet, {})
    watched.write("*", effect="deny", managed_by="brevet-freeze", conditions={"reff": "main"})
    watched.remove("*")
    watched.write(expires_at="2100-01-01T00:00:00Z", **usual)
    watched.told(3)
    lines = log_lines(brevet.deployment, brevet.deployment.mapping_audit_log_group, "CloudWatchMetrics")
    written = {
        (directive["Namespace"], metric["Name"], tuple((name, line[name]) for name in dimensions))
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }
    watching = client(brevet.site, "cloudwatch", administrator(brevet.site))
    alarms = watching.describe_alarms(AlarmNamePrefix="Brevet-local-MappingAlarms")["MetricAlarms"]
    watched_metrics = {
        (alarm["Namespace"], alarm["MetricName"], tuple((each["Name"], each["Value"]) for each in alarm["Dimensions"]))
        for alarm in alarms
        if alarm["Namespace"] == "Brevet/local"
    }
    assert len(watched_metrics) == 6
    assert watched_metrics <= written


def _send(brevet: Brevet, *records: dict[str, Any]) -> dict[str, Any]:
    """What the deployed auditor answers to records that no stream has."""
    functions = client(brevet.site, "lambda", administrator(brevet.site))
    [auditor] = [
        function["FunctionName"]
        for function in functions.list_functions()["Functions"]
        if "ROLE_PATH" in function.get("Environment", {}).get("Variables", {})
    ]
    answer = functions.invoke(FunctionName=auditor, Payload=json.dumps({"Records": records}))
    assert "FunctionError" not in answer
    return json.load(answer["Payload"])
