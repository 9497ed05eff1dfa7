#!/usr/bin/env bash
# Says in one line each which tools are missing, before anything slow starts. Usage: preflight.sh cargo node python openssl cc git rsync cmake autotools nightly valgrind
set -uo pipefail

missing=0

lacks() {
    echo "missing: $1" >&2
    missing=1
}

at_least() { # at_least WANTED FOUND
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

check() {
    case "$1" in
    cargo)
        command -v cargo >/dev/null || { lacks "cargo 1.95 or newer (install Rust with rustup)"; return; }
        local found; found=$(cargo --version | cut -d' ' -f2)
        at_least 1.95 "$found" || lacks "cargo 1.95 or newer (found $found; run: rustup update stable)"
        ;;
    node)
        command -v node >/dev/null && command -v npm >/dev/null || { lacks "node 20 or newer, with npm"; return; }
        local found; found=$(node --version); found=${found#v}
        at_least 20 "$found" || lacks "node 20 or newer (found $found)"
        ;;
    python)
        local python=${PYTHON:-python3}
        command -v "$python" >/dev/null || { lacks "$python (python 3.11 or newer; set PYTHON to use another name for it)"; return; }
        local found; found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        at_least 3.11 "$found" || lacks "python 3.11 or newer (found $found as $python; set PYTHON to use another)"
        "$python" -c 'import venv, ensurepip' 2>/dev/null || lacks "python's venv module (Debian: apt-get install python3-venv)"
        ;;
    openssl) command -v openssl >/dev/null || lacks "openssl, the command (Debian: apt-get install openssl)" ;;
    git) command -v git >/dev/null || lacks "git (Debian: apt-get install git)" ;;
    rsync) command -v rsync >/dev/null || lacks "rsync, which gitlab-ci-local copies artifacts with (Debian: apt-get install rsync)" ;;
    cc) command -v cc >/dev/null || lacks "cc, a C compiler and linker (Debian: apt-get install build-essential)" ;;
    cmake)
        command -v cmake >/dev/null || command -v cmake3 >/dev/null || lacks "cmake, which builds AWS's runtime client for Node.js (Debian: apt-get install cmake)"
        ;;
    autotools)
        command -v autoreconf >/dev/null && command -v automake >/dev/null && command -v libtoolize >/dev/null ||
            lacks "autoconf, automake and libtool, which build AWS's runtime client for Node.js (Debian: apt-get install autoconf automake libtool)"
        command -v c++ >/dev/null && command -v make >/dev/null || lacks "c++ and make, for AWS's runtime client for Node.js (Debian: apt-get install build-essential)"
        ;;
    nightly)
        rustup run nightly rustc --version >/dev/null 2>&1 || lacks "a nightly Rust, for AddressSanitizer (rustup toolchain install nightly)"
        command -v c++ >/dev/null || lacks "c++, a C++ compiler, for libFuzzer (Debian: apt-get install build-essential)"
        ;;
    valgrind) command -v valgrind >/dev/null || lacks "valgrind, which counts instructions (Debian: apt-get install valgrind)" ;;
    *) lacks "$1: preflight.sh does not know this tool" ;;
    esac
}

for tool in "$@"; do check "$tool"; done
exit "$missing"
