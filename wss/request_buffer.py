"""The received part of a request: its end, its time limit, and its refusal. For `wss/connections.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from time import monotonic

HEAD_SECONDS, BODY_SECONDS = 10, 30
HEAD_BYTES = 16 * 1024
# A body up to this size is collected before a thread is used; a larger one is an upload, read by the application.
COLLECTED_BYTES = 320 * 1024
# The slowest accepted connection: 2G on telephones has 6,000 bytes a second.
BYTES_PER_SECOND = 5_000
_LINE_BYTES = 8 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_LIVE = re.compile(rb"(GET|HEAD) /livez(?:\?[^ \r\n]*)? HTTP/")
_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}")


def refusal(status: bytes, text: str = "", *headers: bytes) -> bytes:
    """Return an answer of plain text from the server itself, after which the connection is closed."""
    body = text.encode()
    lines = (
        b"HTTP/1.1 " + status,
        *headers,
        b"Connection: close",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Length: %d" % len(body),
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


_LIVE_BODY = b'{"status":"ok"}\n'
_LIVE_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n" % len(_LIVE_BODY)
)
_HEAD_TOO_LARGE = refusal(b"431 Request Header Fields Too Large")
_LENGTH_MISSING = refusal(b"411 Length Required")


@dataclass
class TransferRate:
    """The progress of a body or an answer, compared with the slowest accepted connection."""

    began: float = field(default_factory=monotonic)
    moved: int = 0

    @property
    def deadline(self) -> float:
        """Return when the next bytes have to arrive; a transfer at the least rate may continue to its end."""
        return self.began + BODY_SECONDS + self.moved / BYTES_PER_SECOND


@dataclass(eq=False)
class RequestBuffer:
    """The bytes of a request that is still arriving."""

    deadline: float
    received: bytearray = field(default_factory=bytearray)
    head: bytes = b""
    length: int = 0
    is_chunked: bool = False
    pace: TransferRate = field(default_factory=TransferRate)
    _next_chunk: int = 0

    def take(self, data: bytes) -> bool:
        """Add bytes; return whether a thread can continue now."""
        self.received += data
        if not self.head:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._read_head(end + 4)
        self.pace.moved = len(self.received) - len(self.head)
        self.deadline = self.pace.deadline
        return self._has_last_chunk() if self.is_chunked else self.is_upload or self._is_whole

    def _read_head(self, size: int) -> None:
        self.head = bytes(self.received[:size])
        self.is_chunked = bool(_CHUNKED.search(self.head))
        found = _LENGTH.search(self.head)
        self.length = int(found[1]) if found and not self.is_chunked else 0
        self._next_chunk = size
        self.pace = TransferRate()

    @property
    def live_answer(self) -> bytes:
        """Return the answer to a liveness check, which needs no thread; empty for another request."""
        asked = _LIVE.match(self.head)
        if asked is None or len(self.head) > _LINE_BYTES:
            return b""
        return _LIVE_HEAD + _LIVE_BODY if asked[1] == b"GET" else _LIVE_HEAD

    @property
    def is_upload(self) -> bool:
        """Return whether the body is too large to be collected."""
        return self.length > COLLECTED_BYTES

    @property
    def _is_whole(self) -> bool:
        return len(self.received) >= len(self.head) + self.length

    def _has_last_chunk(self) -> bool:
        """Return whether the last chunk has arrived.

        Anything that is no chunk is left to the parser, which refuses it.
        """
        while (end := self.received.find(b"\r\n", self._next_chunk)) >= 0:
            size = _SIZE.fullmatch(self.received[self._next_chunk : end].partition(b";")[0].strip())
            if not size:
                return True
            if not int(size[0], 16):
                return self.received.find(b"\r\n\r\n", end) >= 0 or len(self.received) - end > _LINE_BYTES
            self._next_chunk = end + 2 + int(size[0], 16) + 2
        return len(self.received) - self._next_chunk > _LINE_BYTES

    def expects_continue(self) -> bool:
        """Return whether the client waits for "100 Continue" before its body; True once.

        The parser need not send it again.
        """
        head = self.head
        if not head or self.is_upload or b" HTTP/1.1\r\n" not in head or not _EXPECT.search(head):
            return False
        self.head = _EXPECT.sub(b"", head)
        self.received[: len(head)] = self.head
        self._next_chunk -= len(head) - len(self.head)
        return not self.pace.moved

    @property
    def refused(self) -> bytes:
        """Return the answer to a request that is not collected any further.

        This is a head without an end, or a large body of unknown length.
        """
        if not self.head:
            return _HEAD_TOO_LARGE if len(self.received) > HEAD_BYTES else b""
        is_large = self.is_chunked and self.pace.moved > COLLECTED_BYTES
        return _LENGTH_MISSING if is_large else b""
