"""Roles of a test's own, as the owner of an account makes them by hand: with the trust that `BrokeredRole` writes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.aws import administrator, client
from local.deployment import TRUSTED_PROJECT, Deployment
from local.site import TARGET_ACCOUNT


def allow(*actions: str, on: list[str] | str = "*") -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust_in_brevet(deployment: Deployment) -> dict[str, Any]:
    """Lets Brevet open sessions for the jobs of one project."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": deployment.outputs["VendingRoleArn"]},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {"aws:RequestTag/gitlab_project_id": TRUSTED_PROJECT}},
    }


@contextmanager
def role_of_account(
    deployment: Deployment,
    name: str,
    permissions: dict[str, Any],
    account: str = TARGET_ACCOUNT,
    trust: dict[str, Any] | None = None,
    hours: int = 1,
    path: str = "/brevet/",
) -> Iterator[str]:
    """The ARN of a role below `/brevet/`, or wherever else, for the length of a test."""
    iam = client(deployment.site, "iam", administrator(deployment.site, account))
    role = iam.create_role(
        RoleName=name,
        Path=path,
        AssumeRolePolicyDocument=json.dumps(policy(trust or trust_in_brevet(deployment))),
        MaxSessionDuration=hours * 3600,
    )
    iam.put_role_policy(RoleName=name, PolicyName="jobs", PolicyDocument=json.dumps(permissions))
    try:
        yield role["Role"]["Arn"]
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="jobs")
        iam.delete_role(RoleName=name)
