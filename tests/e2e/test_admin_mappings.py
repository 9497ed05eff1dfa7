"""Role mappings as code: the real `brevet mappings` against a table of the local AWS."""

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from conftest import Brevet
from local.aws import Credentials, administrator, client, environment
from local.deployment import Deployment
from local.job import PROGRAM
from local.rows import project_scope
from local.site import TARGET_ACCOUNT

SCOPE = "gitlab.example.com/project/4711"
ROLE = "arn:aws:iam::111122223333:role/brevet/payments"
ROW = {
    "scope": SCOPE,
    "name": "deploy",
    "role_arn": ROLE,
    "conditions": {"ref_protected": "true", "ref": "main", "ref_type": "branch", "pipeline_source": ["push", "web"]},
    "owner": "team-payments",
    "review_by": "2099-12-31",
}


@dataclass
class Admin:
    """An administrator with a table of their own and a folder of files."""

    deployment: Deployment
    table: str
    folder: Path

    def run(self, *arguments: str, table: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        site = self.deployment.site
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "BREVET_MAPPING_TABLE": table or self.table,
            **environment(site, administrator(site)),
            **variables,
        }
        command = [str(PROGRAM), "mappings", *arguments]
        return subprocess.run(
            command,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )

    def write(self, *rows: dict[str, Any], file: str = "rows.yaml") -> None:
        """JSON is YAML."""
        path = self.files / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"mappings": rows}))

    @property
    def files(self) -> Path:
        return self.folder / "mappings"

    def plan(self, *arguments: str) -> dict[str, Any]:
        done = self.run("plan", "-f", str(self.files), "--json", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def apply(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("apply", "-f", str(self.files), "--yes", *arguments)

    @property
    def dynamodb(self):
        return client(self.deployment.site, "dynamodb", administrator(self.deployment.site))

    def put(self, **row: Any) -> None:
        """As the console does."""
        item = {name: TypeSerializer().serialize(value) for name, value in row.items()}
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def row(self, name: str = "deploy", scope: str = SCOPE) -> dict[str, Any] | None:
        key = {"scope": {"S": scope}, "name": {"S": name}}
        item = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return item and {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


@pytest.fixture
def admin(deployment: Deployment, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Admin]:
    table = f"mappings-{abs(hash(request.node.name))}"
    mine = Admin(deployment, table, tmp_path)
    make_table(mine, table, "scope", "name")
    yield mine
    mine.dynamodb.delete_table(TableName=table)


def make_table(admin: Admin, name: str, *keys: str) -> None:
    admin.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ["HASH", "RANGE"], strict=False)],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
    )


def named(name: str, **changes: Any) -> dict[str, Any]:
    return {**ROW, "name": name, **changes}


# What is refused.


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scope: x\n name: [", ":2:6: this is not YAML"),
        (json.dumps({**ROW, "owenr": "x"}), "did you mean `owner`?"),
        (json.dumps([ROW, ROW]), "is there already"),
    ],
)
def test_refuses_files_and_touches_nothing(admin: Admin, text: str, told: str) -> None:
    admin.files.mkdir()
    (admin.files / "rows.yaml").write_text(text)
    for command in (["plan"], ["apply", "--yes"]):
        done = admin.run(*command, "-f", str(admin.files))
        assert done.returncode == 2
        assert told in done.stderr
    assert admin.row() is None


def test_does_nothing_unless_somebody_says_yes(admin: Admin) -> None:
    admin.write(ROW)
    done = admin.run("apply", "-f", str(admin.files))
    assert (done.returncode, admin.row()) == (2, None)
    assert "not_confirmed" in done.stderr


