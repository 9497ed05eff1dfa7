"""Deploys Brevet and the examples to the local AWS: with the real CDK CLI, from the code and settings that AWS gets."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local.aws import administrator, client
from local.cdk import INFRA, run_cdk
from local.site import ACCOUNT, REGION, TARGET_ACCOUNT, Site

# The role owners' side of the story: their roles trust these projects.
TRUSTED_PROJECT = "4711"
OTHER_PROJECT = "4712"
# The team that looks after its own rows, and the role it does so with.
TEAM = "payments"
TEAM_ROLE = f"Brevet-local-admin-{TEAM}"


@dataclass(frozen=True)
class Deployment:
    """What was deployed: the outputs of every stack, by output name."""

    site: Site
    outputs: dict[str, str]

    @property
    def api_url(self) -> str:
        """Brevet's own API as the emulator serves it, without the last slash."""
        return self._stage_url("ApiId")

    @property
    def reports_url(self) -> str:
        """The example's protected REST API."""
        return self._stage_url("ReportsApiId")

    @property
    def reports_http_url(self) -> str:
        """The same as an HTTP API."""
        return self._stage_url("ReportsHttpApiId")

    @property
    def ledger_url(self) -> str:
        """The example's REST API that IAM protects: `GET /entries/{id}`, `POST /entries`."""
        return self._stage_url("LedgerApiId")

    @property
    def ledger_http_url(self) -> str:
        """The same as an HTTP API."""
        return self._stage_url("LedgerHttpApiId")

    @property
    def mapping_table(self) -> str:
        return self.outputs["MappingTableName"]

    @property
    def audit_log_group(self) -> str:
        return self.outputs["AuditLogGroup"]

    @property
    def mapping_audit_log_group(self) -> str:
        """Where the mapping auditor tells of changes of the table."""
        return self.outputs["MappingAuditLogGroup"]

    @property
    def reports_log_group(self) -> str:
        """Where the authorizer of the protected REST API logs its decisions."""
        return self._resource("Reports-local", "AWS::Logs::LogGroup", "GitLab")

    def _resource(self, stack: str, kind: str, construct: str) -> str:
        """The name of a resource that no output tells."""
        cloudformation = client(self.site, "cloudformation", administrator(self.site))
        resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        return next(
            resource["PhysicalResourceId"]
            for resource in resources
            if resource["ResourceType"] == kind and resource["LogicalResourceId"].startswith(construct)
        )

    def _stage_url(self, output: str) -> str:
        return f"{self.site.aws_url}/_aws/execute-api/{self.outputs[output]}/v1"


def deploy(site: Site) -> Deployment:
    """Deploys Brevet to its account, then the examples: what belongs into target accounts goes to one."""
    with ThreadPoolExecutor() as pool:
        target_account = pool.submit(_bootstrap, site, TARGET_ACCOUNT)
        _bootstrap(site, ACCOUNT)
        run_cdk(site, "brevet", ACCOUNT, _deploy(site, "brevet"), INFRA, {"BREVET_TEAMS": json.dumps(teams(site))})
        target_account.result()
        examples = [
            pool.submit(example, site)
            for example in (_deploy_target_roles, _deploy_cdk_pipeline, _deploy_protected_apis)
        ]
        for example in examples:
            example.result()
    return deployed(site)


def teams(site: Site) -> dict[str, list[str]]:
    """Which scopes a team looks after: one project by its id, and the groups below one group."""
    return {TEAM: [f"{site.issuer_host}/project/{TRUSTED_PROJECT}", f"{site.issuer_host}/group/nordwind/payments"]}


def deployed(site: Site) -> Deployment:
    outputs: dict[str, str] = {}
    for file in _outputs_files(site):
        outputs |= _outputs(file)
    return Deployment(site, outputs)


def grant_streams_by_group(site: Site, account: str) -> None:
    """The roles' own grant names streams by policy variables; the emulator knows neither, but groups."""
    iam = client(site, "iam", administrator(site, account))
    # Not from all files: others are being written at this time.
    name = _outputs(_outputs_file(site, "cdk-pipeline"))["PipelineLogGroup"]
    group = f"arn:aws:logs:{REGION}:{account}:log-group:{name}"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": group}
    for role in ("cdk-diff", "cdk-deploy"):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=role, PolicyName="streams-by-group", PolicyDocument=document)


def _bootstrap(site: Site, account: str) -> None:
    run_cdk(site, f"bootstrap-{account}", account, ["bootstrap"], directory=site.folder)


def _deploy_target_roles(site: Site) -> None:
    settings = {
        "BREVET_VENDING_ROLE_ARN": _outputs(_outputs_file(site, "brevet"))["VendingRoleArn"],
        "BREVET_DEMO_PROJECT_IDS": TRUSTED_PROJECT,
        "BREVET_DEMO_OTHER_PROJECT_IDS": OTHER_PROJECT,
    }
    directory = INFRA / "examples" / "target-roles"
    run_cdk(site, "target-roles", TARGET_ACCOUNT, _deploy(site, "target-roles"), directory, settings)


def _deploy_cdk_pipeline(site: Site) -> None:
    settings = {
        "BREVET_VENDING_ROLE_ARN": _outputs(_outputs_file(site, "brevet"))["VendingRoleArn"],
        "BREVET_PIPELINE_PROJECT_IDS": TRUSTED_PROJECT,
    }
    directory = INFRA / "examples" / "cdk-pipeline"
    run_cdk(site, "cdk-pipeline", TARGET_ACCOUNT, _deploy(site, "cdk-pipeline"), directory, settings)
    grant_streams_by_group(site, TARGET_ACCOUNT)


def _deploy_protected_apis(site: Site) -> None:
    run_cdk(site, "protected-api", ACCOUNT, _deploy(site, "protected-api"), INFRA / "examples" / "protected-api")


def _deploy(site: Site, name: str) -> list[str]:
    outputs = str(_outputs_file(site, name))
    return ["deploy", "--all", "--require-approval", "never", "--outputs-file", outputs]


def _outputs(file: Path) -> dict[str, str]:
    stacks: dict[str, dict[str, str]] = json.loads(file.read_text())
    return {name: value for outputs in stacks.values() for name, value in outputs.items()}


def _outputs_file(site: Site, name: str) -> Path:
    return site.folder / f"outputs-{name}.json"


def _outputs_files(site: Site) -> list[Path]:
    return sorted(site.folder.glob("outputs-*.json"))
