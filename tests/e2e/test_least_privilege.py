"""What somebody can do who has the credentials of a function itself: what IAM says on the deployed stack, by action."""

import pytest
from botocore.exceptions import ClientError

from execution_roles import ATTEMPTS, Holder, holder
from local.aws import administrator, client
from local.deployment import TRUSTED_PROJECT, Deployment
from local.site import ACCOUNT, TARGET_ACCOUNT
from roles import allow, policy, role_of_account

# How the name of each function starts, and all that it may do of what is attempted.
FUNCTIONS = {
    "credentials": ("Brevet-local-CredentialsApi", {"dynamodb:BatchGetItem", "dynamodb:Query"}),
    "authorizer of every job": ("Brevet-local-Authorizer", set[str]()),
    "authorizer by mappings": ("Reports-local-GitLabAuthorizer", {"dynamodb:BatchGetItem", "dynamodb:Query"}),
    "mapping auditor": ("Brevet-local-MappingAuditor", {"sqs:SendMessage"}),
}
REFUSED = [(name, action) for name, (_, may) in FUNCTIONS.items() for action in ATTEMPTS if action not in may]
GRANTED = [(name, action) for name, (_, may) in FUNCTIONS.items() for action in sorted(may)]
# The tags that target roles ask for, which a fault in the function's code could make up.
FORGED_TAGS = [
    {"Key": "gitlab_project_id", "Value": TRUSTED_PROJECT},
    {"Key": "gitlab_ref_protected", "Value": "true"},
]


@pytest.fixture(scope="module")
def holders(deployment: Deployment) -> dict[str, Holder]:
    return {name: holder(deployment, prefix) for name, (prefix, _) in FUNCTIONS.items()}


@pytest.mark.parametrize(("name", "action"), REFUSED)
def test_the_credentials_of_a_function_may_not(holders: dict[str, Holder], name: str, action: str) -> None:
    with pytest.raises(ClientError, match=f"not authorized to perform: {action} "):
        ATTEMPTS[action](holders[name])


@pytest.mark.parametrize(("name", "action"), GRANTED)
def test_the_credentials_of_a_function_may(holders: dict[str, Holder], name: str, action: str) -> None:
    ATTEMPTS[action](holders[name])


def test_the_credentials_are_those_of_the_functions_own_role(holders: dict[str, Holder]) -> None:
    for one in holders.values():
        assert one.client("sts").get_caller_identity()["Arn"].split("/")[1] == one.role


def test_the_use_ledger_takes_marks_from_the_credentials_function_and_gives_none_back(
    deployment: Deployment, holders: dict[str, Holder]
) -> None:
    tables = holders["credentials"].client("dynamodb")
    key = {"token": {"S": "attempts"}}
    names = client(deployment.site, "dynamodb", administrator(deployment.site)).list_tables()["TableNames"]
    [ledger] = [name for name in names if "TokenUses" in name]
    tables.update_item(TableName=ledger, Key=key)
    for action, call in {"GetItem": tables.get_item, "DeleteItem": tables.delete_item}.items():
        with pytest.raises(ClientError, match=f"not authorized to perform: dynamodb:{action} "):
            call(TableName=ledger, Key=key)
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:Scan "):
        tables.scan(TableName=ledger)


@pytest.mark.parametrize("account", [ACCOUNT, TARGET_ACCOUNT])
@pytest.mark.parametrize("path", ["/", "/other/", "/Brevet/", "/brevetx/", "/x/brevet/"])
def test_the_credentials_function_may_not_assume_a_role_outside_the_path_even_if_the_role_trusts_it(
    deployment: Deployment, holders: dict[str, Holder], account: str, path: str
) -> None:
    vendor = holders["credentials"]
    with (
        role_of_account(deployment, "outside", SOMETHING, account, _trust_in(vendor), path=path) as role_arn,
        pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole "),
    ):
        _assume(vendor, role_arn)


@pytest.mark.parametrize("account", [ACCOUNT, TARGET_ACCOUNT])
def test_the_credentials_function_may_assume_a_role_of_the_path_that_trusts_it(
    deployment: Deployment, holders: dict[str, Holder], account: str
) -> None:
    vendor = holders["credentials"]
    with role_of_account(deployment, "inside", SOMETHING, account, _trust_in(vendor)) as role_arn:
        assert _assume(vendor, role_arn)["Credentials"]["SessionToken"]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "credentials"])
def test_no_other_function_may_assume_anything_even_if_the_role_trusts_it(
    deployment: Deployment, holders: dict[str, Holder], name: str
) -> None:
    other = holders[name]
    with (
        role_of_account(deployment, "inside", SOMETHING, trust=_trust_in(other)) as role_arn,
        pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole "),
    ):
        _assume(other, role_arn)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_may_become_itself_again(holders: dict[str, Holder], name: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        _assume(holders[name], holders[name].role_arn)


SOMETHING = policy(allow("ssm:GetParameter"))


def _trust_in(one: Holder) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": {"AWS": one.role_arn}, "Action": ["sts:AssumeRole", "sts:TagSession"]}


def _assume(one: Holder, role_arn: str):
    return one.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="attempt", Tags=FORGED_TAGS)
