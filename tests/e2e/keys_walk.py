"""From a function's start, through the end of every fault, to a rotation during the next: what was seen of each.

The functions' clock stands still, and is moved past each cool-down: nothing is waited for, and nothing is over early.
"""

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from conftest import Brevet
from functions import credentials_function_with, reports_authorizer_with
from local.asking import Answer, ask
from local.gitlab import JobToken, rotate_keys
from local.rows import delete_row, put_row
from tests.faults.clock import MovedClock
from tests.faults.gitlabs import Gitlabs, every_gitlab
from tests.faults.keys import KEYS, KeysFault
from under_fault import Line, Seen, ask_credentials, ask_route, log_lines_since

COOL_DOWN = 30
# Tokens are of the recent past, because clocks that stand still fall behind.
AGE = 600


@dataclass
class Walk:
    brevet: Brevet
    gitlabs: Gitlabs
    # By fault and moment: in full where the log matters.
    seen: dict[tuple[str, str], tuple[Seen, Seen]] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[Answer, Answer]] = field(default_factory=dict)
    # By moment: how often each GitLab had been asked by then.
    fetches: dict[tuple[str, str], int] = field(default_factory=dict)
    started: list[Line] = field(default_factory=list)

    def token(self, fault: KeysFault) -> JobToken:
        return self.brevet.token(claims={"iss": self.gitlabs.issuer(fault)}, age=AGE)

    def look(self, moment: str) -> None:
        """One new token of every GitLab, at both doors."""
        for fault in KEYS:
            token = self.token(fault)
            seen = ask_credentials(self.brevet, token=token), ask_route(self.brevet, token)
            self.seen[fault.name, moment] = seen
            self.fetches[fault.name, moment] = self.gitlabs.fetches(fault)

    def ask(self, moment: str, tokens: dict[str, JobToken] | None = None) -> None:
        """The same with less said about it, with new tokens or with these."""
        for fault in KEYS:
            token = (tokens or {}).get(fault.name) or self.token(fault)
            route = ask(self.brevet.site, f"{self.brevet.deployment.reports_url}/reports/7", token.text)
            self.answers[fault.name, moment] = self.brevet.credentials("deploy", token), route
            self.fetches[fault.name, moment] = self.gitlabs.fetches(fault)


def walk(brevet: Brevet, folder: Path) -> Walk:
    clock = MovedClock.in_folder(folder)
    with every_gitlab(brevet.site, folder) as gitlabs, ExitStack() as functions:
        walk = Walk(brevet, gitlabs)
        functions.callback(_rows_for_each(brevet, gitlabs))
        gitlabs.fail()
        began, start = int(time.time() * 1000), int(time.time())
        clock.stop_at(start)
        variables = {"TRUSTED_ISSUERS": json.dumps(gitlabs.trusted), **clock.variables}
        for function_with in (credentials_function_with, reports_authorizer_with):
            functions.enter_context(function_with(brevet.deployment, **variables))

        walk.look("while it starts")
        walk.started = log_lines_since(brevet.site, brevet.deployment.audit_log_group, began)
        walk.ask("still")
        gitlabs.mend()
        walk.ask("mended, in the cool-down")
        clock.stop_at(start + (COOL_DOWN + 1))
        walk.ask("mended, after the cool-down")
        gitlabs.fail()
        walk.ask("with its keys cached")
        # Two of each: the gateway remembers a token for a minute, whoever signed it.
        old, older = ({fault.name: walk.token(fault) for fault in KEYS} for _ in range(2))
        rotate_keys(brevet.site)
        clock.stop_at(start + 2 * (COOL_DOWN + 1))
        walk.look("rotated")
        walk.ask("rotated, old token", old)
        gitlabs.mend()
        clock.stop_at(start + 3 * (COOL_DOWN + 1))
        walk.ask("rotated and mended")
        walk.ask("rotated and mended, old token", older)
    return walk


def _rows_for_each(brevet: Brevet, gitlabs: Gitlabs):
    rows = {"deploy": {"role_arn": brevet.deployer}, "api.reports": {"routes": ["GET /reports/*"]}}
    scopes = [f"{gitlabs.issuer(fault).partition('://')[2]}/project/4711" for fault in KEYS]
    for scope in scopes:
        for name, gives in rows.items():
            put_row(brevet.deployment, scope, name, conditions={"ref_protected": "true"}, **gives)

    def away() -> None:
        for scope in scopes:
            for name in rows:
                delete_row(brevet.deployment, scope, name)

    return away
