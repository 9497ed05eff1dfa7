"""The local stack itself: what it says when something is in its way."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.errors import LocalError
from local.processes import Background
from local.site import ROOT, Site, refuse_taken_ports
from local.testing import Suite, run


def _local(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("port", ["http", "80", "70000", ""])
def test_refuses_a_port_that_is_none_and_names_the_variable(port: str) -> None:
    done = _local("status", BREVET_PORT_FRONT=port)
    assert done.returncode == 1
    assert "BREVET_PORT_FRONT" in done.stderr
    assert "Traceback" not in done.stderr


def test_names_the_variable_that_moves_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken, socket.socket() as one, socket.socket() as two:
        for listener in (taken, one, two):
            listener.bind(("127.0.0.1", 0))
        taken.listen()
        free = [listener.getsockname()[1] for listener in (one, two)]
        one.close()
        two.close()
        with pytest.raises(LocalError, match="BREVET_PORT_GITLAB"):
            refuse_taken_ports(Site(tmp_path, free[0], taken.getsockname()[1], free[1]))


def test_tells_which_part_died_and_where_its_log_is() -> None:
    site = Site(ROOT / ".stack" / "test-of-processes", 1, 2, 3)
    part = Background(site, "gitlab")
    part.start([sys.executable, "-c", "print('no keys'); raise SystemExit(3)"], dict(os.environ))
    with pytest.raises(LocalError, match=r"(?s)gitlab stopped while starting.*gitlab\.log.*no keys"):
        part.wait_until(lambda: False, seconds=10)
    assert part.was_started()
    assert not part.is_alive()
    part.stop()


def test_stops_a_process_together_with_its_children() -> None:
    site = Site(ROOT / ".stack" / "test-of-processes", 1, 2, 3)
    part = Background(site, "front")
    part.start(["sh", "-c", "sleep 600 & echo started $!; wait"], dict(os.environ))
    part.wait_until(lambda: "started" in part.log_tail(), seconds=10)
    child = int(part.log_tail().split("started ")[1])
    part.stop()
    assert not part.is_alive()
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True, check=False).stdout
    assert state.strip() in {"", "Z"}


@pytest.mark.parametrize(
    ("script", "passed", "failed"),
    [
        ("", 0, 1),
        ("print('3 passed'); raise SystemExit(1)", 3, 1),
        ("print('3 passed, 2 failed'); raise SystemExit(1)", 3, 2),
        ("print('3 passed'); print('4 passed')", 7, 0),
    ],
)
def test_a_suite_that_broke_or_ran_nothing_counts_as_a_failure(script: str, passed: int, failed: int) -> None:
    result = run(Suite("a suite", [sys.executable, "-c", script], passed=r"(\d+) passed", failed=r"(\d+) failed"))
    assert (result.passed, result.failed) == (passed, failed)
