"""The first minute after starting the site with one command."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.site_process import PATIENCE_S, answer, free_port, serving, start


@pytest.fixture
def started(empty_database_url: str, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the site after the one command, on a database without tables."""
    port = free_port()
    process = start(tmp_path / "instance", PORT=str(port), WSS_DATABASE_URL=empty_database_url)
    url = f"http://127.0.0.1:{port}"
    serving(process, url)
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
