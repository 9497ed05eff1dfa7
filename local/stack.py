"""The whole local stack: up, down, and how it is doing."""

import shutil
from collections.abc import Callable

from local.deployment import Deployment, deploy
from local.emulator import emulator, start_emulator
from local.front import front, start_front
from local.gitlab import gitlab, start_gitlab
from local.processes import Background
from local.rows import seed
from local.site import Site, asked_site, refuse_taken_ports, remembered_site

Say = Callable[[str], None]


def the_site() -> Site:
    """The stack of `make up`: where it runs, or, as long as it does not, where it was asked to."""
    asked = asked_site()
    remembered = remembered_site(asked.folder)
    running = remembered is not None and any(part.is_alive() for part in parts(remembered))
    return remembered if running else asked


def up(site: Site, say: Say) -> Deployment:
    """Starts what does not run and deploys; on a stack that is up, deploys what changed. Leaves nothing half up."""
    running = [part.is_alive() for part in parts(site)]
    if any(running) and not all(running):
        down(site)
    if not all(running):
        shutil.rmtree(site.folder, ignore_errors=True)
        refuse_taken_ports(site)
        site.remember()
    try:
        return _up(site, say, fresh=not all(running))
    except BaseException:
        if not all(running):
            stop(site)
        raise


def down(site: Site) -> None:
    """Stops the stack and forgets it: what it deployed lived in the emulator's memory."""
    stop(site)
    shutil.rmtree(site.folder, ignore_errors=True)


def stop(site: Site) -> None:
    """Stops every part; the logs stay."""
    for part in reversed(parts(site)):
        part.stop()


def parts(site: Site) -> list[Background]:
    return [emulator(site), gitlab(site), front(site)]


def status(site: Site) -> tuple[list[str], bool]:
    """One line per part, and whether all is well."""
    addresses = {"aws": site.aws_url, "gitlab": site.issuer, "front": f"{site.front_url}/credentials"}
    lines, well = [], True
    for part in parts(site):
        if part.is_alive():
            lines.append(f"{part.name:8} up    {addresses[part.name]}")
        elif part.was_started():
            well = False
            lines.append(f"{part.name:8} DIED  see {part.shown_log}\n{part.log_tail(5)}")
        else:
            well = False
            lines.append(f"{part.name:8} down")
    return lines, well


def _up(site: Site, say: Say, fresh: bool) -> Deployment:
    if fresh:
        say(f"starting the local AWS at {site.aws_url} (IAM enforcement on) and the local GitLab at {site.issuer}")
        start_emulator(site)
        start_gitlab(site)
    say("deploying Brevet and the examples with the CDK")
    result = deploy(site)
    if fresh:
        start_front(site, result.api_url)
        seed(result)
    return result
