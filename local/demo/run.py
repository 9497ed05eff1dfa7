"""Runs the story, on a stack of its own."""

import time
from collections.abc import Callable

from local.demo.screen import JsonLines, Prose, Screen, StepRecord
from local.demo.story import STORY
from local.demo.teller import NotAsTold, Teller
from local.deployment import Deployment
from local.errors import LocalError
from local.site import ROOT, a_site_of_its_own
from local.stack import stop, up

Step = Callable[[StepRecord], None]


def run_demo(keep: bool, as_json: bool) -> int:
    """Tells the story up to its end or its first step that does not go as told; the answer is the exit status."""
    screen: Screen = JsonLines() if as_json else Prose()
    site = a_site_of_its_own("demo")
    stop(site)
    records: list[StepRecord] = []
    memory: dict[str, object] = {}
    deployments: list[Deployment] = []

    def bring_up(_record: StepRecord) -> None:
        deployments.append(up(site, screen.say))

    def told(step: Callable[[Teller], None]) -> Step:
        return lambda record: step(Teller(deployments[0], screen, record, memory))

    steps: list[tuple[str, Step]] = [("the local stack comes up", bring_up)]
    steps += [(title, told(step)) for title, step in STORY]
    began = time.monotonic()
    try:
        well = all(_run(screen, records, title, step) for title, step in steps)
    finally:
        if not keep:
            stop(site)
    screen.summary(records, time.monotonic() - began)
    if not well:
        screen.say(f"the demo stopped at step {len(records)} of {len(steps)}: {records[-1].title}")
        screen.say(f"logs: {(site.folder / 'logs').relative_to(ROOT)}")
    elif keep:
        screen.say(
            f"the stack is still up, with jobs' credentials at {site.front_url}/credentials; stop it with `make down`"
        )
    return 0 if well else 1


def _run(screen: Screen, records: list[StepRecord], title: str, step: Step) -> bool:
    record = StepRecord(title)
    records.append(record)
    screen.begin(len(records), title)
    began = time.monotonic()
    try:
        step(record)
    except (NotAsTold, LocalError) as fault:
        record.failure = str(fault)
    except Exception as fault:
        # A fault of the demo's own must stop it as loudly as a wrong answer.
        record.failure = f"{type(fault).__name__}: {fault}"
    record.seconds = time.monotonic() - began
    screen.end(record)
    return record.failure is None
