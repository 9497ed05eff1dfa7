"""How a job may ask, and what it gets when it asks well or badly."""

import json
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import Brevet, assert_refused
from local.aws import Credentials, client


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer ", "BEARER "])
def test_takes_the_token_with_or_without_bearer(brevet: Brevet, prefix: str) -> None:
    assert brevet.ask("/credentials?role=deploy", prefix + brevet.token().text).status == 200


def test_answers_in_the_one_shape_of_sdks_and_credential_process(brevet: Brevet) -> None:
    token = brevet.token()
    answer = brevet.credentials("deploy", token)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    assert (body["Version"], body["Code"], body["Type"]) == (1, "Success", "AWS-HMAC")
    assert body["Token"] == body["SessionToken"]
    assert body["AccountId"] == "444455556666"
    assert body["RoleArn"] == brevet.deployer
    assert body["AssumedRoleArn"].endswith(f"/demo-deployer/{token.session_name}")
    assert body["Mapping"] == "deploy"
    expires = datetime.strptime(body["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(expires - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("path", "request_"),
    [
        ("/credentials/deploy", {}),
        ("/credentials?role=deploy", {}),
        ("/credentials", {"method": "POST", "body": {"role": "deploy"}}),
    ],
)
def test_answers_the_same_however_it_is_asked(brevet: Brevet, path: str, request_: dict[str, Any]) -> None:
    answer = brevet.ask(path, brevet.token(), **request_)
    assert answer.status == 200, answer.text
    assert answer.json["Mapping"] == "deploy"


def test_uses_the_only_mapping_when_no_name_is_given(brevet: Brevet) -> None:
    brevet.row("only-one", project=4712, role_arn=brevet.deployment.outputs["OtherProjectRoleArn"])
    answer = brevet.ask("/credentials", brevet.token(project="nordwind/platform/web"))
    assert (answer.status, answer.json.get("Mapping")) == (200, "only-one"), answer.text


def test_lists_the_names_when_several_are_open(brevet: Brevet) -> None:
    answer = brevet.ask("/credentials", brevet.token())
    assert_refused(answer, 400, "role_required")
    assert {"deploy", "deploy-web"} <= set(answer.json["names"])


def test_gives_a_shorter_session_on_request(brevet: Brevet) -> None:
    answer = brevet.ask("/credentials?role=deploy&duration_seconds=900", brevet.token())
    expires = datetime.strptime(answer.json["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(expires - datetime.now(UTC) - timedelta(minutes=15)) < timedelta(minutes=1)


def test_a_caller_can_narrow_its_session_and_iam_enforces_it(brevet: Brevet) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ssm:GetParameterHistory", "Resource": "*"}],
    }
    body = {"role": "deploy", "session_policy": policy}
    narrow = brevet.ask("/credentials", brevet.token(), method="POST", body=body).json
    parameter = brevet.deployment.outputs["ReleaseChannelParameter"]
    ssm = client(
        brevet.site, "ssm", Credentials(narrow["AccessKeyId"], narrow["SecretAccessKey"], narrow["SessionToken"])
    )
    assert ssm.get_parameter_history(Name=parameter)["Parameters"][0]["Value"] == "stable"
    with pytest.raises(ssm.exceptions.ClientError, match="AccessDenied"):
        ssm.get_parameter(Name=parameter)


def test_env_format_is_what_a_shell_can_source(brevet: Brevet) -> None:
    answer = brevet.ask("/credentials?role=deploy&format=env", brevet.token())
    assert answer.headers["Content-Type"].startswith("text/plain")
    variables = _sourced(f"eval {shlex.quote(answer.text)}")
    _assert_works(brevet, variables)


def test_dotenv_format_is_what_a_shell_can_source(brevet: Brevet, tmp_path: Any) -> None:
    answer = brevet.ask("/credentials?role=deploy&format=dotenv", brevet.token())
    file = tmp_path / "job.env"
    file.write_text(answer.text)
    variables = _sourced(f"set -a; . {shlex.quote(str(file))}")
    _assert_works(brevet, variables)


def _sourced(script: str) -> dict[str, str]:
    """The AWS variables that a POSIX shell exports after running the script."""
    tell = "python3 -c 'import json,os; print(json.dumps(dict(os.environ)))'"
    done = subprocess.run(
        ["sh", "-euc", f"{script}; {tell}"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: value for name, value in json.loads(done.stdout).items() if name.startswith("AWS_")}


def _assert_works(brevet: Brevet, variables: dict[str, str]) -> None:
    assert "AWS_CREDENTIAL_EXPIRATION" in variables
    credentials = Credentials(
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], variables["AWS_SESSION_TOKEN"]
    )
    identity = client(brevet.site, "sts", credentials).get_caller_identity()
    assert ":assumed-role/demo-deployer/" in identity["Arn"]
