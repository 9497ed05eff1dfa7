"""GitLabs with faults: each is the local GitLab below an address, hence an issuer, of its own."""

import ssl
import urllib.request
from collections.abc import Callable

from local.site import Site
from tests.faults.server import FaultServer, Reply, Request

_DOCUMENTS = {"/.well-known/openid-configuration": "discovery", "/oauth/discovery/keys": "keys"}


def gitlabs_with_faults(site: Site, trust: ssl.SSLContext | None = None) -> FaultServer:
    """The issuer `<url>/NAME` serves `NAME/discovery` and `NAME/keys`, for every name there may be."""
    server = FaultServer(_local_gitlab(site, lambda: server.url), _name_of, trust)
    return server


def _local_gitlab(site: Site, url: Callable[[], str]) -> Callable[[Request], Reply]:
    def pass_on(request: Request) -> Reply:
        name, path = _split(request)
        with urllib.request.urlopen(site.issuer + path, timeout=10) as answer:
            body = answer.read().replace(site.issuer.encode(), f"{url()}/{name}".encode())
            return Reply(answer.status, body)

    return pass_on


def _name_of(request: Request) -> str:
    name, path = _split(request)
    return f"{name}/{_DOCUMENTS.get(path, 'other')}"


def _split(request: Request) -> tuple[str, str]:
    name, _, path = request.path.removeprefix("/").partition("/")
    return name, f"/{path}"
