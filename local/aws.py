"""Talking to the local AWS: as the administrator who deploys, or as whoever holds some credentials."""

import json
import os
import ssl
from dataclasses import dataclass

import boto3
from botocore.config import Config

from local.site import ACCOUNT, REGION, Site


@dataclass(frozen=True)
class Credentials:
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


def client(site: Site, service: str, credentials: Credentials):
    """A boto3 client for the local AWS; nothing of this machine's own AWS configuration takes part."""
    session = boto3.session.Session(
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
        region_name=REGION,
    )
    return session.client(
        service, endpoint_url=site.aws_url, verify=str(site.ca_bundle), config=Config(retries={"total_max_attempts": 2})
    )


def administrator(site: Site, account: str = ACCOUNT) -> Credentials:
    """The IAM user that deploys and seeds in an account; made on first use, as a new account has nobody."""
    file = site.folder / f"administrator-{account}.json"
    if not file.exists():
        # The emulator takes an access key that is an account's id for that account's root.
        iam = client(site, "iam", Credentials(account, "root"))
        iam.create_user(UserName="local-administrator")
        iam.attach_user_policy(UserName="local-administrator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        key = iam.create_access_key(UserName="local-administrator")["AccessKey"]
        file.touch(mode=0o600)
        file.write_text(json.dumps([key["AccessKeyId"], key["SecretAccessKey"]]))
    return Credentials(*json.loads(file.read_text()))


def environment(site: Site, credentials: Credentials) -> dict[str, str]:
    """What a command-line tool needs to reach the local AWS as somebody."""
    variables = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        **location(site),
    }
    if credentials.session_token:
        variables["AWS_SESSION_TOKEN"] = credentials.session_token
    return variables


def location(site: Site) -> dict[str, str]:
    """Where the local AWS is, without saying who asks."""
    return {
        "AWS_ENDPOINT_URL": site.aws_url,
        "AWS_ENDPOINT_URL_S3": site.aws_url,
        "AWS_CA_BUNDLE": str(site.ca_bundle),
        "NODE_EXTRA_CA_CERTS": str(site.ca_bundle),
        # Version 1 of the command line reads the second name only.
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def tls_context(site: Site) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(site.ca_bundle))
