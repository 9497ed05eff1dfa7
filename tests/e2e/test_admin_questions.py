"""What admins ask, and the freeze: the real `brevet` with the real table, real tokens and the real audit log."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import Brevet
from local.audit import audit_lines
from local.aws import administrator, environment
from local.gitlab import JobToken, altered
from local.job import PROGRAM
from local.rows import delete_row, project_scope, put_row

PROTECTED = {"ref_protected": "true"}


@dataclass
class Admin:
    """An administrator at a terminal, with the rows and jobs of a test."""

    brevet: Brevet
    folder: Path

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        site, deployment = self.brevet.site, self.brevet.deployment
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "BREVET_MAPPING_TABLE": deployment.mapping_table,
            "BREVET_AUDIT_LOG_GROUP": deployment.audit_log_group,
            **environment(site, administrator(site)),
            **variables,
        }
        command = [str(PROGRAM), *arguments]
        return subprocess.run(
            command, env=surroundings, input=stdin, capture_output=True, text=True, check=False, timeout=120
        )

    def ask(self, *arguments: str, stdin: str = "", **variables: str) -> dict[str, Any]:
        done = self.run("--json", *arguments, stdin=stdin, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def explain(self, token: JobToken, name: str, *arguments: str) -> dict[str, Any]:
        done = self.run("--json", "explain", "--role", name, *arguments, BREVET_ID_TOKEN=token.text)
        assert done.returncode == 0, done.stderr
        for part in token.text.split("."):
            assert part not in done.stdout + done.stderr
        return json.loads(done.stdout)

    def file(self, name: str, *rows: dict[str, Any]) -> str:
        """JSON is YAML."""
        path = self.folder / name
        path.write_text(json.dumps({"mappings": rows}))
        return str(path)

    def refused(self, code: str, exit_code: int, *arguments: str, **request: str) -> dict[str, Any]:
        done = self.run("--json", *arguments, **request)
        told = json.loads(done.stderr.splitlines()[-1])
        assert (done.returncode, told["code"], done.stdout) == (exit_code, code, ""), done.stderr
        return told

    @property
    def scope(self) -> str:
        return project_scope(self.brevet.deployment)


@pytest.fixture
def admin(brevet: Brevet, tmp_path: Path) -> Iterator[Admin]:
    mine = Admin(brevet, tmp_path)
    yield mine
    delete_row(brevet.deployment, mine.scope, "*")


def line_of(brevet: Brevet, token: JobToken) -> dict[str, Any]:
    """The audit line of a job that has asked once."""
    return audit_lines(brevet.deployment, token.claims["jti"])[-1]


def recorded_findings(brevet: Brevet, token: JobToken, name: str) -> list[tuple[str, ...]]:
    """What the function has recorded of the rows when the job asked for a name."""
    lines = audit_lines(brevet.deployment, token.claims["jti"])
    [line] = [line for line in lines if name in (line.get("asked_for"), line.get("mapping", {}).get("name"))]
    return findings(line.get("trace", []))


def findings(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(row["scope"], row["name"], row["outcome"]) for row in rows]


# What is refused, and what cannot be told.


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        (["explain", "--role", "deploy"], "", "token_unusable"),
        (["explain", "--role", "deploy", "--token-env", "HOME"], "", "token_unusable"),
        (["explain", "--role", "deploy", "--claims", "-"], "{", "claims_invalid"),
        (["explain", "--role", "deploy", "--claims", "/nowhere"], "", "file_unreadable"),
        (["explain", "--audit-line", "-"], '{"kind":"warning"}', "audit_line_invalid"),
        (["roles", "payments"], "", "project_invalid"),
        (["what-if", "--proposed", "/nowhere"], "", "files_unreadable"),
        (["report", "--audit-file", "/nowhere"], "", "audit_file_unreadable"),
    ],
)
def test_refuses_what_is_no_question(admin: Admin, arguments: list[str], stdin: str, code: str) -> None:
    assert admin.refused(code, 2, *arguments, stdin=stdin)["help"] != ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "--role", "Deploy"],
        ["explain", "--claims", "a", "--audit-line", "b"],
        ["explain", "--role", "deploy", "--at", "tomorrow"],
        ["who-can", "arn:aws:s3:::bucket"],
        ["who-can"],
        ["roles"],
        ["what-if", "--since", "7d"],
        ["report", "--since", "forever"],
        ["freeze", "--reason", "x"],
        ["freeze", "--scope", "gitlab.example.com/project/x", "--reason", "x"],
        ["freeze", "--issuer", "gitlab.example.com/project/1", "--reason", "x"],
        ["freeze", "--issuer", "gitlab.example.com", "--reason", " "],
        ["freeze", "--issuer", "gitlab.example.com"],
        ["unfreeze"],
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused_input(admin: Admin, arguments: list[str]) -> None:
    done = admin.run(*arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "--role", "deploy", "--claims", "-"],
        ["who-can", "deploy"],
        ["roles", "4711"],
        ["report", "--rows-only"],
        ["freeze", "--issuer", "gitlab.example.com", "--reason", "x"],
        ["unfreeze", "--issuer", "gitlab.example.com"],
    ],
)
def test_cannot_tell_without_the_table(admin: Admin, arguments: list[str]) -> None:
    claims = json.dumps(admin.brevet.token().claims)
    told = admin.refused("table_missing", 3, *arguments, stdin=claims, BREVET_MAPPING_TABLE="nowhere")
    assert "`nowhere`" in told["message"]


def test_cannot_tell_without_the_log(admin: Admin) -> None:
    assert "/nowhere" in admin.refused("log_group_missing", 3, "report", "--log-group", "/nowhere")["message"]


@pytest.mark.parametrize("command", ["explain", "who-can", "roles", "what-if", "report", "freeze", "unfreeze"])
def test_help_teaches_with_examples_and_exit_codes(admin: Admin, command: str) -> None:
    told = admin.run(command, "--help")
    assert told.returncode == 0
    assert "Examples:" in told.stdout and f"brevet {command} " in told.stdout and "Exit codes:" in told.stdout


# Explain.


def test_explains_as_the_function_decides(admin: Admin) -> None:
    brevet = admin.brevet
    brevet.row("moved", project_path="nordwind/old-name")
    brevet.row("production", conditions={**PROTECTED, "environment": "production"})
    brevet.row("off", enabled=False)
    brevet.row("over", expires_at="2026-01-01T00:00:00Z")
    brevet.row("logs", mode="report")
    brevet.row("typo", rol_arn="x")
    brevet.row("unread-deny", effect="dney")
    brevet.row("young", max_token_age_seconds=1_000)
    brevet.row("wide", conditions={**PROTECTED, "ref": ["main", "release/*"]}, duration_seconds=900)
    brevet.bare_row("preview", project=9902, role_arn=brevet.deployer, allow_unprotected=True)
    names = ["deploy", "moved", "production", "off", "over", "logs", "typo", "unread-deny", "young", "wide", "preview"]
    jobs: list[dict[str, Any]] = [
        {},
        {"ref": "feature/x"},
        {"ref": "main", "unprotected": True},
        {"environment": "production"},
        {"project_id": 5999},
        {"fork": True},
    ]
    seen = set()
    for job in jobs:
        token = brevet.token(**job)
        for name in names:
            answer, told = brevet.credentials(name, token), admin.explain(token, name)
            code = "granted" if answer.status == 200 else answer.code
            # A role may refuse what the rows grant: STS is not asked here.
            expected = "granted" if code == "target_role_refused" else code
            assert told["code"] == expected, (job, name, told, answer.text)
            assert told["decision"] == ("granted" if expected == "granted" else "denied")
            assert expected == "granted" or told["message"] == answer.message, (job, name)
            if answer.status == 200:
                call = told["sts"]["parameters"]
                assert call["RoleArn"] == answer.json["RoleArn"]
                assert answer.json["AssumedRoleArn"].endswith("/" + call["RoleSessionName"])
            assert findings(told["rows"]) == recorded_findings(brevet, token, name), (job, name)
            seen.add(expected)
    assert seen == {"granted", "no_mapping", "conditions_not_met", "path_changed", "explicitly_denied", "fork_pipeline"}


def test_shows_what_would_have_matched_and_that_nothing_is_verified(admin: Admin) -> None:
    token = admin.brevet.token(ref="feature/x")
    done = admin.run("explain", "--role", "deploy", BREVET_ID_TOKEN=token.text)
    assert done.returncode == 0, done.stderr
    assert "is `feature/x`; the row requires `main`" in done.stdout or "the row requires `true`" in done.stdout
    assert "denied (conditions_not_met)" in done.stdout and "not verified" in done.stdout
    assert "\x1b" not in done.stdout


def test_verifies_the_token_where_it_is_told_by_which_issuers(admin: Admin) -> None:
    issuers = admin.folder / "issuers.json"
    issuers.write_text(admin.brevet.deployment.outputs["Issuers"])
    token = admin.brevet.token()
    told = admin.explain(token, "deploy", "--issuers", str(issuers))
    assert (told["code"], told["verified"]) == ("granted", True)
    forged = JobToken(altered(token.text, project_id="5999"), token.claims)
    for bad, code in [(forged, "token_invalid"), (admin.brevet.token(age=700, lifetime=600), "token_expired")]:
        told = admin.explain(bad, "deploy", "--issuers", str(issuers))
        assert (told["decision"], told["code"], told["verified"], "sts" in told) == ("denied", code, False, False)
        assert admin.brevet.credentials("deploy", bad).code == code
    admin.refused("issuers_invalid", 2, "explain", "--role", "x", "--issuers", "/nowhere", BREVET_ID_TOKEN=token.text)


def test_explains_an_audit_line_with_proposed_rows(admin: Admin) -> None:
    token = admin.brevet.token(ref="feature/x")
    assert admin.brevet.credentials("deploy", token).code == "conditions_not_met"
    line = json.dumps(line_of(admin.brevet, token))
    told = admin.ask("explain", "--audit-line", "-", stdin=line)
    assert (told["asked"], told["code"], told["from"]) == ("deploy", "conditions_not_met", "audit_line")
    row = {"scope": admin.scope, "name": "deploy", "role_arn": admin.brevet.deployer, "allow_unprotected": True}
    told = admin.ask("explain", "--audit-line", "-", "--with", admin.file("wider.yaml", row), stdin=line)
    assert (told["code"], told["rows"][0]["proposed"]) == ("granted", True)
    told = admin.ask("explain", "--audit-line", "-", "-f", admin.file("other.yaml", {**row, "name": "x"}), stdin=line)
    assert (told["code"], told["rows"]) == ("no_mapping", [])


def test_decides_at_another_time(admin: Admin) -> None:
    admin.brevet.row("later", not_before="2099-01-01T00:00:00Z")
    token = admin.brevet.token()
    assert admin.explain(token, "later")["code"] == "no_mapping"
    told = admin.explain(token, "later", "--at", "2099-01-02")
    assert told["code"] == "granted"
    assert any("token_expired" in note for note in told["notes"])


def test_explains_the_routes_of_an_api(admin: Admin) -> None:
    told = admin.explain(admin.brevet.token(), "api.reports")
    assert (told["code"], told["routes"]) == ("granted", ["GET /reports/*"])
    assert admin.explain(admin.brevet.token(unprotected=True), "api.reports")["code"] == "conditions_not_met"


# Who can, and what.


def test_tells_who_gets_to_a_role(admin: Admin) -> None:
    admin.brevet.row("off", enabled=False)
    by_arn = admin.ask("who-can", admin.brevet.deployer)["rows"]
    by_name = {row["name"]: row for row in by_arn}
    assert by_name["deploy"]["standing"] == "now" and by_name["off"]["standing"] == "not_now"
    assert "4711" in by_name["deploy"]["projects"] and "`main`" in by_name["deploy"]["refs"]
    told = admin.run("who-can", "deploy").stdout
    assert "in force" in told and admin.brevet.deployer in told and "whoever may push or merge" in told
    assert admin.run("who-can", "arn:aws:iam::111122223333:role/brevet/nobody").stdout == "No row leads there.\n"


def test_tells_which_roles_a_project_has(admin: Admin) -> None:
    rows = admin.ask("roles", "4711")["rows"]
    assert {"deploy", "cdk-deploy", "api.reports"} <= {row["name"] for row in rows}
    renamed = admin.run("roles", "4711", "--path", "nordwind/renamed").stdout
    assert "is for the path `nordwind/platform/payments-api`" in renamed
    assert admin.run("roles", "777").stdout == "No row is for this project.\n"


# What if.


def test_replays_what_was_decided_over_proposed_rows(admin: Admin) -> None:
    brevet = admin.brevet
    gains, loses = brevet.token(ref="feature/gains"), brevet.token()
    assert brevet.credentials("deploy", gains).code == "conditions_not_met"
    assert brevet.credentials("cdk-deploy", loses).status == 200
    lines = [line_of(brevet, token) for token in (gains, loses)]
    log = admin.folder / "audit.jsonl"
    log.write_text("\n".join(["START RequestId: x", *map(json.dumps, lines)]))
    deploy = {"scope": admin.scope, "name": "deploy", "role_arn": brevet.deployer, "allow_unprotected": True}
    closed = {"scope": admin.scope, "name": "cdk-deploy", "effect": "deny"}
    proposed = admin.file("proposed.yaml", deploy, closed)
    told = admin.ask("what-if", "--proposed", proposed, "--audit-file", str(log))
    assert told["decisions"]["decisions"] == 2
    assert (told["replay"]["totals"]["gains"], told["replay"]["totals"]["loses"]) == (1, 1)
    effects = {effect["asked"]: effect["verdict"] for effect in told["replay"]["effects"]}
    assert effects == {"deploy": "gains", "cdk-deploy": "loses"}
    done = admin.run("what-if", "--proposed", proposed, "--audit-file", str(log), "--alone", "--exit-code")
    assert done.returncode == 1
    assert "Would gain:" in done.stdout and "Would lose:" in done.stdout and "what was decided then" in done.stdout


def test_replays_the_log_of_the_function(admin: Admin) -> None:
    token = admin.brevet.token()
    assert admin.brevet.credentials("deploy", token).status == 200
    line_of(admin.brevet, token)
    told = admin.ask(
        "what-if",
        "--since",
        "1h",
        "--proposed",
        admin.file(
            "none.yaml",
            {
                "scope": admin.scope,
                "name": "deploy",
                "effect": "deny",
            },
        ),
    )
    assert told["decisions"]["decisions"] >= 1
    assert told["replay"]["totals"]["loses"] >= 1


# Report.


def test_reports_what_there_is_to_look_after(admin: Admin) -> None:
    brevet = admin.brevet
    brevet.row("never-used", owner="team-x")
    brevet.row("moved", project_path="nordwind/old-name")
    brevet.row("trial", mode="report", review_by="2026-01-01")
    brevet.row("typo", rol_arn="x")
    brevet.row("glass", expires_at=int(time.time()) + 3_600)
    token = brevet.token()
    for name in ("moved", "trial", "never-there"):
        assert brevet.credentials(name, token).status == 403
    audit_lines(brevet.deployment, token.claims["jti"], at_least=3)
    assert admin.run("freeze", "--scope", f"{admin.scope[:-4]}9999", "--reason", "a drill").returncode == 0
    try:
        told = admin.ask("report", "--since", "1h")
        sheet = admin.run("report", "--since", "1h").stdout
    finally:
        assert admin.run("unfreeze", "--scope", f"{admin.scope[:-4]}9999").returncode == 0
    report = told["report"]

    def names(part: str) -> list[str]:
        return [row["name"] for row in report[part]]

    assert "never-used" in names("unused") and "typo" in names("invalid") and "*" in names("closed")
    assert "glass" in names("expiring") and "glass" in names("temporary") and "trial" in names("review_due")
    assert {row["name"]: row["ready"] for row in report["report_mode"]} == {"trial": True}
    assert "moved" in names("renamed")
    assert {"path_changed", "no_mapping"} <= {refusal["code"] for refusal in report["top_refusals"]}
    assert [freeze["description"] for freeze in told["freezes"]] == ["a drill"]
    for title in ("Frozen by", "cannot be read", "limited time", "no decision used them", "Most frequent refusals"):
        assert title in sheet
    assert "decisions" not in admin.ask("report", "--rows-only")["report"]["top_refusals"]


# Freeze.


def test_a_freeze_wins_at_once_and_ends_with_unfreeze(admin: Admin) -> None:
    brevet, scope = admin.brevet, ["--scope", admin.scope]
    assert brevet.credentials("deploy").status == 200
    told = admin.ask("freeze", *scope, "--reason", "leaked token, INC-77", "--expires-in", "4h")
    assert brevet.credentials("deploy").code == "explicitly_denied"
    assert (told["outcome"], told["row"]["managed_by"]) == ("frozen", "brevet-freeze")
    assert told["effect"]["whole"] >= 3 and told["effect"]["of_apis"] >= 1
    assert admin.explain(brevet.token(), "api.reports")["code"] == "explicitly_denied"
    longer = admin.ask("freeze", *scope, "--reason", "leaked token, INC-77")
    assert longer["outcome"] == "frozen" and "expires_at" not in longer["row"] and longer["row"]["version"] > 1
    again = admin.ask("freeze", *scope, "--reason", "leaked token, INC-77")
    assert (again["outcome"], again["row"]) == ("already_frozen", longer["row"])
    assert admin.ask("unfreeze", *scope)["outcome"] == "unfrozen"
    assert brevet.credentials("deploy").status == 200
    done = admin.run("unfreeze", *scope)
    assert (done.returncode, "nothing to do" in done.stdout) == (0, True)


def test_a_freeze_of_the_issuer_closes_every_project(admin: Admin) -> None:
    host = admin.brevet.site.issuer_host
    done = admin.run("freeze", "--issuer", host, "--reason", "GitLab was broken into")
    try:
        assert "Frozen" in done.stdout and "api.*" in done.stdout and "revoke the sessions" in done.stdout
        assert admin.brevet.credentials("deploy").code == "explicitly_denied"
    finally:
        delete_row(admin.brevet.deployment, host, "*")


def test_never_touches_a_row_for_every_name_that_somebody_wrote_by_hand(admin: Admin) -> None:
    put_row(admin.brevet.deployment, admin.scope, "*", effect="deny", conditions={"ref": "x"}, description="by hand")
    told = admin.refused("not_a_freeze", 2, "freeze", "--scope", admin.scope, "--reason", "x")
    assert "by hand" in told["message"]
    admin.refused("not_a_freeze", 2, "unfreeze", "--scope", admin.scope)
    assert admin.brevet.credentials("deploy").status == 200
