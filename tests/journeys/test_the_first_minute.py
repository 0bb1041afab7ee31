"""The first minute of somebody who has just started the site with its one command."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PATIENCE_S = 60


def start(instance: Path, **settings: str) -> subprocess.Popen[str]:
    """`python app.py` as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WSS_")}
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**kept, "WSS_INSTANCE": str(instance), "WSS_DEMO": "0", "PYTHONUNBUFFERED": "1", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answer(url: str) -> tuple[int, str]:
    """What the address answers; status 0 while nobody does."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  loopback only
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


@pytest.fixture
def started(empty_database_url: str, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The site as it is after the one command, on a database without tables."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(tmp_path / "instance", PORT=str(port), WSS_DATABASE_URL=empty_database_url)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE_S
    while answer(f"{url}/livez")[0] != 200 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.1)
    yield process, url
    process.kill()
    process.communicate()


def test_one_command_makes_the_tables_and_serves(started: tuple[subprocess.Popen[str], str]):
    process, url = started

    status, ready = answer(f"{url}/readyz")
    home, page = answer(f"{url}/?lang=en")
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=PATIENCE_S)

    assert (status, json.loads(ready)["migrated"]) == (200, True)
    assert home == 200
    assert "Register" in page
    assert url in printed
    assert process.returncode == 0


def test_production_does_not_start_without_its_secret(tmp_path: Path):
    process = start(tmp_path / "instance", WSS_ENV="production")

    printed, _ = process.communicate(timeout=PATIENCE_S)

    assert process.returncode != 0
    assert "WSS_SECRET_KEY" in printed
