"""Posts delivery receipts to the site, as the failure mode says: true ones, and forged ones."""

import hashlib
import hmac
import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from devtools.fake_gateway.failure_modes import FailureMode, receipts_in
from devtools.fake_gateway.received_messages import ReceivedMessage, ReceivedMessages
from wss import clock
from wss.domain.delivery import DeliveryState

LOOPBACK = ("127.0.0.1", "localhost", "::1")
POSTERS = 2
_TIMEOUT_S = 5
# Retries until the site answers: at once, as it may have closed a kept-alive connection, then every second.
_RETRIES = urllib3.Retry(
    9, backoff_factor=1, backoff_max=1, allowed_methods=None, status_forcelist=range(500, 600), redirect=False
)


@dataclass(frozen=True, slots=True)
class PostedReceipt:
    """A receipt as it is posted: its label on the page, its body, and its signature if it has one."""

    label: str
    body: bytes
    signature: str


class ReceiptSender:
    """Posts receipts some time after a message was accepted; those of one message in order."""

    def __init__(self, secret: str, received: ReceivedMessages, after_s: float) -> None:
        self.secret = secret
        self.received = received
        self.after_s = after_s
        self._waiting: queue.SimpleQueue[tuple[float, ReceivedMessage, FailureMode, str] | None] = (
            queue.SimpleQueue()
        )
        self._open = 0
        self._lock = threading.Lock()
        for number in range(POSTERS):
            threading.Thread(target=self._post_all, name=f"receipts-{number}", daemon=True).start()

    def schedule(self, message: ReceivedMessage, mode: FailureMode, callback: str) -> None:
        """Schedule the receipts of a message. A callback on another machine gets none."""
        if (urlsplit(callback).hostname or "") not in LOOPBACK:
            return
        with self._lock:
            self._open += 1
        self._waiting.put((time.monotonic() + self.after_s, message, mode, callback))

    @property
    def waiting(self) -> int:
        """How many messages have receipts that are still to be sent."""
        return self._open

    def is_done(self, patience_s: float) -> bool:
        """Wait until all receipts are sent, at most so long; return whether they are."""
        until = time.monotonic() + patience_s
        while self._open and time.monotonic() < until:
            time.sleep(0.01)
        return not self._open

    def close(self) -> None:
        """Send no more receipts."""
        for _ in range(POSTERS):
            self._waiting.put(None)

    def _post_all(self) -> None:
        site = urllib3.PoolManager(timeout=_TIMEOUT_S, retries=_RETRIES)
        while (job := self._waiting.get()) is not None:
            due, message, mode, callback = job
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                for receipt in self._receipts(message, mode):
                    message.receipts.append(f"{receipt.label}: {_post(site, callback, receipt)}")
            finally:
                if self._waiting.empty():
                    # A site that is shutting down waits for its open connections.
                    site.clear()
                with self._lock:
                    self._open -= 1

    def _receipts(self, message: ReceivedMessage, mode: FailureMode) -> list[PostedReceipt]:
        if mode is FailureMode.OFF and self.received.is_sent_again(message):
            mode = FailureMode.OK
        receipts = [self._signed(message, state, reason) for state, reason in receipts_in(mode)]
        return receipts + (self._forged(message) if mode is FailureMode.FORGE else [])

    def _signed(self, message: ReceivedMessage, state: DeliveryState, reason: str) -> PostedReceipt:
        body = _body(message.key, message.provider_id, state, reason)
        return PostedReceipt(state, body, signature(self.secret, body))

    def _forged(self, message: ReceivedMessage) -> list[PostedReceipt]:
        """Return receipts about this message and another one that the site must not accept."""
        false = _body(message.key, message.provider_id, DeliveryState.PERMANENT_FAILURE, "forged")
        other_body = _body(message.key, message.provider_id, DeliveryState.SENT, "")
        unknown = _body(str(uuid.uuid4()), "x", DeliveryState.DELIVERED, "")
        forged = [
            PostedReceipt("wrong signature", false, signature("another secret", false)),
            PostedReceipt("no signature", false, ""),
            PostedReceipt("signature of another text", false, signature(self.secret, other_body)),
            PostedReceipt("not a receipt", b"[]", signature(self.secret, b"[]")),
            PostedReceipt("unknown message", unknown, signature(self.secret, unknown)),
        ]
        other = self.received.another(message)
        if other is not None:
            about_other = _body(other.key, other.provider_id, DeliveryState.PERMANENT_FAILURE, "forged")
            forged.append(PostedReceipt("another message", about_other, signature(self.secret, false)))
        return forged


def _post(site: urllib3.PoolManager, callback: str, receipt: PostedReceipt) -> str:
    """Post a receipt; return the status of the answer, or the name of what went wrong."""
    headers = {"Content-Type": "application/json"}
    if receipt.signature:
        headers["X-Signature"] = receipt.signature
    try:
        return str(site.request("POST", callback, body=receipt.body, headers=headers).status)
    except urllib3.exceptions.MaxRetryError as failure:
        return type(failure.reason).__name__


def signature(secret: str, body: bytes) -> str:
    """Return the value of the header X-Signature for a body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _body(key: str, provider_id: str, state: DeliveryState, reason: str) -> bytes:
    content = {"id": key, "provider_id": provider_id, "state": state, "reason": reason}
    return json.dumps({**content, "at": clock.now().isoformat()}).encode()
