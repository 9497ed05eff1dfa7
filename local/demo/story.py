"""The story, step by step. A step returns when everything went as told."""

import json

from local.audit import audit_lines, log_lines
from local.demo.teller import Teller
from local.job import Job
from local.rows import delete_row, edit_row, project_scope, put_row

PROJECT = "nordwind/platform/payments-api"


def job_gets_credentials(teller: Teller) -> None:
    token = teller.token(project=PROJECT, ref="main")
    teller.memory["session"] = token.session_name
    job = Job(teller.site, token, role="deploy")
    for name, value in job.variables.items():
        teller.show(
            "job", f"echo ${name}", value if name.endswith("URI") else f"{value[:16]}... (the job's own ID token)"
        )

    status, identity = teller.run(job, "aws", "sts", "get-caller-identity")
    teller.insist(status == 0, "the AWS CLI got no credentials")
    teller.insist(
        json.loads(identity)["Arn"].endswith(f":assumed-role/demo-deployer/{token.session_name}"),
        "the AWS CLI is somebody else",
    )
    parameter = teller.deployment.outputs["ReleaseChannelParameter"]
    status, _ = teller.run(job, "aws", "ssm", "get-parameter", "--name", parameter, "--query", "Parameter.Value")
    teller.insist(status == 0, "the call that the role allows failed")
    status, refusal = teller.run(job, "aws", "s3", "ls")
    teller.insist(status != 0 and "AccessDenied" in refusal, "a call outside the role was not denied by IAM")


def feature_branch_is_refused(teller: Teller) -> None:
    answer = teller.credentials(teller.token(project=PROJECT, ref="feature/x"), "deploy")
    teller.refused(answer, 403, "conditions_not_met", "requires another `ref`: this job presented `feature/x`")


def fork_is_refused(teller: Teller) -> None:
    token = teller.token(project=PROJECT, ref="main", fork=True)
    teller.refused(teller.credentials(token, "deploy"), 403, "no_mapping", "kdebeer/payments-api")

    everybody = teller.site.issuer_host
    role = teller.deployment.outputs["DemoDeployerRoleArn"]
    teller.administer(
        f"add `preview`, open to every project and branch of {everybody}",
        lambda: put_row(teller.deployment, everybody, "preview", role_arn=role, allow_unprotected=True),
    )
    try:
        teller.refused(teller.credentials(token, "preview"), 403, "fork_pipeline", "fork")
    finally:
        delete_row(teller.deployment, everybody, "preview")


def reregistered_path_is_refused(teller: Teller) -> None:
    token = teller.token(project_id=5999, ref="main")
    teller.insist(token.claims["project_path"] == PROJECT, "the other project should have the same path")
    answer = teller.credentials(token, "deploy")
    teller.refused(answer, 403, "no_mapping", "`deploy`")


def role_owner_has_the_last_word(teller: Teller) -> None:
    answer = teller.credentials(teller.token(project=PROJECT, ref="main"), "deploy-web")
    teller.refused(answer, 403, "target_role_refused", "trust")


def authorizer_knows_routes(teller: Teller) -> None:
    token = teller.token(project=PROJECT, ref="main")
    url = teller.deployment.reports_url
    for turn in ("first", "second, from the gateway's cache"):
        admitted = teller.call(token, "GET", url, "/reports/42")
        teller.insist(admitted.status == 200, f"the granted route was refused ({turn} call)")
        teller.insist(admitted.json["caller"]["project_id"] == "4711", "the backend did not get the verified claims")
        refused = teller.call(token, "POST", url, "/deployments")
        teller.insist(refused.status == 403, f"the other route was not refused ({turn} call)")
    decisions = log_lines(teller.deployment, teller.deployment.reports_log_group, token.claims["jti"])
    teller.show("auditor", "how often was the authorizer asked for these four calls?", str(len(decisions)))
    teller.insist(len(decisions) == 1, "the gateway's cache was not used")


def edited_row_is_obeyed(teller: Teller) -> None:
    scope, token = project_scope(teller.deployment), teller.token(project=PROJECT, ref="main")
    teller.administer(
        "set enabled=false on `deploy`", lambda: edit_row(teller.deployment, scope, "deploy", "enabled", False)
    )
    teller.refused(teller.credentials(token, "deploy"), 403, "no_mapping")
    teller.administer(
        "set enabled=true on `deploy`", lambda: edit_row(teller.deployment, scope, "deploy", "enabled", True)
    )
    teller.insist(teller.credentials(token, "deploy").status == 200, "the row was switched on again and did not grant")


def broken_row_denies_itself(teller: Teller) -> None:
    scope, token = project_scope(teller.deployment), teller.token(project=PROJECT, ref="main")
    role = teller.deployment.outputs["DemoDeployerRoleArn"]
    broken = {"role_arn": role, "condition": {"ref_protected": "true"}}
    teller.administer(
        "add `nightly` with the typo `condition` for `conditions`",
        lambda: put_row(teller.deployment, scope, "nightly", **broken),
    )
    try:
        teller.refused(teller.credentials(token, "nightly"), 403, "no_mapping", "`nightly`")
        teller.insist(teller.credentials(token, "deploy").status == 200, "a broken row took another row with it")
        lines = log_lines(teller.deployment, teller.deployment.audit_log_group, "nightly")
        complaint = [line for line in lines if line.get("kind") == "invalid_mapping"]
        teller.show("admin", "what does the log say of it?", json.dumps(complaint[0]) if complaint else "nothing")
        teller.insist(bool(complaint), "the broken row is not in the log")
    finally:
        delete_row(teller.deployment, scope, "nightly")


def audit_line_is_found(teller: Teller) -> None:
    session = teller.memory["session"]
    group = teller.deployment.audit_log_group
    lines = audit_lines(teller.deployment, session)
    command = f"aws logs filter-log-events --log-group-name {group} --filter-pattern '\"{session}\"'"
    teller.show("auditor", command, json.dumps(lines[0], indent=2) if lines else "nothing")
    teller.insist(bool(lines), f"no audit line has the session name {session}")
    teller.insist(lines[0]["project_id"] in (4711, "4711"), "the audit line is of another project")


STORY = [
    ("a job on protected main gets the role, and only the role", job_gets_credentials),
    ("the same project from feature/x is refused", feature_branch_is_refused),
    ("a merge request from a fork is refused", fork_is_refused),
    ("the same path under another project id is refused", reregistered_path_is_refused),
    ("a role that trusts another project is refused by STS", role_owner_has_the_last_word),
    ("the authorizer admits one route and refuses the other", authorizer_knows_routes),
    ("an edited row is obeyed by the next request", edited_row_is_obeyed),
    ("a broken row denies only itself", broken_row_denies_itself),
    ("the audit line is found from the session name", audit_line_is_found),
]
