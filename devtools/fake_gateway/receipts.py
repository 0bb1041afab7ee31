"""Tells the site how its messages fare, as the gateway's mood has it: true receipts, and forged ones."""

import hashlib
import hmac
import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from devtools.fake_gateway.failure_modes import FailureMode, told_in
from devtools.fake_gateway.received_messages import ReceivedMessage, ReceivedMessages
from wss import clock
from wss.domain.delivery import DeliveryState

LOOPBACK = ("127.0.0.1", "localhost", "::1")
POSTERS = 2
_PATIENCE_S = 5
_TRIES, _PAUSE_S = 10, 1.0


@dataclass(frozen=True, slots=True)
class PostedReceipt:
    """A receipt as it is posted: its words on the page, its body, and its signature if it has one."""

    named: str
    body: bytes
    signature: str


class ReceiptSender:
    """Posts receipts a while after a message was taken; those of one message one after the other."""

    def __init__(self, secret: str, arrivals: ReceivedMessages, after_s: float) -> None:
        self.secret = secret
        self.arrivals = arrivals
        self.after_s = after_s
        self._waiting: queue.SimpleQueue[tuple[float, ReceivedMessage, FailureMode, str] | None] = (
            queue.SimpleQueue()
        )
        self._open = 0
        self._lock = threading.Lock()
        for number in range(POSTERS):
            threading.Thread(target=self._post_all, name=f"receipts-{number}", daemon=True).start()

    def tell(self, arrival: ReceivedMessage, mood: FailureMode, callback: str) -> None:
        """Tell of a message when it is time; only this machine is told."""
        if (urlsplit(callback).hostname or "") not in LOOPBACK:
            return
        with self._lock:
            self._open += 1
        self._waiting.put((time.monotonic() + self.after_s, arrival, mood, callback))

    @property
    def waiting(self) -> int:
        """Of how many messages something is still to be told."""
        return self._open

    def is_done(self, patience_s: float) -> bool:
        """Whether everything is told, at the latest after so long."""
        until = time.monotonic() + patience_s
        while self._open and time.monotonic() < until:
            time.sleep(0.01)
        return not self._open

    def close(self) -> None:
        """Tell nothing more."""
        for _ in range(POSTERS):
            self._waiting.put(None)

    def _post_all(self) -> None:
        line = SiteConnection()
        while (job := self._waiting.get()) is not None:
            due, arrival, mood, callback = job
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                for receipt in self._receipts(arrival, mood):
                    arrival.told.append(f"{receipt.named}: {line.post(callback, receipt)}")
            finally:
                if self._waiting.empty():
                    # Nobody is kept waiting for what may come in an hour, nor for its own end.
                    line.close()
                with self._lock:
                    self._open -= 1

    def _receipts(self, arrival: ReceivedMessage, mood: FailureMode) -> list[PostedReceipt]:
        if mood is FailureMode.OFF and self.arrivals.is_sent_anew(arrival):
            mood = FailureMode.OK
        told = [self._signed(arrival, state, reason) for state, reason in told_in(mood)]
        return told + (self._forged(arrival) if mood is FailureMode.FORGE else [])

    def _signed(self, arrival: ReceivedMessage, state: DeliveryState, reason: str) -> PostedReceipt:
        body = _body(arrival.key, arrival.provider_id, state, reason)
        return PostedReceipt(state, body, signature(self.secret, body))

    def _forged(self, arrival: ReceivedMessage) -> list[PostedReceipt]:
        """Lies about this message and somebody else's, which nothing may believe."""
        lie = _body(arrival.key, arrival.provider_id, DeliveryState.PERMANENT_FAILURE, "forged")
        truth = _body(arrival.key, arrival.provider_id, DeliveryState.SENT, "")
        nobodys = _body(str(uuid.uuid4()), "x", DeliveryState.DELIVERED, "")
        forged = [
            PostedReceipt("wrong signature", lie, signature("a secret that nobody has told", lie)),
            PostedReceipt("no signature", lie, ""),
            PostedReceipt("signature of another text", lie, signature(self.secret, truth)),
            PostedReceipt("no receipt at all", b"[]", signature(self.secret, b"[]")),
            PostedReceipt("nobody's message", nobodys, signature(self.secret, nobodys)),
        ]
        other = self.arrivals.another(arrival)
        if other is not None:
            about_other = _body(other.key, other.provider_id, DeliveryState.PERMANENT_FAILURE, "forged")
            forged.append(PostedReceipt("somebody else's message", about_other, signature(self.secret, lie)))
        return forged


def signature(secret: str, body: bytes) -> str:
    """What the header X-Signature says of a body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _body(key: str, provider_id: str, state: DeliveryState, reason: str) -> bytes:
    told = {"id": key, "provider_id": provider_id, "state": state, "reason": reason}
    return json.dumps({**told, "at": clock.now().isoformat()}).encode()


class SiteConnection:
    """A lasting connection to the site."""

    def __init__(self) -> None:
        self._line: HTTPConnection | None = None
        self._to = ""

    def post(self, callback: str, receipt: PostedReceipt) -> str:
        """Post a receipt until somebody answers it, or for a few times; the status, or what went wrong."""
        outcome = ""
        for tried in range(_TRIES):
            time.sleep(_PAUSE_S if tried > 1 else 0)
            try:
                status = self._post_once(callback, receipt)
            except (OSError, HTTPException) as failure:
                self.close()
                outcome = type(failure).__name__
                continue
            outcome = str(status)
            if status < 500:
                break
        return outcome

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def _post_once(self, callback: str, receipt: PostedReceipt) -> int:
        url = urlsplit(callback)
        if self._line is None or self._to != url.netloc:
            self.close()
            self._line, self._to = HTTPConnection(url.netloc, timeout=_PATIENCE_S), url.netloc
        headers = {"Content-Type": "application/json"}
        if receipt.signature:
            headers["X-Signature"] = receipt.signature
        self._line.request("POST", url.path or "/", receipt.body, headers)
        answer = self._line.getresponse()
        answer.read()
        return answer.status
