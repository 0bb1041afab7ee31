"""The fake SMS gateway: validates an SMS and answers as its failure mode says."""

import hmac
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from devtools.fake_gateway.failure_modes import FailureMode, FailureModes
from devtools.fake_gateway.receipts import ReceiptSender
from devtools.fake_gateway.received_messages import ReceivedMessage, ReceivedMessages, received_now

ACCEPTED = 202
_STATUS = {FailureMode.REFUSE: 503, FailureMode.BUSY: 429}
_MOBILE = re.compile(r"91[0-9]{10}")
_TEXTS = ("id", "to", "sender", "entity_id", "template_id", "text", "callback")


@dataclass(frozen=True, slots=True)
class SmsResponse:
    """The response; without a status the connection is cut."""

    status: int | None
    content: Mapping[str, str]


CUT = SmsResponse(None, {})


class SmsEndpoint:
    """Receives SMS."""

    def __init__(
        self,
        token: str,
        modes: FailureModes,
        received: ReceivedMessages,
        receipts: ReceiptSender,
        slow_s: float,
    ) -> None:
        self.token = token
        self.modes = modes
        self.received = received
        self.receipts = receipts
        self.slow_s = slow_s
        self.closing = threading.Event()

    def receive(self, gateway: str, authorization: str, body: bytes) -> SmsResponse:
        """Accept or refuse an SMS."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            return SmsResponse(401, {"error": "wrong token"})
        order = _order(body)
        if isinstance(order, str):
            return SmsResponse(400, {"error": order})
        mode = self.modes.meets(gateway, str(order["id"]))
        if mode in _STATUS:
            return SmsResponse(_STATUS[mode], {"error": mode})
        if mode is FailureMode.HANG:
            self.closing.wait()
            return CUT
        message = self._accept(gateway, order, mode)
        if mode is FailureMode.DROP:
            return CUT
        if mode is FailureMode.SLOW:
            self.closing.wait(self.slow_s)
        message.answered += 1
        return SmsResponse(ACCEPTED, {"provider_id": message.provider_id})

    def _accept(self, gateway: str, order: Mapping[str, object], mode: FailureMode) -> ReceivedMessage:
        message = received_now(
            gateway, str(order["id"]), str(order["to"]), str(order["sender"]), str(order["text"])
        )
        message.about = str(order["template_id"])
        message.is_unicode = bool(order["unicode"])
        message.failure_mode = mode
        kept, is_new = self.received.take(message)
        if is_new:
            self.receipts.schedule(kept, mode, str(order["callback"]))
        return kept


def _order(body: bytes) -> Mapping[str, object] | str:
    """Return the SMS in a request's body, or what is wrong with it."""
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
