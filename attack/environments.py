"""Set-up of the tools: a virtual environment for each Python scanner, and Debian packages."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".attack"
_PROGRAMS = {"sqlmap": "sqlmap", "wapiti": "wapiti"}
_PACKAGES = {"slowhttptest": "slowhttptest", "nginx": "nginx-light"}
_POLICY = Path("/usr/sbin/policy-rc.d")
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


class ToolMissing(Exception):
    """A tool is missing and could not be installed; the text says what to do."""


def tool(name: str) -> list[str]:
    """Return the command of a scanner; create its environment if it is missing or its requirements have changed."""
    listed = HERE / f"requirements-{name}.txt"
    environment = FOLDER / name
    stamp = environment / f".installed-{hashlib.sha256(listed.read_bytes()).hexdigest()[:16]}"
    if not stamp.exists():
        print(f"Installing {name} into {environment} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        pip = [
            str(environment / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
        ]
        done = subprocess.run([*pip, "--require-hashes", "-r", str(listed)], check=False)
        if done.returncode:
            raise ToolMissing(f"{name} could not be installed from {listed.name}: pip says why above.")
        stamp.touch()
    return [str(environment / "bin" / _PROGRAMS[name])]


def debian(name: str) -> str:
    """Return the path of a Debian program; install it where permitted, without starting services."""
    found = shutil.which(name, path=_PATH)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {name} …", flush=True)
        _install(_PACKAGES[name])
        found = shutil.which(name, path=_PATH)
    if found is None:
        raise ToolMissing(f"{name} is needed. Install it (Debian: sudo apt install {_PACKAGES[name]}).")
    return found


def _install(package: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # With status 101 this file (policy-rc.d) keeps Debian from starting services that it installs.
    is_created = not _POLICY.exists()
    if is_created:
        _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        _POLICY.chmod(0o755)
    try:
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        subprocess.run(wanted, check=False, env=quiet, stdout=subprocess.DEVNULL)
    finally:
        if is_created:
            _POLICY.unlink()
