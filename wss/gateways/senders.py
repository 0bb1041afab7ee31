"""What carries a message: the door that the worker knows, and the console sender for trying."""

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
    """A worded message on its way; the id is the idempotency key: the same id is the same message.

    `template_id`: under which an SMS is registered. `only_by`: the gateway that may have it already, so that no other
    may send it; empty when any may. `is_code`: somebody waits for it, so rather twice than never. `unsubscribe`: where
    an alert by e-mail can be ended; empty for other letters.
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
    """Who has taken a message, under which name of theirs, and whether they will tell how it fares."""

    gateway: str = ""
    provider_id: str = ""
    has_receipts: bool = False


class SendFailed(Exception):
    """It did not get through; `again` says whether trying again makes sense.

    `in_doubt`: no answer came, so `gateway` may have it all the same. `answered`: the gateway works, it is this message
    that it does not take now. `no_such_recipient`: the address is to blame.
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
    """No gateway was asked, because all that may have the message are being left alone. Unless it is `pinned` to one
    of them, the message is as if it had never been tried."""

    def __init__(self, *, pinned: bool) -> None:
        super().__init__("gateway left alone", again=True)
        self.pinned = pinned


class Sender(Protocol):
    """Carries SMS or e-mail. `for_trying` senders keep the texts readable for the development inbox."""

    for_trying: bool

    def standing(self) -> GatewayState:
        """Whether messages may be given to it now: any, one to see how it fares, or none."""

    def send(self, parcel: Parcel) -> Accepted:
        """Hand the message over; raises SendFailed."""


class SocketConnection(Protocol):
    """A conversation over a socket, as http.client and smtplib know it."""

    sock: Any


@contextmanager
def cut_off(line: SocketConnection, seconds: float) -> Iterator[None]:
    """Cut the line when the conversation takes longer: who answers drop by drop must not hold the worker."""
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
    """Prints that a message went out. The text stands in the development inbox, not on the console."""

    for_trying = True

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr

    def standing(self) -> GatewayState:
        """Paper takes everything."""
        return GatewayState.READY

    def send(self, parcel: Parcel) -> Accepted:
        """Say what went out, without the text or the address."""
        print(
            f"{parcel.channel} {parcel.notice} ({parcel.language}) {parcel.id}", file=self.stream, flush=True
        )
        return Accepted("console")
