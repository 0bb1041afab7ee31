"""`python -m drill release`: the former release's code runs its own journeys on the tables of this version."""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The former code gets the new tables: their migrations, and the module that runs them.
_NEW = ("migrations", "wss/schema.py")


def main(arguments: Sequence[str]) -> int:
    """Run the journeys of a release on both databases; return pytest's exit status, or 2 without a release."""
    parser = argparse.ArgumentParser(prog="python -m drill release", description=__doc__)
    parser.add_argument("release", nargs="?", help="a tag or commit; the newest tag without it")
    parser.add_argument("--tests", nargs="+", default=["tests/journeys"], help="what of its tests to run")
    asked = parser.parse_args(arguments)
    release = asked.release or _git("describe", "--tags", "--abbrev=0").decode().strip()
    if not release:
        print("there is no tag here: name a release", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="wss-release-") as folder:
        tree = Path(folder) / "tree"
        unpack(release, tree)
        print(f"journeys of {release} on the tables of this version:", flush=True)
        return run(tree, asked.tests)


def unpack(release: str, tree: Path) -> None:
    """Write the files of a release, with the migrations of this version in place of its own."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", release))) as archive:
        archive.extractall(tree, filter="data")
    for name in _NEW:
        target = tree / name
        if target.is_dir():
            shutil.rmtree(target)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, target)


def run(tree: Path, tests: Sequence[str]) -> int:
    """Run tests of a release with its own code."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--every-database", "-p", "no:cacheprovider"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WSS_")}
    return subprocess.run([*command, *tests], cwd=tree, env=environ, check=False).returncode


def _git(*arguments: str) -> bytes:
    """Return what git prints; nothing where there is no repository or no tag."""
    ended = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True)
    return ended.stdout
