"""Certificates that no client should take: each is wrong in one way alone."""

import ssl
import subprocess
from pathlib import Path

from local.errors import LocalError

_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
_FOR_LOCALHOST = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"


def self_signed(folder: Path, _authority: Path) -> ssl.SSLContext:
    """For the right name and time, and signed by nobody that is trusted."""
    extension = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    _openssl(folder, "req", "-x509", *_NEW_KEY, *extension, *_into("self-signed"), "-subj", "/CN=localhost")
    return _context(folder, "self-signed")


def of_another_name(folder: Path, authority: Path) -> ssl.SSLContext:
    """By the trusted authority, for another host."""
    return _signed(folder, authority, "other-name", "subjectAltName=DNS:gitlab.example.com\n", days=1)


def expired(folder: Path, authority: Path) -> ssl.SSLContext:
    """By the trusted authority, for this host, until yesterday."""
    return _signed(folder, authority, "expired", _FOR_LOCALHOST, days=-1)


def good(folder: Path, authority: Path) -> ssl.SSLContext:
    """As it should be: what makes sure that the others fail for their one fault."""
    return _signed(folder, authority, "good", _FOR_LOCALHOST, days=1)


def _signed(folder: Path, authority: Path, name: str, extensions: str, days: int) -> ssl.SSLContext:
    (folder / f"{name}.ext").write_text(extensions)
    request = ["-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=localhost"]
    _openssl(folder, "req", *_NEW_KEY, *request)
    by = ["-CA", str(authority / "ca.pem"), "-CAkey", str(authority / "ca.key"), "-set_serial", "7"]
    about = ["-in", f"{name}.csr", "-out", f"{name}.crt", "-extfile", f"{name}.ext", "-days", str(days)]
    _openssl(folder, "x509", "-req", *by, *about)
    return _context(folder, name)


def _into(name: str) -> list[str]:
    return ["-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", "1"]


def _context(folder: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
    return context


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"openssl {arguments[0]} failed:\n{done.stderr}")
