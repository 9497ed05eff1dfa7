"""A certificate authority of the stack's own and the emulator's certificate, so that every client can verify TLS."""

import subprocess
from pathlib import Path

from local.errors import LocalError

# SDKs have rules of their own for `localhost` and 127.0.0.1; the third is to them an address like any other.
_SERVER_EXTENSIONS = """\
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:127.0.0.2
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
"""
_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
_ONE_YEAR = ["-days", "365"]
_CA = [
    *("-subj", "/CN=Brevet local stack"),
    *("-addext", "basicConstraints=critical,CA:TRUE"),
    *("-addext", "keyUsage=critical,keyCertSign"),
]


def make_certificates(folder: Path) -> None:
    """Leave `ca.pem`, `server.crt` and `server.key` in the folder; what is there already is kept."""
    if (folder / "server.crt").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "server.ext").write_text(_SERVER_EXTENSIONS)
    _openssl(folder, "req", "-x509", *_NEW_KEY, *_CA, "-keyout", "ca.key", "-out", "ca.pem", *_ONE_YEAR)
    _openssl(folder, "req", *_NEW_KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "server.ext"]
    _openssl(folder, "x509", "-req", "-in", "server.csr", *signing, "-out", "server.crt", *_ONE_YEAR)


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"openssl {arguments[0]} failed:\n{done.stderr}")
