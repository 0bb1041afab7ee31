"""The interface between worker and gateways (Sender, Parcel, SendFailed), and a sender that only prints."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from wss.domain.breaker import GatewayState


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to be sent; the id is the idempotency key.

    `template_id`: the registered template of an SMS (DLT). `pinned_gateway`: the gateway that may have it already, so
    that no other may send it; empty when any may. `is_code`: a person is waiting for it, so better twice than
    never. `unsubscribe`: the address for ending an alert by e-mail; empty for other e-mails.
    """

    id: str
    channel: str
    to: str
    notice: str
    language: str
    subject: str
    text: str
    template_id: str = ""
    only_by: str = ""
    is_code: bool = False
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway that has accepted a message, its id there, and whether receipts will follow."""

    gateway: str = ""
    provider_id: str = ""
    has_receipts: bool = False


class SendFailed(Exception):
    """A message was not accepted; `again` says whether a retry makes sense.

    `in_doubt`: no answer came, so `gateway` may have accepted it. `answered`: the gateway works, but refuses this
    message now. `no_such_recipient`: the address does not exist.
    """

    def __init__(
        self,
        reason: str,
        *,
        again: bool,
        in_doubt: bool = False,
        answered: bool = False,
        no_such_recipient: bool = False,
        gateway: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.in_doubt = in_doubt
        self.answered = answered
        self.no_such_recipient = no_such_recipient
        self.gateway = gateway


class NoGatewayAvailable(SendFailed):
    """No gateway was used, because the breakers of all that may send the message are open.

    Unless it is `pinned` to one of them, this does not count as an attempt.
    """

    def __init__(self, *, pinned: bool) -> None:
        super().__init__("gateway left alone", again=True)
        self.pinned = pinned


class Sender(Protocol):
    """A sender of SMS or e-mail. With a `is_development` sender the texts stay readable in the development inbox."""

    is_development: bool

    def state(self) -> GatewayState:
        """Return whether it may be sent messages now: any, one as a probe, or none."""

    def send(self, parcel: Parcel) -> Accepted:
        """Send a message. Raises SendFailed."""


class SocketConnection(Protocol):
    """A connection with a socket, as smtplib has it."""

    sock: Any


@contextmanager
def close_after(line: SocketConnection, seconds: float) -> Iterator[None]:
    """Close the connection when the exchange takes longer.

    A server that answers byte by byte must not block the worker.
    """
    timer = threading.Timer(seconds, _cut, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(line: SocketConnection) -> None:
    with suppress(OSError, AttributeError):
        line.sock.shutdown(socket.SHUT_RDWR)


class ConsoleSender:
    """A sender that prints that a message was sent, without text or address: those are in the development inbox."""

    is_development = True

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr

    def state(self) -> GatewayState:
        """Return READY: printing always works."""
        return GatewayState.READY

    def send(self, parcel: Parcel) -> Accepted:
        """Print which message was sent."""
        print(
            f"{parcel.channel} {parcel.notice} ({parcel.language}) {parcel.id}", file=self.stream, flush=True
        )
        return Accepted("console")
