"""Where one local stack lives: its folder, its ports and the addresses that follow from them."""

import contextlib
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

ROOT = Path(__file__).resolve().parent.parent
STACKS = ROOT / ".stack"
REGION = "eu-west-1"
# The account Brevet is deployed to, and the one whose roles it vends. The emulator takes any twelve digits.
ACCOUNT = "111122223333"
TARGET_ACCOUNT = "444455556666"
AUDIENCE = "https://brevet.local"

# Which part listens where, and the variable that moves it.
PORTS = {"aws": ("BREVET_PORT_AWS", 4566), "gitlab": ("BREVET_PORT_GITLAB", 8929), "front": ("BREVET_PORT_FRONT", 8790)}


@dataclass(frozen=True)
class Site:
    """One stack's place. Two sites never share a folder, so several stacks can run side by side."""

    folder: Path
    aws_port: int
    gitlab_port: int
    front_port: int

    @property
    def aws_url(self) -> str:
        return f"https://localhost:{self.aws_port}"

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.gitlab_port}"

    @property
    def issuer_host(self) -> str:
        """The first part of every scope in the role-mapping table."""
        return f"localhost:{self.gitlab_port}"

    @property
    def front_url(self) -> str:
        return f"http://127.0.0.1:{self.front_port}"

    @property
    def ca_bundle(self) -> Path:
        return self.folder / "tls" / "ca.pem"

    @property
    def gitlab_state(self) -> Path:
        return self.folder / "gitlab"

    def log(self, part: str) -> Path:
        return self.folder / "logs" / f"{part}.log"

    def port(self, part: str) -> int:
        return {"aws": self.aws_port, "gitlab": self.gitlab_port, "front": self.front_port}[part]

    def remember(self) -> None:
        """Write the ports down, so that later commands find this stack wherever it was started."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = {part: self.port(part) for part in PORTS}
        (self.folder / "ports.json").write_text(json.dumps(ports))


def asked_site() -> Site:
    """The stack of `make up`, on the ports that the environment asks for."""
    return Site(STACKS / "local", *(_port_from_environment(*PORTS[part]) for part in ("aws", "gitlab", "front")))


def remembered_site(folder: Path) -> Site | None:
    """The stack that was started in a folder, on the ports it was started with."""
    with contextlib.suppress(FileNotFoundError):
        ports = json.loads((folder / "ports.json").read_text())
        return Site(folder, ports["aws"], ports["gitlab"], ports["front"])
    return None


def a_site_of_its_own(name: str) -> Site:
    """A stack for one run of the demo or the tests, on ports that nothing else uses."""
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for listener in (one, two, three):
            listener.bind(("127.0.0.1", 0))
        ports = [listener.getsockname()[1] for listener in (one, two, three)]
    return Site(STACKS / name, *ports)


def every_site() -> list[Site]:
    """All stacks that this clone has started and not yet forgotten."""
    found = (remembered_site(file.parent) for file in sorted(STACKS.glob("*/ports.json")))
    return [site for site in found if site is not None]


def refuse_taken_ports(site: Site) -> None:
    for part, (variable, _) in PORTS.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", site.port(part)))
            except OSError as fault:
                raise LocalError(
                    f"port {site.port(part)}, for the {part} part of the stack, is in use: "
                    f"stop what uses it, or set {variable} to a free port"
                ) from fault


def _port_from_environment(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise LocalError(f"{variable} must be a port from 1024 to 65535, not `{text}`")
    return int(text)
