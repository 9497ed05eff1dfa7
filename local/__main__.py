"""`python -m local`: what the Makefile calls."""

import argparse
import shlex
import sys

from local.aws import administrator, environment
from local.deployment import deployed
from local.errors import LocalError
from local.gitlab import gitlab, print_token
from local.site import ROOT, every_site
from local.stack import down, parts, status, the_site, up


def main() -> int:
    arguments, rest = _parser().parse_known_args()
    try:
        return arguments.run(arguments, rest)
    except LocalError as fault:
        print(f"brevet: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("brevet: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, summary in [
        ("up", _up, "start the stack, or bring a running one up to date"),
        ("down", _down, "stop every stack of this clone"),
        ("status", _status, "tell how every part is doing"),
        ("logs", _logs, "show the end of every log"),
        ("admin", _admin, "print what a shell needs to be the administrator of the stack"),
        ("token", _token, "print a job's ID token; takes the flags of `local-gitlab token`"),
        ("demo", _demo, "tell the story"),
    ]:
        command = commands.add_parser(name, help=summary, add_help=name != "token")
        command.set_defaults(run=run)
        if name == "demo":
            command.add_argument("--keep", action="store_true", help="leave the demo's stack up")
            command.add_argument("--json", action="store_true", help="one JSON object per step instead of prose")
    return parser


def _up(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    site = the_site()
    up(site, print)
    for line in status(site)[0]:
        print(line)
    print("try: make token PROJECT=nordwind/platform/payments-api REF=main")
    return 0


def _down(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    for site in every_site():
        down(site)
    print("the local stack is down, and so is any that a demo or a test left")
    return 0


def _status(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    lines, well = status(the_site())
    print("\n".join(lines))
    return 0 if well else 1


def _logs(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    site = the_site()
    for log in sorted((site.folder / "logs").glob("*.log")):
        print(f"== {log.relative_to(ROOT)}")
        print("\n".join(log.read_text(errors="replace").splitlines()[-20:]))
    if not any(part.was_started() for part in parts(site)):
        print("the local stack is down: run `make up`")
    return 0


def _admin(_arguments: argparse.Namespace, _rest: list[str]) -> int:
    site = the_site()
    if not status(site)[1]:
        raise LocalError("the local stack is down: run `make up` first")
    deployment = deployed(site)
    variables = {
        **environment(site, administrator(site)),
        "BREVET_MAPPING_TABLE": deployment.mapping_table,
        "BREVET_AUDIT_LOG_GROUP": deployment.audit_log_group,
        "BREVET_MAPPING_AUDIT_LOG_GROUP": deployment.outputs["MappingAuditLogGroup"],
        "BREVET_URL": deployment.api_url,
    }
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _token(_arguments: argparse.Namespace, rest: list[str]) -> int:
    site = the_site()
    if not gitlab(site).is_alive():
        raise LocalError("the local GitLab, whose key signs tokens, is down: run `make up` first")
    return print_token(site, rest)


def _demo(arguments: argparse.Namespace, _rest: list[str]) -> int:
    # Imported here so that `down` and `status` need nothing of the story.
    from local.demo import run_demo

    return run_demo(keep=arguments.keep, as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