@pytest.mark.parametrize(("answer", "code"), [("y", 2), ("", 2), ("yes", 0)])
def test_asks_on_a_terminal_and_takes_only_yes_for_a_yes(admin: Admin, answer: str, code: int) -> None:
    admin.write(ROW)
    terminal, theirs = pty.openpty()
    command = [str(PROGRAM), "mappings", "apply", "-f", str(admin.files)]
    site = admin.deployment.site
    surroundings = {"BREVET_MAPPING_TABLE": admin.table, **environment(site, administrator(site))}
    with subprocess.Popen(command, env=surroundings, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        said = b""
        while b"Only `yes` is a yes" not in said:
            said += os.read(terminal, 4_096)
        os.write(terminal, f"{answer}\n".encode())
        assert run.wait(timeout=60) == code
    os.close(terminal)
    assert b"\x1b[32m+ create deploy" in said
    assert (admin.row() is None) == (code != 0)


def test_refuses_to_delete_more_than_it_is_allowed_to(admin: Admin) -> None:
    admin.write(*(named(f"deploy-{number}") for number in range(7)))
    assert admin.apply().returncode == 0
    admin.write(named("deploy-0"))
    refused = admin.apply()
    assert refused.returncode == 2
    assert "--allow-deletes 6" in refused.stderr
    assert admin.row("deploy-6") is not None
    assert admin.apply("--allow-deletes", "6").returncode == 0
    assert (admin.row("deploy-6"), admin.row("deploy-0") is None) == (None, False)


def test_leaves_rows_of_others_alone(admin: Admin) -> None:
    admin.put(**named("by-hand"))
    admin.put(scope="gitlab.example.com", name="*", effect="deny", managed_by="brevet-freeze")
    admin.put(**named("other", owner="me"))
    admin.write(named("other"))
    refused = admin.apply()
    assert (refused.returncode, admin.row("other")["owner"]) == (2, "me")
    assert "kept by hand" in refused.stderr
    adopted = admin.apply("--adopt")
    assert adopted.returncode == 0, adopted.stderr
    row = admin.row("other")
    assert (row["owner"], row["managed_by"]) == ("team-payments", "brevet")
    assert "managed_by" not in admin.row("by-hand")
    assert admin.row("*", "gitlab.example.com")["managed_by"] == "brevet-freeze"


def test_tells_why_the_table_cannot_be_asked(admin: Admin) -> None:
    admin.write(ROW)
    files = str(admin.files)
    make_table(admin, f"{admin.table}-other", "pk")
    site = admin.deployment.site
    iam = client(site, "iam", administrator(site))
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    nobody = environment(site, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))
    stranger = environment(site, administrator(site, TARGET_ACCOUNT))
    try:
        cases = [
            ("table_missing", admin.run("plan", "-f", files, table="no-such-table")),
            ("table_unfit", admin.run("plan", "-f", files, table=f"{admin.table}-other")),
            ("table_denied", admin.run("plan", "-f", files, **nobody)),
            ("table_missing", admin.run("plan", "-f", files, **stranger)),
            ("caller_unknown", admin.run("plan", "-f", files, AWS_ENDPOINT_URL="https://127.0.0.1:9")),
            ("credentials_missing", admin.run("plan", "-f", files, AWS_ACCESS_KEY_ID="")),
        ]
    finally:
        iam.delete_access_key(UserName="nobody", AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName="nobody")
        admin.dynamodb.delete_table(TableName=f"{admin.table}-other")
    for code, done in cases:
        assert (done.returncode, code in done.stderr, "help:" in done.stderr) == (3, True, True), (code, done.stderr)
    assert TARGET_ACCOUNT in cases[3][1].stderr


# What is done.


def test_from_an_empty_table_through_a_conflict_to_an_export(admin: Admin) -> None:
    admin.write(ROW, named("diff", mode="report"))
    planned = admin.run("plan", "-f", str(admin.files), "--exit-code")
    assert planned.returncode == 1, planned.stderr
    assert "+ create deploy of" in planned.stdout
    assert admin.apply("--change-ref", "!17").returncode == 0
    written = admin.row()
    assert (written["version"], written["managed_by"], written["change_ref"]) == (1, "brevet", "!17")
    assert written["updated_by"].endswith("user/local-administrator")
    assert admin.run("plan", "-f", str(admin.files), "--exit-code").returncode == 0

    plan = admin.folder / "plan.json"
    widened = {claim: value for claim, value in ROW["conditions"].items() if claim != "ref"}
    admin.write({**ROW, "conditions": widened}, named("diff", mode="report"))
    shown = admin.plan("--out", str(plan))
    assert "widens: `ref` was `main`, becomes any" in shown["changes"][0]["sentence"]
    # At two in the morning, and the version is not counted up.
    admin.put(**{**written, "owner": "somebody"})
    stopped = admin.apply("--plan", str(plan))
    assert (stopped.returncode, admin.row()["owner"]) == (2, "somebody")
    assert "plan_outdated" in stopped.stderr
    assert "`owner`" in json.dumps(admin.plan())
    assert admin.apply().returncode == 0
    assert (admin.row()["version"], admin.row()["owner"]) == (2, "team-payments")

    exported = admin.run("export")
    assert exported.returncode == 0, exported.stderr
    (admin.files / "rows.yaml").write_text(exported.stdout)
    assert admin.run("plan", "-f", str(admin.files), "--exit-code").returncode == 0


