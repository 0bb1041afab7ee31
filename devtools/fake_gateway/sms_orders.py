"""The SMS gateway for trying: what it does with an order of the site, as the contract has it and its mood."""

import hmac
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from devtools.fake_gateway.failure_modes import FailureMode, FailureModes
from devtools.fake_gateway.receipts import ReceiptSender
from devtools.fake_gateway.received_messages import ReceivedMessage, ReceivedMessages, arrived

ACCEPTED = 202
_STATUS = {FailureMode.REFUSE: 503, FailureMode.BUSY: 429}
_MOBILE = re.compile(r"91[0-9]{10}")
_TEXTS = ("id", "to", "sender", "entity_id", "template_id", "text", "callback")


@dataclass(frozen=True, slots=True)
class SmsResponse:
    """What the gateway says; without a status it cuts the line."""

    status: int | None
    says: Mapping[str, str]


CUT = SmsResponse(None, {})


class SmsEndpoint:
    """Where orders are handed in."""

    def __init__(
        self,
        token: str,
        moods: FailureModes,
        arrivals: ReceivedMessages,
        receipts: ReceiptSender,
        slow_s: float,
    ) -> None:
        self.token = token
        self.moods = moods
        self.arrivals = arrivals
        self.receipts = receipts
        self.slow_s = slow_s
        self.closing = threading.Event()

    def hand_in(self, gateway: str, authorization: str, body: bytes) -> SmsResponse:
        """Take an order, or not."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            return SmsResponse(401, {"error": "wrong token"})
        order = _order(body)
        if isinstance(order, str):
            return SmsResponse(400, {"error": order})
        mood = self.moods.meets(gateway, str(order["id"]))
        if mood in _STATUS:
            return SmsResponse(_STATUS[mood], {"error": mood})
        if mood is FailureMode.HANG:
            self.closing.wait()
            return CUT
        arrival = self._take(gateway, order, mood)
        if mood is FailureMode.DROP:
            return CUT
        if mood is FailureMode.SLOW:
            self.closing.wait(self.slow_s)
        arrival.answered += 1
        return SmsResponse(ACCEPTED, {"provider_id": arrival.provider_id})

    def _take(self, gateway: str, order: Mapping[str, object], mood: FailureMode) -> ReceivedMessage:
        arrival = arrived(
            gateway, str(order["id"]), str(order["to"]), str(order["sender"]), str(order["text"])
        )
        arrival.about = str(order["template_id"])
        arrival.is_unicode = bool(order["unicode"])
        arrival.mood = mood
        taken, is_new = self.arrivals.take(arrival)
        if is_new:
            self.receipts.tell(taken, mood, str(order["callback"]))
        return taken


def _order(body: bytes) -> Mapping[str, object] | str:
    """The order that a body holds, or what is wrong with it."""
    try:
        order = json.loads(body)
    except ValueError:
        return "not JSON"
    if not isinstance(order, dict):
        return "not an order"
    for name in _TEXTS:
        if not isinstance(order.get(name), str):
            return f"no {name}"
    if not isinstance(order.get("unicode"), bool):
        return "no unicode"
    return order if _MOBILE.fullmatch(order["to"]) else "to: not 91 and ten digits"
