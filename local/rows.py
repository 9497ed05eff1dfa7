"""The role-mapping table as its administrators use it: puts rows, edits them, and the rows of the story."""

from typing import Any

from boto3.dynamodb.types import TypeSerializer

from local.aws import administrator, client
from local.deployment import Deployment

PROTECTED_MAIN = {"ref_protected": "true", "ref": "main"}


def project_scope(deployment: Deployment, project: int | str = 4711) -> str:
    return f"{deployment.site.issuer_host}/project/{project}"


def put_row(deployment: Deployment, scope: str, name: str, **attributes: Any) -> None:
    """Writes a row as the DynamoDB console would; attributes are plain Python values."""
    item = {"scope": scope, "name": name, **attributes}
    _table(deployment).put_item(TableName=deployment.mapping_table, Item=_typed(item))


def edit_row(deployment: Deployment, scope: str, name: str, attribute: str, value: Any) -> None:
    """Sets one attribute of a row."""
    _table(deployment).update_item(
        TableName=deployment.mapping_table,
        Key=_typed({"scope": scope, "name": name}),
        UpdateExpression="SET #attribute = :value",
        ExpressionAttributeNames={"#attribute": attribute},
        ExpressionAttributeValues=_typed({":value": value}),
    )


def delete_row(deployment: Deployment, scope: str, name: str) -> None:
    _table(deployment).delete_item(TableName=deployment.mapping_table, Key=_typed({"scope": scope, "name": name}))


def seed(deployment: Deployment) -> None:
    """The rows that the README and the demo speak of."""
    scope = project_scope(deployment)
    deployer = deployment.outputs["DemoDeployerRoleArn"]
    put_row(
        deployment,
        scope,
        "deploy",
        role_arn=deployer,
        project_path="nordwind/platform/payments-api",
        conditions=PROTECTED_MAIN,
        owner="platform@nordwind.example",
        description="Deploys payments-api from protected main",
        version=1,
    )
    put_row(
        deployment,
        scope,
        "deploy-web",
        role_arn=deployment.outputs["OtherProjectRoleArn"],
        conditions=PROTECTED_MAIN,
        description="A mistake of the table's: the owner of this role trusts another project only",
    )
    put_row(
        deployment,
        scope,
        "cdk-diff",
        role_arn=deployment.outputs["CdkDiffRoleArn"],
        conditions={"pipeline_source": "merge_request_event"},
        allow_unprotected=True,
        description="Merge requests of the project compare CDK apps with what is deployed",
    )
    put_row(
        deployment,
        scope,
        "cdk-deploy",
        role_arn=deployment.outputs["CdkDeployRoleArn"],
        conditions={**PROTECTED_MAIN, "pipeline_source": ["push", "web"]},
        description="Deploys CDK apps from protected main",
    )
    for api in ("reports", "reports-http"):
        put_row(
            deployment,
            scope,
            f"api.{api}",
            routes=["GET /reports/*"],
            conditions={"ref_protected": "true"},
            description="May read reports, and nothing else of that API",
        )


def _table(deployment: Deployment):
    return client(deployment.site, "dynamodb", administrator(deployment.site))


def _typed(item: dict[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}
