"""GitLabs with faults: each is the local GitLab below an address, hence an issuer, of its own."""

import ssl
import urllib.request
from collections.abc import Callable

from local.site import Site
from tests.faults.server import FaultServer, Reply, Request


def gitlabs_with_faults(site: Site, trust: ssl.SSLContext | None = None) -> FaultServer:
    """The issuer `<url>/NAME` serves `NAME/discovery` and `NAME/keys`, for every name there may be."""
    server = FaultServer(_local_gitlab(site, lambda: server.url), _document, trust)
    return server


def _local_gitlab(site: Site, url: Callable[[], str]) -> Callable[[Request], Reply]:
    def pass_on(request: Request) -> Reply:
        name, _, path = request.path.removeprefix("/").partition("/")
        with urllib.request.urlopen(f"{site.issuer}/{path}", timeout=10) as answer:
            body = answer.read().replace(site.issuer.encode(), f"{url()}/{name}".encode())
            return Reply(answer.status, body)

    return pass_on


def _document(request: Request) -> str:
    name = request.path.removeprefix("/").partition("/")[0]
    return f"{name}/{'discovery' if '.well-known' in request.path else 'keys'}"
