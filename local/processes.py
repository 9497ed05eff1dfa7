"""Background processes: started with a log file, remembered by pid, stopped as a group."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.site import ROOT, Site

STOP_PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Background:
    """One long-running part of a stack."""

    site: Site
    name: str

    def start(self, command: list[str], environment: dict[str, str]) -> None:
        log = self.site.log(self.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(f"{process.pid}\n{_started_at(process.pid)}")

    def was_started(self) -> bool:
        return self._pid_file.exists()

    def is_alive(self) -> bool:
        return self._pid() is not None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_alive():
                raise LocalError(f"{self.name} stopped while starting: see {self.shown_log}\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{self.name} was not ready after {seconds:.0f} s: see {self.shown_log}\n{self.log_tail()}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        pid = self._pid()
        self._pid_file.unlink(missing_ok=True)
        if pid is None:
            return
        os.killpg(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE_SECONDS
        while _group_exists(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _group_exists(pid):
            os.killpg(pid, signal.SIGKILL)

    @property
    def shown_log(self) -> str:
        return str(self.site.log(self.name).relative_to(ROOT))

    def log_tail(self, lines: int = 15) -> str:
        try:
            text = self.site.log(self.name).read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:])

    @property
    def _pid_file(self) -> Path:
        return self.site.folder / "pids" / self.name

    def _pid(self) -> int | None:
        """The process, if it is still the one that was started: pids are used again."""
        try:
            pid, started = self._pid_file.read_text().split("\n", 1)
        except FileNotFoundError:
            return None
        return int(pid) if started and _started_at(int(pid)) == started else None


def _started_at(pid: int) -> str:
    """When a process started, as `ps` tells it; empty for one that is gone or only waits to be reaped."""
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    state, _, started = shown.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    # A finished leader that its parent has not yet reaped still counts as a group.
    return _started_at(group) != ""
