"""The credentials that a deployed function works with, and what somebody who has them may try."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.aws import Credentials, administrator, client
from local.deployment import Deployment

# Lambda hands a function the credentials of its role in three variables. This one tells them.
TELLER = """
exports.handler = async () =>
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) => process.env[name]);
"""


@dataclass(frozen=True)
class Holder:
    """Whoever has the credentials of one function, as after a fault in its code."""

    deployment: Deployment
    function: str
    role_arn: str
    credentials: Credentials
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(self.deployment.site, service, self.credentials)
        return self._clients[service]

    @property
    def role(self) -> str:
        return self.role_arn.rsplit("/", 1)[-1]


def holder(deployment: Deployment, function_prefix: str) -> Holder:
    """Has Lambda run another program with the role of the function whose name starts so, and hears what it is given."""
    functions = client(deployment.site, "lambda", administrator(deployment.site))
    [function] = [
        one for one in functions.list_functions()["Functions"] if one["FunctionName"].startswith(function_prefix)
    ]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.js", TELLER)
    name = f"teller-{function_prefix}"
    functions.create_function(
        FunctionName=name,
        Role=function["Role"],
        Runtime="nodejs24.x",
        Handler="index.handler",
        Code={"ZipFile": package.getvalue()},
    )
    try:
        told = json.load(functions.invoke(FunctionName=name)["Payload"])
    finally:
        functions.delete_function(FunctionName=name)
    return Holder(deployment, function["FunctionName"], function["Role"], Credentials(*told))


Attempt = Callable[[Holder], object]
KEY = {"scope": {"S": "attempts/project/1"}, "name": {"S": "nobody"}}
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def _table(call: str, **arguments: Any) -> Attempt:
    return lambda me: getattr(me.client("dynamodb"), call)(TableName=me.deployment.mapping_table, **arguments)


def _insert(me: Holder) -> str:
    return f"INSERT INTO \"{me.deployment.mapping_table}\" VALUE {{'scope': 'attempts/project/1', 'name': 'nobody'}}"


def _log(call: str, **arguments: Any) -> Attempt:
    return lambda me: getattr(me.client("logs"), call)(logGroupName=me.deployment.audit_log_group, **arguments)


def _function(call: str, **arguments: Any) -> Attempt:
    return lambda me: getattr(me.client("lambda"), call)(FunctionName=me.function, **arguments)


def _role(call: str, **arguments: Any) -> Attempt:
    return lambda me: getattr(me.client("iam"), call)(RoleName=me.role, **arguments)


# By the action that IAM has to refuse, so that no attempt fails for another reason. What a function needs is here too:
# each has its own few. Streams and the functions' own log groups are left to the test of the templates: the emulator
# refuses them to everybody.
ATTEMPTS: dict[str, Attempt] = {
    "dynamodb:Query": _table(
        "query",
        KeyConditionExpression="#scope = :scope",
        ExpressionAttributeNames={"#scope": "scope"},
        ExpressionAttributeValues={":scope": KEY["scope"]},
    ),
    "dynamodb:BatchGetItem": lambda me: me.client("dynamodb").batch_get_item(
        RequestItems={me.deployment.mapping_table: {"Keys": [KEY]}}
    ),
    "dynamodb:GetItem": _table("get_item", Key=KEY),
    "dynamodb:Scan": _table("scan"),
    "dynamodb:PutItem": _table("put_item", Item=KEY),
    "dynamodb:UpdateItem": _table("update_item", Key=KEY),
    "dynamodb:DeleteItem": _table("delete_item", Key=KEY),
    "dynamodb:BatchWriteItem": lambda me: me.client("dynamodb").batch_write_item(
        RequestItems={me.deployment.mapping_table: [{"DeleteRequest": {"Key": KEY}}]}
    ),
    "dynamodb:ExecuteStatement": lambda me: me.client("dynamodb").execute_statement(Statement=_insert(me)),
    "dynamodb:BatchExecuteStatement": lambda me: me.client("dynamodb").batch_execute_statement(
        Statements=[{"Statement": _insert(me)}]
    ),
    "dynamodb:UpdateTable": _table("update_table", DeletionProtectionEnabled=False),
    "dynamodb:DeleteTable": _table("delete_table"),
    "dynamodb:UpdateContinuousBackups": _table(
        "update_continuous_backups", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    ),
    "dynamodb:ListTables": lambda me: me.client("dynamodb").list_tables(),
    "logs:DescribeLogGroups": lambda me: me.client("logs").describe_log_groups(),
    "logs:GetLogEvents": _log("get_log_events", logStreamName="any"),
    "logs:FilterLogEvents": _log("filter_log_events"),
    "logs:DeleteLogStream": _log("delete_log_stream", logStreamName="any"),
    "logs:DeleteLogGroup": _log("delete_log_group"),
    "logs:PutRetentionPolicy": _log("put_retention_policy", retentionInDays=1),
    "lambda:GetFunction": _function("get_function"),
    "lambda:InvokeFunction": _function("invoke"),
    "lambda:UpdateFunctionCode": _function("update_function_code", ZipFile=b"none"),
    "lambda:UpdateFunctionConfiguration": _function("update_function_configuration", Timeout=900),
    "lambda:AddPermission": _function(
        "add_permission", StatementId="any", Action="lambda:InvokeFunction", Principal="444455556666"
    ),
    "lambda:CreateFunction": _function(
        "create_function",
        Role="arn:aws:iam::111122223333:role/any",
        Runtime="nodejs24.x",
        Handler="index.handler",
        Code={"ZipFile": b"none"},
    ),
    "iam:GetRole": _role("get_role"),
    "iam:PutRolePolicy": _role("put_role_policy", PolicyName="more", PolicyDocument=EVERYTHING),
    "iam:AttachRolePolicy": _role("attach_role_policy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
    "iam:UpdateAssumeRolePolicy": _role("update_assume_role_policy", PolicyDocument=EVERYTHING),
    "iam:CreateUser": lambda me: me.client("iam").create_user(UserName="somebody"),
    "s3:ListAllMyBuckets": lambda me: me.client("s3").list_buckets(),
    "ssm:GetParameter": lambda me: me.client("ssm").get_parameter(Name="/brevet/local/role-path"),
    "ssm:PutParameter": lambda me: me.client("ssm").put_parameter(
        Name="/brevet/local/role-path", Value="/", Overwrite=True
    ),
    "secretsmanager:ListSecrets": lambda me: me.client("secretsmanager").list_secrets(),
    "secretsmanager:GetSecretValue": lambda me: me.client("secretsmanager").get_secret_value(SecretId="any"),
    "kms:ListKeys": lambda me: me.client("kms").list_keys(),
    "sqs:SendMessage": lambda me: me.client("sqs").send_message(
        QueueUrl=given_up_queue(me.deployment), MessageBody="?"
    ),
    "sqs:ReceiveMessage": lambda me: me.client("sqs").receive_message(QueueUrl=given_up_queue(me.deployment)),
    "sqs:PurgeQueue": lambda me: me.client("sqs").purge_queue(QueueUrl=given_up_queue(me.deployment)),
    "cloudformation:DescribeStacks": lambda me: me.client("cloudformation").describe_stacks(),
    "apigateway:GET": lambda me: me.client("apigateway").get_rest_apis(),
}


def given_up_queue(deployment: Deployment) -> str:
    """Where the mapping auditor leaves a note of what it gave up."""
    queues = client(deployment.site, "sqs", administrator(deployment.site)).list_queues()["QueueUrls"]
    return next(queue for queue in queues if "MappingAuditorGivenUp" in queue)
