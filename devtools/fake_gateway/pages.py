"""The page of what has arrived at the gateways for trying, and the form that sets their moods."""

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
    OF_RECEIPTS,
    FailureMode,
    FailureModes,
)
from devtools.fake_gateway.received_messages import ReceivedMessages
from wss.clock import to_local

PROJECT = Path(__file__).resolve().parents[2]
SHEET = PROJECT / "static" / "css" / "wss.css"
SHOWN = 100
OF_LETTERS = [mood for mood in FailureMode if mood not in OF_RECEIPTS]


@cache
def _template() -> Template:
    templates = Environment(loader=FileSystemLoader(PROJECT / "templates"), autoescape=True)
    templates.filters["local"] = lambda moment: to_local(moment).strftime("%H:%M:%S")
    return templates.get_template("trying/arrived.html")


def page(arrivals: ReceivedMessages, moods: FailureModes, lines: str, waiting: int) -> str:
    """Everything at a glance, newest first."""
    return _template().render(
        arrivals=arrivals.newest(SHOWN),
        settings={gateway: moods.of(gateway) for gateway in GATEWAYS},
        choices={gateway: OF_LETTERS if gateway == MAIL else list(FailureMode) for gateway in GATEWAYS},
        meanings=MEANINGS,
        lines=lines,
        waiting=waiting,
    )


def arrived_json(arrivals: ReceivedMessages, waiting: int) -> bytes:
    """Everything for programs, the oldest first, and of how many something is still to be told."""
    all_of_them = [{**asdict(arrival), "at": arrival.at.isoformat()} for arrival in arrivals.all()]
    return json.dumps({"waiting": waiting, "arrived": all_of_them}).encode()


def set_moods(moods: FailureModes, body: bytes, is_json: bool) -> None:
    """Set moods as a form or a program asks; ValueError for what there is not."""
    for gateway, wish in _wishes(body, is_json).items():
        moods.set(gateway, str(wish.get("mood", "")), int(str(wish.get("times") or 0)))


def _wishes(body: bytes, is_json: bool) -> Mapping[str, Mapping[str, object]]:
    if not is_json:
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return {
            gateway: {"mood": fields[gateway], "times": fields.get(f"{gateway}-times")}
            for gateway in GATEWAYS
            if gateway in fields
        }
    wishes = json.loads(body)
    if not isinstance(wishes, dict) or not all(isinstance(wish, dict) for wish in wishes.values()):
        raise ValueError("not moods by gateway")
    return wishes
