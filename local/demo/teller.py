"""What a step of the story is given: the deployment it plays on, and the ways to ask, show and insist."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.asking import Answer, ask
from local.demo.screen import Screen, StepRecord
from local.deployment import Deployment
from local.gitlab import JobToken, job_token
from local.job import Job
from local.site import Site


class NotAsTold(Exception):
    """An answer was another than the story says."""


@dataclass
class Teller:
    deployment: Deployment
    screen: Screen
    record: StepRecord
    # What one step finds out and a later one needs.
    memory: dict[str, Any]

    @property
    def site(self) -> Site:
        return self.deployment.site

    def token(self, **job: Any) -> JobToken:
        return job_token(self.site, **job)

    def run(self, job: Job, *command: str) -> tuple[int, str]:
        """A command of a job's script, and everything it printed."""
        done = job.run(*command)
        answered = (done.stdout + done.stderr).strip()
        self.show("job", " ".join(command), answered)
        return done.returncode, answered

    def credentials(self, token: JobToken, role: str) -> Answer:
        """The request an SDK makes for a job. Shown without the secrets of a grant."""
        answer = ask(self.site, f"{self.site.front_url}/credentials?role={role}", token.text)
        self.show("job", f"GET /credentials?role={role}", f"{answer.status} {_shown(answer)}")
        return answer

    def call(self, token: JobToken, method: str, url: str, path: str) -> Answer:
        """A call of a job to somebody's protected API."""
        answer = ask(self.site, url + path, token.text, method=method)
        self.show("job", f"{method} {path}", f"{answer.status} {_shown(answer)}")
        return answer

    def administer(self, asked: str, change: Callable[[], None]) -> None:
        change()
        self.show("admin", asked, "done")

    def show(self, who: str, asked: str, answered: str) -> None:
        self.record.exchanges.append({"who": who, "asked": asked, "answered": answered})
        self.screen.exchange(who, asked, answered)

    def refused(self, answer: Answer, status: int, code: str, *words: str) -> None:
        """Insists on a refusal, and on what its message tells the author."""
        self.insist(
            (answer.status, answer.code) == (status, code),
            f"expected {status} `{code}`, got {answer.status} `{answer.code}`",
        )
        for word in words:
            self.insist(word in answer.message, f"the message does not say `{word}`: {answer.message}")

    def insist(self, as_told: bool, otherwise: str) -> None:
        if not as_told:
            raise NotAsTold(otherwise)


def _shown(answer: Answer) -> str:
    try:
        body = answer.json
    except ValueError:
        return answer.text
    if "SecretAccessKey" in body:
        return f"{body['AssumedRoleArn']}, until {body['Expiration']}"
    if str(body.get("code")).startswith("$context."):
        return (
            "refused by the gateway. (The emulator leaves the authorizer's reason out of the answer; AWS puts it in.)"
        )
    if "caller" in body:
        told = ("project_id", "project_path", "ref", "user_login", "principalId")
        return f"{body['route']}, called by {json.dumps({name: body['caller'].get(name) for name in told})}"
    if "message" in body:
        return f"{body.get('code')}: {body['message']}"
    return answer.text
