"""What the commands of a component's job find in their environment."""

from pathlib import Path

from conftest import Brevet
from gitlab_pipeline import Ended, Pipeline, project
from local.site import ROOT

# Both commands only tell what they see.
PIPELINE = """
include:
  - local: /templates/cdk-diff/template.yml
    inputs:
      endpoint: $CREDENTIALS_URL
      audience: https://brevet.local
      region: eu-west-1
      install: test -f tell.sh && sh ./tell.sh install
      cdk_command: sh ./tell.sh
      log_group: ''
"""
TELL = """
for name in AWS_ACCESS_KEY_ID AWS_PROFILE AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_CONTAINER_AUTHORIZATION_TOKEN \\
  BREVET_ID_TOKEN; do
  eval "[ -z \\"\\${$name:+present}\\" ]" || echo "$1 has $name" >&2
done
echo "$1 reads $AWS_SHARED_CREDENTIALS_FILE" >&2
echo "$1 asks $AWS_CONTAINER_CREDENTIALS_FULL_URI in $AWS_REGION" >&2
"""
LEFT_BEHIND = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_PROFILE": "old",
    "AWS_SHARED_CREDENTIALS_FILE": "/old/credentials",
    "BREVET_ID_TOKEN": "eyJvbGQ.e30.b2xk",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/run/secrets/pods.eks.amazonaws.com/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://elsewhere.example",
    "AWS_REGION": "us-east-1",
}


def run(brevet: Brevet, folder: Path) -> Ended:
    (folder / "tell.sh").write_text(TELL)
    token = brevet.token(source="merge_request_event", ref="feature/x")
    ended = Pipeline(brevet.site, project(folder, PIPELINE), token, LEFT_BEHIND).run("cdk-diff")
    assert ended.status == 0, ended.screen
    return ended


def test_what_installs_the_app_has_no_token_and_the_cdk_has_no_other_credentials(
    brevet: Brevet, tmp_path: Path
) -> None:
    screen = run(brevet, tmp_path).screen
    had = [line.split("> ")[1] for line in screen.splitlines() if " has " in line]
    assert had == ["synth has AWS_CONTAINER_AUTHORIZATION_TOKEN", "diff has AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    assert screen.count(" reads /dev/null") == 3


def test_a_refused_job_installs_nothing(brevet: Brevet, tmp_path: Path) -> None:
    """With a log and without one: what installs the app runs code of others."""
    for folder, log_group in ((tmp_path / "logged", "/brevet/pipelines"), (tmp_path / "plain", "''")):
        folder.mkdir()
        (folder / "tell.sh").write_text(TELL)
        pipeline = PIPELINE.replace("log_group: ''", f"log_group: {log_group}")
        checkout = project(folder, pipeline).with_programs(ROOT / "target" / "debug")
        ended = Pipeline(brevet.site, checkout, brevet.token(ref="feature/x"), LEFT_BEHIND).run("cdk-diff")
        assert "FAIL 77" in ended.screen, ended.screen
        assert "install asks" not in ended.screen


def test_a_variable_of_the_pipeline_turns_no_job_to_another_address_or_region(brevet: Brevet, tmp_path: Path) -> None:
    screen = run(brevet, tmp_path).screen
    for command in ("install", "synth", "diff"):
        assert f"> {command} asks {brevet.site.front_url}/credentials?role=cdk-diff in eu-west-1" in screen
    assert "elsewhere.example" not in screen
