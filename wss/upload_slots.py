"""The uploads that the threads of a process read at once: their number, senders and pace. For `wss/connections.py`."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from time import monotonic

from gunicorn.http.unreader import SocketUnreader

from wss.domain.networks import network_key
from wss.request_buffer import TransferRate

_FORWARDED = re.compile(rb"\r\nx-forwarded-for:([^\r\n]*)", re.IGNORECASE)
# Matches with any text before it: the session that the site will read is among the matches.
_SESSION = re.compile(rb"wss(?:_staff)?=([A-Za-z0-9_-]{43})")


@dataclass(eq=False)
class Upload:
    """A body that a thread reads while it arrives, and its sender."""

    length: int
    pace: TransferRate
    senders: frozenset[str]

    @property
    def is_arriving(self) -> bool:
        """Return whether bytes of the body are still missing."""
        return self.pace.moved < self.length


class UploadSlots:
    """The uploads of one process. The more of them a sender has open, the more places must stay free for others."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken: set[Upload] = set()

    def take(self, upload: Upload) -> bool:
        """Give a place to an upload; return whether there was one for its sender."""
        free = self.places - len(self.taken)
        if any(free <= self._held_by(sender) for sender in upload.senders):
            return False
        self.taken.add(upload)
        return True

    def leave(self, upload: Upload) -> None:
        """Free the place of an upload."""
        self.taken.discard(upload)

    def _held_by(self, sender: str) -> int:
        return sum(sender in upload.senders and upload.is_arriving for upload in self.taken)


class BodyReader(SocketUnreader):
    """A reader of the rest of an upload from the socket, while it keeps its pace.

    A collected request has no rest: however its head is read, no thread waits for it.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.upload: Upload | None = None
        # An upload may not be read to its end, and chunks are delimited by two readers: no request follows them.
        self.is_last = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next bytes; empty when no more belong to the request."""
        if self.upload is None or not self.upload.is_arriving:
            return b""
        while monotonic() < self.upload.pace.deadline:
            try:
                data: bytes = super().chunk(size_hint)
            except BlockingIOError:
                # No bytes for as long as a single read may wait: a connection with gaps.
                continue
            self.upload.pace.moved += len(data)
            return data
        raise TimeoutError("an upload was too slow")


def senders_of(head: bytes, address: str, trusted_proxies: int) -> frozenset[str]:
    """Return the senders of an upload: the network it comes from, and the browser's session.

    A trusted proxy reports the address from which it forwards requests.
    """
    forwarded = b",".join(_FORWARDED.findall(head)).split(b",")
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        address = forwarded[-trusted_proxies].decode("latin-1").strip() or address
    return frozenset({network_key(address), *(found.decode() for found in _SESSION.findall(head))})