def test_an_export_of_anybodys_rows_changes_nothing(admin: Admin) -> None:
    admin.put(**named("sets", conditions={"ref_protected": {"true"}, "ref": {"b", "a"}, "project_id": 4711}))
    admin.put(**named("odd", description='- "#: {x}\n', external_id="12345"))
    admin.put(**named("broken", nonsense=True))
    exported = admin.run("export", "--dir", str(admin.files))
    assert exported.returncode == 1
    assert "1 rows cannot be read" in exported.stderr
    assert "nonsense" in (admin.files / "unreadable.yaml").read_text()
    assert (admin.files / f"{SCOPE}.yaml").exists()
    plan = admin.plan()
    assert (plan["changes"], plan["summary"]["by_hand"]) == ([], 3), plan


def test_two_thousand_rows_with_progress_and_again_after_a_crash(admin: Admin) -> None:
    rows = [named(f"deploy-{number}", scope=f"gitlab.example.com/project/{number}") for number in range(1, 2_001)]
    admin.write(*rows)
    site = admin.deployment.site
    surroundings = {
        "PATH": os.environ["PATH"],
        "BREVET_MAPPING_TABLE": admin.table,
        **environment(site, administrator(site)),
    }
    command = [str(PROGRAM), "mappings", "apply", "-f", str(admin.files), "--yes"]
    with subprocess.Popen(
        command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        assert "wrote rows: 500 of 2000" in run.stderr.readline()
        run.kill()
    done = admin.apply("--json")
    assert done.returncode == 0, done.stderr
    applied = json.loads(done.stdout)
    assert 0 < len(applied["applied"]) <= 1_500
    summary = admin.plan()["summary"]
    assert (summary["unchanged"], summary["create"]) == (2_000, 0)


def test_lint_looks_at_files_and_at_the_table(admin: Admin) -> None:
    admin.write(ROW)
    assert admin.run("lint", "-f", str(admin.files), "--fail-on", "info").returncode == 0
    admin.write({**ROW, "conditions": {"reff": "main", "ref_protected": "true"}})
    done = admin.run("lint", "-f", str(admin.files), "--format", "code-quality")
    (issue,) = json.loads(done.stdout)
    assert (done.returncode, issue["check_name"], issue["location"]["lines"]["begin"]) == (1, "invalid-row", 1)
    admin.put(**named("open", allow_unprotected=True, conditions={"ref": "main"}))
    done = admin.run("lint", "--json")
    rules = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    assert {"author-chosen"} <= rules, done.stdout


def test_what_is_applied_is_what_jobs_get(brevet: Brevet, admin: Admin) -> None:
    admin.table = brevet.deployment.mapping_table
    scope = project_scope(brevet.deployment)
    row = {"scope": scope, "name": "as-code", "role_arn": brevet.deployer, "conditions": {"ref_protected": "true"}}
    brevet.rows.append((scope, "as-code"))
    admin.write(row)
    assert admin.apply("--managed-by", "test").returncode == 0
    assert brevet.credentials("as-code").status == 200
    by_environment = admin.run("export", "--environment", "local", "--managed-by", "test", BREVET_MAPPING_TABLE="")
    assert "as-code" in by_environment.stdout, by_environment.stderr
    unknown = admin.run("export", "--environment", "nowhere")
    assert (unknown.returncode, "no Brevet of the environment `nowhere`" in unknown.stderr) == (3, True)
    admin.write({**row, "effect": "deny"})
    assert admin.apply("--managed-by", "test").returncode == 0
    assert brevet.credentials("as-code").status == 403


@pytest.mark.parametrize("command", [[], ["plan"], ["apply"], ["export"], ["lint"]], ids=str)
def test_help_teaches_by_example(admin: Admin, command: list[str]) -> None:
    done = admin.run(*command, "--help")
    assert done.returncode == 0
    assert ("Exit codes:" if not command else "Examples:") in done.stdout
