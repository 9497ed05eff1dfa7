"""The job of the credentials function on PyJWT and boto3, written straight down.

Verify the token, read the rows that could matter in one strongly consistent request, let a deny row win and else the
most specific allow row, and open the session with the same tags. No audit line, no reasons, no time budget.
"""

import json
import os
from fnmatch import fnmatchcase

import boto3
import jwt
from authorizer import verify

TABLE = os.environ["ROLE_MAPPING_TABLE"]
TAGS = ["project_id", "namespace_id", "ref_protected", "environment_protected", "pipeline_source", "user_id", "job_id"]
dynamodb = boto3.resource("dynamodb")
sts = boto3.client("sts")


def scopes_of(claims: dict) -> list[str]:
    """Where rows for this job may be, the most specific first."""
    host = claims["iss"].removeprefix("https://")
    parents = claims["project_path"].split("/")[:-1]
    groups = ["/".join(parents[:depth]) for depth in range(len(parents), 0, -1)]
    own = [f"{host}/project/{claims['project_id']}", f"{host}/namespace/{claims['namespace_id']}"]
    return [*own, *(f"{host}/group/{group}" for group in groups), host]


def rows_for(scopes: list[str], name: str) -> list[dict]:
    """The rows of the name, and those of every name, in any of the scopes."""
    wanted = [{"scope": scope, "name": key} for scope in scopes for key in (name, "*")]
    answer = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": wanted, "ConsistentRead": True}})
    if answer["UnprocessedKeys"]:
        raise RuntimeError("DynamoDB did not read every key")
    return answer["Responses"].get(TABLE, [])


def matches(row: dict, claims: dict) -> bool:
    """Whether each condition has a pattern that the claim fits."""
    for name, patterns in row["conditions"].items():
        claim = claims.get(name)
        patterns = [patterns] if isinstance(patterns, str) else patterns
        if claim is None or not any(fnmatchcase(str(claim), pattern) for pattern in patterns):
            return False
    return True


def decide(rows: list[dict], scopes: list[str], claims: dict) -> dict | None:
    """The row that grants."""
    matching = [row for row in rows if matches(row, claims)]
    if any(row.get("effect") == "deny" for row in matching):
        return None
    return min(matching, key=lambda row: scopes.index(row["scope"]), default=None)


def session(row: dict, claims: dict) -> dict:
    """A session of the row's role."""
    tags = {"gitlab_issuer": claims["iss"], "gitlab_environment_protected": "false"}
    tags |= {f"gitlab_{claim}": str(claims[claim]) for claim in TAGS if claim in claims}
    return sts.assume_role(
        RoleArn=row["role_arn"],
        RoleSessionName=f"gl-{claims['project_id']}-{claims['pipeline_id']}-{claims['job_id']}",
        DurationSeconds=int(row.get("duration_seconds", 3600)),
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def answer(status: int, body: dict) -> dict:
    """What API Gateway takes for a response."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}


def handler(event: dict, _context: object) -> dict:
    """Credentials in the shape that the SDKs read."""
    try:
        claims = verify(event["headers"].get("Authorization"))
    except jwt.InvalidTokenError as error:
        return answer(401, {"code": "token_invalid", "message": str(error)})
    scopes, name = scopes_of(claims), event["queryStringParameters"]["role"]
    row = decide(rows_for(scopes, name), scopes, claims)
    if row is None:
        return answer(403, {"code": "no_mapping", "message": f"no mapping `{name}` grants"})
    credentials = session(row, claims)["Credentials"]
    body = {name: credentials[name] for name in ("AccessKeyId", "SecretAccessKey")}
    expiration = credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return answer(200, body | {"Token": credentials["SessionToken"], "Expiration": expiration})
