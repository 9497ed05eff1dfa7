"""A team looks after its own rows: the policy of its role, as it is deployed, and what IAM makes of it.

The local AWS does not tell IAM which keys a request names (`dynamodb:LeadingKeys`). So the policy is read back from it
and put to its own policy evaluator together with the keys, as IAM is told them on AWS; and that it opens nothing
without them is seen live.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from conftest import Brevet
from local.aws import Credentials, administrator, client
from local.deployment import TEAM_ROLE
from local.site import ACCOUNT, REGION

ROW_ACTIONS = ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"]


@dataclass(frozen=True)
class Policy:
    """The policy of the team's role."""

    document: dict[str, Any]
    table_arn: str

    def allows(self, action: str, *keys: str) -> bool:
        """Whether a request with these partition keys passes."""
        context = EvalContext(
            principal_arn=f"arn:aws:iam::{ACCOUNT}:role/{TEAM_ROLE}",
            principal_type="AssumedRole",
            principal_account=ACCOUNT,
            action=f"dynamodb:{action}",
            resource_arn=self.table_arn,
            region=REGION,
            service_context={"dynamodb:leadingkeys": list(keys)} if keys else {},
        )
        return evaluate(context, [parse_policy_document(self.document)]).decision == "Allow"


@pytest.fixture
def policy(brevet: Brevet) -> Policy:
    iam = client(brevet.site, "iam", administrator(brevet.site))
    [name] = iam.list_role_policies(RoleName=TEAM_ROLE)["PolicyNames"]
    assert iam.list_attached_role_policies(RoleName=TEAM_ROLE)["AttachedPolicies"] == []
    document = iam.get_role_policy(RoleName=TEAM_ROLE, PolicyName=name)["PolicyDocument"]
    return Policy(document, brevet.deployment.outputs["MappingTableArn"])


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "/project/4712",
        "/project/47110",
        "/project/471",
        "/namespace/812",
        "/group/nordwind",
        "/group/nordwind/payments-old",
        "/group/nordwind/paymentsx/y",
        "/group/Nordwind/payments",
        "/group",
    ],
)
@pytest.mark.parametrize("action", ROW_ACTIONS)
def test_the_team_reaches_no_scope_above_or_beside_its_own(
    brevet: Brevet, policy: Policy, action: str, scope: str
) -> None:
    assert not policy.allows(action, brevet.site.issuer_host + scope)


@pytest.mark.parametrize("action", ROW_ACTIONS)
def test_the_team_reaches_no_scope_of_another_issuer(policy: Policy, action: str) -> None:
    assert not policy.allows(action, "gitlab.other.example/project/4711")


@pytest.mark.parametrize("action", ROW_ACTIONS)
def test_one_key_of_its_own_brings_no_other_along(brevet: Brevet, policy: Policy, action: str) -> None:
    host = brevet.site.issuer_host
    assert not policy.allows(action, f"{host}/project/4711", f"{host}/project/4712")


@pytest.mark.parametrize(
    "action",
    [
        "Scan",
        "BatchGetItem",
        "BatchWriteItem",
        "PartiQLSelect",
        "PartiQLInsert",
        "PartiQLUpdate",
        "PartiQLDelete",
        "DeleteTable",
        "UpdateTable",
        "PutResourcePolicy",
        "ImportTable",
        "RestoreTableFromBackup",
    ],
)
def test_there_is_no_way_round_the_keys(brevet: Brevet, policy: Policy, action: str) -> None:
    assert not policy.allows(action, f"{brevet.site.issuer_host}/project/4711")
    assert not policy.allows(action)


@pytest.mark.parametrize("action", ROW_ACTIONS)
@pytest.mark.parametrize("scope", ["/project/4711", "/group/nordwind/payments", "/group/nordwind/payments/cards/api"])
def test_the_team_reads_and_edits_its_own_rows(brevet: Brevet, policy: Policy, action: str, scope: str) -> None:
    assert policy.allows(action, brevet.site.issuer_host + scope)


@pytest.mark.parametrize("action", ROW_ACTIONS)
def test_a_request_without_keys_is_refused_by_the_null_check_alone(policy: Policy, action: str) -> None:
    """All of nothing is true of anything: without its second half the condition would be met."""
    assert not policy.allows(action)
    document = json.loads(json.dumps(policy.document))
    for statement in document["Statement"]:
        del statement["Condition"]["Null"]
    assert Policy(document, policy.table_arn).allows(action)


Call = Callable[[Any, str, dict[str, Any]], object]
CALLS: dict[str, Call] = {
    "GetItem": lambda table, name, key: table.get_item(TableName=name, Key=key),
    "PutItem": lambda table, name, key: table.put_item(TableName=name, Item=key),
    "UpdateItem": lambda table, name, key: table.update_item(TableName=name, Key=key),
    "DeleteItem": lambda table, name, key: table.delete_item(TableName=name, Key=key),
    "Query": lambda table, name, key: table.query(
        TableName=name,
        KeyConditionExpression="#scope = :scope",
        ExpressionAttributeNames={"#scope": "scope"},
        ExpressionAttributeValues={":scope": key["scope"]},
    ),
    "Scan": lambda table, name, key: table.scan(TableName=name),
    "BatchGetItem": lambda table, name, key: table.batch_get_item(RequestItems={name: {"Keys": [key]}}),
    "BatchWriteItem": lambda table, name, key: table.batch_write_item(
        RequestItems={name: [{"DeleteRequest": {"Key": key}}]}
    ),
    "TransactWriteItems": lambda table, name, key: table.transact_write_items(
        TransactItems=[{"Delete": {"TableName": name, "Key": key}}]
    ),
    "ExecuteStatement": lambda table, name, key: table.execute_statement(Statement=f'SELECT * FROM "{name}"'),
    "DeleteTable": lambda table, name, key: table.delete_table(TableName=name),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("scope", ["", "/project/4711"])
def test_an_iam_that_is_told_no_keys_opens_nothing(brevet: Brevet, call: str, scope: str) -> None:
    table = client(brevet.site, "dynamodb", _session(brevet))
    key = {"scope": {"S": brevet.site.issuer_host + scope}, "name": {"S": "not-there"}}
    with pytest.raises(ClientError, match="AccessDenied"):
        CALLS[call](table, brevet.deployment.mapping_table, key)


def _session(brevet: Brevet) -> Credentials:
    sts = client(brevet.site, "sts", administrator(brevet.site))
    answer = sts.assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{TEAM_ROLE}", RoleSessionName=f"mara-{int(time.time())}"
    )["Credentials"]
    return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
