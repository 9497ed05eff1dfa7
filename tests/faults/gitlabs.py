"""All faults of `keys.py` at once, each at an issuer of its own: one start of a function meets them all."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.site import AUDIENCE, Site
from tests.faults.certificates import expired, good, of_another_name, self_signed
from tests.faults.gitlab import gitlabs_with_faults
from tests.faults.keys import KEYS, KeysFault
from tests.faults.server import FaultServer

_WRONG_CERTIFICATES = {"self-signed": self_signed, "other-name": of_another_name, "expired": expired}


@dataclass(frozen=True)
class Gitlabs:
    servers: dict[str, FaultServer]
    wrong: dict[str, ssl.SSLContext]
    good: ssl.SSLContext

    def issuer(self, fault: KeysFault) -> str:
        return f"{self.servers[fault.server].url}/{fault.name}"

    @property
    def trusted(self) -> list[dict[str, object]]:
        """For `TRUSTED_ISSUERS`."""
        return [{"issuer": self.issuer(fault), "audiences": [AUDIENCE]} for fault in KEYS]

    def fail(self) -> None:
        """Everyone, in the way that is theirs."""
        for fault in KEYS:
            server = self.servers[fault.server]
            for document, behaviour in (("keys", fault.keys), ("discovery", fault.discovery)):
                if behaviour:
                    server.behave(f"{fault.name}/{document}", behaviour)
        self.servers["refused"].refuse()
        for name, certificate in self.wrong.items():
            self.servers[name].present(certificate)

    def mend(self) -> None:
        self.servers["http"].mend()
        self.servers["refused"].listen()
        for name in self.wrong:
            self.servers[name].present(self.good)

    def fetches(self, fault: KeysFault) -> int:
        """How often this GitLab was asked for its keys, or for the way to them."""
        server = self.servers[fault.server]
        return max(server.count(f"{fault.name}/{document}") for document in ("keys", "discovery"))


@contextmanager
def every_gitlab(site: Site, folder: Path) -> Iterator[Gitlabs]:
    """They are well at first."""
    authority = site.ca_bundle.parent.resolve()
    certificate = good(folder, authority)
    wrong = {name: make(folder, authority) for name, make in _WRONG_CERTIFICATES.items()}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(gitlabs_with_faults(site)) for name in ("http", "refused")}
        for name in wrong:
            servers[name] = stack.enter_context(gitlabs_with_faults(site, certificate))
        yield Gitlabs(servers, wrong, certificate)
