"""Runs the trials of a client, several at a time, and remembers what came of each."""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from local.aws import location
from local.deployment import Deployment
from local.front import Stage
from local.gitlab import JobToken, job_token
from local.site import ROOT
from tests.clients.client import Client
from tests.clients.door import FaultyDoor, hash_of
from tests.clients.outcome import Outcome, steady
from tests.clients.role import ROLE
from tests.clients.trial import Session, Trial

# Most of a trial is waiting: for the next attempt, or for an answer that is late.
AT_A_TIME = 4
PATIENCE_SECONDS = 90
BREVET = ROOT / "target" / "debug" / "brevet"
QUESTION = {"role": [ROLE], "duration_seconds": ["1800"]}


class Observations:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._stage = Stage(deployment.api_url, deployment.site.ca_bundle)
        self._outcomes: dict[tuple[str, Trial], Outcome] = {}

    def of(self, client: Client, trial: Trial) -> Outcome:
        """What came of a trial. The first one asked for of a client runs all of that client's."""
        if (client.name, trial) not in self._outcomes:
            self._wake_up()
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                outcomes = pool.map(lambda each: self._run(client, each), client.trials)
                self._outcomes |= {
                    (client.name, each): outcome for each, outcome in zip(client.trials, outcomes, strict=True)
                }
        return self._outcomes[client.name, trial]

    def _wake_up(self) -> None:
        """A function that has to start first would be a slow answer in a row that is not about one."""
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(lambda _: self._stage.ask("GET", "/credentials", [], b""), range(AT_A_TIME)))

    def _run(self, client: Client, trial: Trial) -> Outcome:
        token = job_token(self._deployment.site, ref=trial.ref)
        lifetime = {None: None, Session.LASTING: client.lasting, Session.ENDING: client.ending}[trial.session]
        certificates = self._deployment.site.ca_bundle.parent if client.over_https and not trial.as_process else None
        with (
            tempfile.TemporaryDirectory() as home,
            FaultyDoor(self._stage, trial.faults, trial.answers_after_seconds, lifetime, certificates) as door,
        ):
            done = subprocess.run(
                client.command(trial.uses),
                cwd=home,
                env=self._environment(client, trial, token, door, Path(home)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        if not trial.as_process:
            _assert_asked_as_told(door, trial, token)
        by_chance = client.uses_at_once and trial.session is Session.ENDING
        return Outcome(
            has_the_role=done.returncode == 0 and done.stdout.count(client.proof(token)) == trial.uses,
            requests=min(len(door.asked), 2) if by_chance else len(door.asked),
            or_more=by_chance,
            sees=trial.sees or steady(client.sees(done.stderr)),
            shows_the_token=token.text in done.stdout + done.stderr,
        )

    def _environment(
        self, client: Client, trial: Trial, token: JobToken, door: FaultyDoor, home: Path
    ) -> dict[str, str]:
        site = self._deployment.site
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            **location(site),
            "SSL_CERT_FILE": str(site.ca_bundle),
            **client.further,
            **dict(trial.further),
            **(_as_process(trial, token, door, home) if trial.as_process else _as_container(trial, token, door, home)),
        }


def _assert_asked_as_told(door: FaultyDoor, trial: Trial, token: JobToken) -> None:
    """Whatever a client does to an address, what is asked for arrives; what it is given to send is sent as it is."""
    given = {hash_of(text.format(token=token.text)) for text in (trial.variable, trial.file) if text}
    for asked in door.asked:
        assert parse_qs(urlsplit(asked.path).query) == QUESTION, asked
        assert asked.authorization in given, asked


def _as_container(trial: Trial, token: JobToken, door: FaultyDoor, home: Path) -> dict[str, str]:
    variables = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{door.url}/credentials?{urlencode(QUESTION, doseq=True)}"}
    if trial.variable is not None:
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = trial.variable.format(token=token.text)
    if trial.file is not None:
        file = home / "token"
        file.write_text(trial.file.format(token=token.text))
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = str(file)
    return variables


def _as_process(trial: Trial, token: JobToken, door: FaultyDoor, home: Path) -> dict[str, str]:
    profile = home / "config"
    profile.write_text(
        f"[default]\ncredential_process = {BREVET} credentials {ROLE} --duration 1800 --format process\n"
    )
    return {"AWS_CONFIG_FILE": str(profile), "BREVET_URL": door.url, "BREVET_ID_TOKEN": token.text}
