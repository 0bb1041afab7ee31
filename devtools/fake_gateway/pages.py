"""The page of received messages, with the form that sets failure modes, and the same as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, Template

from devtools.fake_gateway.failure_modes import (
    GATEWAYS,
    MAIL,
    MEANINGS,
    RECEIPT_MODES,
    FailureMode,
    FailureModes,
)
from devtools.fake_gateway.received_messages import ReceivedMessages
from wss.clock import to_local

HERE = Path(__file__).resolve().parent
STYLESHEET = HERE.parents[1] / "static" / "css" / "wss.css"
SHOWN = 100
LETTER_MODES = [mode for mode in FailureMode if mode not in RECEIPT_MODES]


@cache
def _template() -> Template:
    templates = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    templates.filters["local"] = lambda moment: to_local(moment).strftime("%H:%M:%S")
    return templates.get_template("received.html")


def page(received: ReceivedMessages, modes: FailureModes, lines: str, waiting: int) -> str:
    """Render the page, newest message first."""
    return _template().render(
        received=received.newest(SHOWN),
        settings={gateway: modes.of(gateway) for gateway in GATEWAYS},
        choices={gateway: LETTER_MODES if gateway == MAIL else list(FailureMode) for gateway in GATEWAYS},
        meanings=MEANINGS,
        lines=lines,
        waiting=waiting,
    )


def received_json(received: ReceivedMessages, waiting: int) -> bytes:
    """Return all messages, oldest first, and how many receipts are still to be sent.

    `received`, `failure_mode` and `receipts` are included under their former keys too.
    """
    messages = [
        {
            **asdict(message),
            "at": message.at.isoformat(),
            "mood": message.failure_mode,
            "told": message.receipts,
        }
        for message in received.all()
    ]
    return json.dumps({"waiting": waiting, "received": messages, "arrived": messages}).encode()


def set_modes(modes: FailureModes, body: bytes, is_json: bool) -> None:
    """Set failure modes from a form or from JSON. Raises ValueError for unknown ones."""
    for gateway, asked in _settings(body, is_json).items():
        mode = asked.get("failure_mode", asked.get("mood", ""))
        modes.set(gateway, str(mode), int(str(asked.get("times") or 0)))


def _settings(body: bytes, is_json: bool) -> Mapping[str, Mapping[str, object]]:
    if not is_json:
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return {
            gateway: {"failure_mode": fields[gateway], "times": fields.get(f"{gateway}-times")}
            for gateway in GATEWAYS
            if gateway in fields
        }
    settings = json.loads(body)
    if not isinstance(settings, dict) or not all(isinstance(each, dict) for each in settings.values()):
        raise ValueError("not failure modes by gateway")
    return settings
