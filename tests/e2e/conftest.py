"""One local stack for all tests, deployed by the code that deploys the demo's."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.asking import Answer, ask
from local.deployment import Deployment
from local.errors import LocalError
from local.gitlab import JobToken, job_token
from local.rows import delete_row, project_scope, put_row
from local.site import STACKS, Site, a_site_of_its_own, remembered_site
from local.stack import stop, up
from tests.clients.observations import Observations
from tests.clients.role import a_role_for_clients


@dataclass
class Brevet:
    """What a test has in its hands: jobs, questions, and the rows it made for itself."""

    deployment: Deployment
    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return self.deployment.site

    def token(self, **job: Any) -> JobToken:
        """The token of a job: on protected main of payments-api, but for what is given."""
        return job_token(self.site, **job)

    def ask(self, path: str, token: JobToken | str | None = None, **request: Any) -> Answer:
        """A question to Brevet's own API, at its HTTPS address."""
        text = token.text if isinstance(token, JobToken) else token
        return ask(self.site, self.deployment.api_url + path, text, **request)

    def credentials(self, role: str, token: JobToken | str | None = None) -> Answer:
        return self.ask(f"/credentials?role={role}", token or self.token())

    def row(self, name: str, project: int = 4711, **attributes: Any) -> None:
        """A row of a test's own, gone when the test is over. A role and the protection rule are filled in."""
        scope = project_scope(self.deployment, project)
        usual = {"role_arn": self.deployer, "conditions": {"ref_protected": "true"}}
        put_row(self.deployment, scope, name, **{**usual, **attributes})
        self.rows.append((scope, name))

    def bare_row(self, name: str, project: int = 4711, **attributes: Any) -> None:
        """A row with these attributes and no others."""
        scope = project_scope(self.deployment, project)
        put_row(self.deployment, scope, name, **attributes)
        self.rows.append((scope, name))

    @property
    def deployer(self) -> str:
        return self.deployment.outputs["DemoDeployerRoleArn"]


def pytest_configure() -> None:
    """What a runner in the background ignores, every process of a test would ignore too, whatever it is sent."""
    for name in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(name) is signal.SIG_IGN:
            signal.signal(name, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stack", default="test", metavar="NAME", help="the stack's name: runs with other names run side by side"
    )
    parser.addoption("--keep", action="store_true", help="leave the stack up; the next run with --keep uses it again")
    parser.addoption("--write-clients-table", action="store_true", help="write docs/clients.md from what this run sees")


@pytest.fixture(scope="session")
def deployment(pytestconfig: pytest.Config) -> Iterator[Deployment]:
    name, keep = pytestconfig.getoption("--stack"), pytestconfig.getoption("--keep")
    site = (remembered_site(STACKS / name) if keep else None) or a_site_of_its_own(name)
    if not keep:
        stop(site)
    try:
        deployment = up(site, print)
    except LocalError as fault:
        pytest.fail(f"the local stack does not come up: {fault}", pytrace=False)
    yield deployment
    if not keep:
        stop(site)


@pytest.fixture(scope="session")
def observations(deployment: Deployment) -> Iterator[Observations]:
    """What every client of the contract does, each of them run once."""
    with a_role_for_clients(deployment):
        yield Observations(deployment)


@pytest.fixture
def brevet(deployment: Deployment) -> Iterator[Brevet]:
    mine = Brevet(deployment)
    yield mine
    for scope, name in mine.rows:
        delete_row(deployment, scope, name)


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """The error shape that every refusal has, whoever refuses."""
    assert (answer.status, answer.text and answer.code) == (status, code), answer.text
    body = answer.json
    assert body["Code"] == body["code"], body
    assert body["Message"] == body["message"], body
    assert body["message"].strip(), body
    assert body["request_id"].strip(), body
    assert body["help"] == f"docs/pipelines.md#{code}", body
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
