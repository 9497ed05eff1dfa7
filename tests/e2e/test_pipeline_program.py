"""Where the image has no `brevet`, it is downloaded, and used only if it is the one that was meant."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from conftest import Brevet
from gitlab_pipeline import Ended, Pipeline, project

PIPELINE = """
include:
  - local: /templates/cdk-diff/template.yml
    inputs:
      endpoint: $CREDENTIALS_URL
      audience: https://brevet.local
      region: eu-west-1
      install: ''
      cdk_command: echo cdk
      brevet_url: $PROGRAM_URL
      brevet_sha256: $PROGRAM_SHA256

# Whoever looks for a fault adds this: no token may be on the screen then either.
cdk-diff:
  before_script: [set -x]
"""
# Stands in for `brevet`: refuses nobody, says how it was called, and runs the command.
PROGRAM = b"""#!/bin/sh
[ "$1" = exec ] || exit 0
echo "called with $1 $2 $3 $4" >&2
shift 5
exec "$@"
"""
SHA256 = hashlib.sha256(PROGRAM).hexdigest()


@contextmanager
def registry() -> Iterator[tuple[str, list[str | None]]]:
    """A package registry that sends on to an object store, and the job tokens that each request brought."""
    tokens: list[str | None] = []

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tokens.append(self.headers["JOB-TOKEN"])
            elsewhere = self.path.startswith("/api/")
            self.send_response(302 if elsewhere else 200)
            if elsewhere:
                self.send_header("Location", "/store/brevet")
            self.end_headers()
            self.wfile.write(b"" if elsewhere else PROGRAM)

        def log_message(self, format: str, *values: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v4", tokens
    finally:
        server.shutdown()
        server.server_close()


def run(brevet: Brevet, folder: Path, **variables: str) -> Ended:
    token = brevet.token(source="merge_request_event", ref="feature/x")
    return Pipeline(brevet.site, project(folder, PIPELINE), token, variables).run("cdk-diff")


def test_a_program_with_another_checksum_is_not_run(brevet: Brevet, tmp_path: Path) -> None:
    with registry() as (api, _):
        ended = run(brevet, tmp_path, PROGRAM_URL=f"{api}/brevet", PROGRAM_SHA256="0" * 64)
    assert "FAIL 78" in ended.screen
    assert f"its SHA-256 is {SHA256}, and {'0' * 64} was expected" in ended.screen
    assert "called with" not in ended.screen


def test_without_a_program_nothing_runs_unlogged(brevet: Brevet, tmp_path: Path) -> None:
    ended = run(brevet, tmp_path, PROGRAM_URL="", PROGRAM_SHA256="")
    assert "FAIL 78" in ended.screen
    assert "set the inputs brevet_url and brevet_sha256, or log_group to ''" in ended.screen
    assert "cdk synth" not in ended.screen


def test_the_program_that_was_meant_runs_every_step(brevet: Brevet, tmp_path: Path) -> None:
    with registry() as (api, tokens):
        known = {"PROGRAM_URL": f"{api}/brevet", "PROGRAM_SHA256": SHA256}
        ended = run(brevet, tmp_path, CI_API_V4_URL=api, CI_JOB_TOKEN="glcbt-of-this-job", **known)
    assert ended.status == 0, ended.screen
    assert "glcbt-of-this-job" not in ended.screen
    assert ended.screen.count("> called with exec cdk-diff --log-group /brevet/pipelines") == 2
    assert "> cdk synth --quiet --output cdk.out" in ended.screen
    # The job token is for GitLab, and not for where GitLab sends the job on to.
    assert tokens == ["glcbt-of-this-job", None]
