"""A role in the target account that every client has a use for: it may list a bucket and read parameters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from local.aws import administrator, client
from local.deployment import Deployment
from local.rows import PROTECTED_MAIN, delete_row, project_scope, put_row
from local.site import REGION, TARGET_ACCOUNT

ROLE = "clients"
BUCKET = "brevet-clients"
OBJECT = "release-notes.txt"
FOLDERS = ("", "deeper/", "deeper/still/")
# One for each use: the CDK CLI looks the same one up only once.
PARAMETERS = ("/brevet-clients/channel-1", "/brevet-clients/channel-2", "/brevet-clients/channel-3")
CHANNEL = "stable"
_MAY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"},
        {
            "Effect": "Allow",
            "Action": "ssm:GetParameter*",
            "Resource": f"arn:aws:ssm:{REGION}:{TARGET_ACCOUNT}:parameter/brevet-clients/*",
        },
    ],
}


@contextmanager
def a_role_for_clients(deployment: Deployment) -> Iterator[None]:
    """The role, what it is for, and, for as long as it is needed, the row that grants it."""
    _make(deployment)
    scope = project_scope(deployment)
    role_arn = f"arn:aws:iam::{TARGET_ACCOUNT}:role/brevet/{ROLE}"
    put_row(deployment, scope, ROLE, role_arn=role_arn, conditions=PROTECTED_MAIN)
    yield
    delete_row(deployment, scope, ROLE)


def _make(deployment: Deployment) -> None:
    """Makes the role and what it is for. On a stack that was kept, they may be there."""
    as_owner = administrator(deployment.site, TARGET_ACCOUNT)
    iam = client(deployment.site, "iam", as_owner)
    if ROLE not in (role["RoleName"] for role in iam.list_roles(PathPrefix="/brevet/")["Roles"]):
        trust = iam.get_role(RoleName="demo-deployer")["Role"]["AssumeRolePolicyDocument"]
        iam.create_role(Path="/brevet/", RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=ROLE, PolicyName="may", PolicyDocument=json.dumps(_MAY))

    s3 = client(deployment.site, "s3", as_owner)
    if BUCKET not in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for folder in FOLDERS:
        s3.put_object(Bucket=BUCKET, Key=folder + OBJECT, Body=b"")
    ssm = client(deployment.site, "ssm", as_owner)
    for name in PARAMETERS:
        ssm.put_parameter(Name=name, Value=CHANNEL, Type="String", Overwrite=True)
