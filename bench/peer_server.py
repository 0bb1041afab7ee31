"""django-helpdesk, the peer, in an environment of its own: installed as pinned, filled, and served by gunicorn."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load import Ask, Client
from bench.servers import Server, free_port, served
from wss import PROJECT

_HERE = PROJECT / "bench" / "peer"
_PINNED = _HERE / "requirements.txt"
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(r"csrftoken=[^;]+")


@dataclass(frozen=True)
class FilledPeer:
    """An installed peer with tickets."""

    python: Path
    folder: Path
    queue: int
    tickets: Sequence[str]


class PeerServer(Server):
    """The peer behind the gunicorn of the baselines."""

    def __init__(self, peer: FilledPeer) -> None:
        self.python = peer.python
        super().__init__(_environ(peer.folder), *served(free_port(), "django_wsgi:application", _HERE))

    def forms(self, peer: FilledPeer, count: int) -> list[Ask]:
        """Return so many filled-in forms of a new ticket, with the cookie and token of one visit."""
        client = Client(self.port)
        page = client.send(Ask("/tickets/submit/"))
        client.close()
        token, cookie = _CSRF.search(page.body.decode()), _COOKIE.search(page.headers["Set-Cookie"] or "")
        if token is None or cookie is None:
            raise RuntimeError("the form of the peer has no token")
        form = {
            "csrfmiddlewaretoken": token[1],
            "queue": str(peer.queue),
            "title": "Bill correction, May 2026",
            "body": "मीटर की रीडिंग बिल में लिखी रीडिंग से कम है।",
            "priority": "3",
        }
        return [
            Ask(
                "/tickets/submit/",
                {"Cookie": cookie[0]},
                {**form, "submitter_email": f"consumer{number}@example.org"},
                expected=302,
            )
            for number in range(count)
        ]


def filled_peer(folder: Path, tickets: int) -> FilledPeer:
    """Install the peer unless it is, and fill a fresh database with tickets."""
    python = _installed(folder)
    data = folder / "peer"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    completed = subprocess.run(
        [python, _HERE / "fill.py", str(tickets)],
        env=_environ(data),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = json.loads(completed.stdout)
    return FilledPeer(python, data, made["queue"], made["tickets"])


def _installed(folder: Path) -> Path:
    """Return the Python of an environment with exactly the pinned packages."""
    home = folder / f"peer-environment-{hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:8]}"
    python = home / "bin" / "python"
    done = home / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        subprocess.run([python, *install, "--requirement", _PINNED], check=True)
        done.touch()
    return python


def _environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "django_settings", "PEER_FOLDER": str(folder)}
