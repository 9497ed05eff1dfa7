"""The functions as they are shipped: what Amazon Linux 2023 has is enough for them, and there is one TLS stack."""

import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from local.site import ROOT

NEWEST_GLIBC = (2, 34)
FUNCTIONS = ["authorizer", "credentials", "mapping-auditor"]


@pytest.fixture(params=FUNCTIONS)
def bootstrap(request: pytest.FixtureRequest) -> Path:
    return ROOT / "target" / "lambda" / request.param / "bootstrap"


def test_needs_no_newer_glibc_than_amazon_linux_2023_has(bootstrap: Path) -> None:
    needed = [version for version in _versions(bootstrap) if version.startswith("GLIBC_")]
    assert needed, "the binary should link glibc dynamically"
    newest = max(tuple(int(part) for part in version.removeprefix("GLIBC_").split(".")) for version in needed)
    assert newest <= NEWEST_GLIBC


def test_links_nothing_but_the_c_library(bootstrap: Path) -> None:
    with bootstrap.open("rb") as file:
        tags = ELFFile(file).get_section_by_name(".dynamic").iter_tags()
        libraries = {tag.needed.split(".so")[0] for tag in tags if tag.entry.d_tag == "DT_NEEDED"}
    assert libraries <= {
        "libc",
        "libm",
        "libgcc_s",
        "libpthread",
        "libdl",
        "librt",
        "ld-linux-x86-64",
        "ld-linux-aarch64",
    }


def test_is_stripped(bootstrap: Path) -> None:
    with bootstrap.open("rb") as file:
        elf = ELFFile(file)
        assert elf.get_section_by_name(".symtab") is None
        assert elf.get_section_by_name(".debug_info") is None


@pytest.mark.parametrize("package", ["brevet-authorizer", "brevet-credentials"])
def test_has_one_tls_stack_and_one_http_client(package: str) -> None:
    tree = subprocess.run(
        ["cargo", "tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    linked = {line.split(" ")[0] for line in tree.splitlines() if line}
    assert linked & {"openssl", "openssl-sys", "native-tls", "ring", "reqwest"} == set()
    assert {"rustls", "aws-lc-rs"} <= linked


def _versions(bootstrap: Path) -> set[str]:
    with bootstrap.open("rb") as file:
        sections = [section for section in ELFFile(file).iter_sections() if isinstance(section, GNUVerNeedSection)]
        return {auxiliary.name for section in sections for _, each in section.iter_versions() for auxiliary in each}
