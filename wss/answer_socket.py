"""The socket of a connection: keeps what its reader does not take yet, so that no thread waits."""

from __future__ import annotations

import contextlib
import fcntl
import select
import socket
import struct
import termios
from collections import Counter
from threading import Lock
from time import monotonic
from typing import Any

from wss.domain.networks import network_key
from wss.intake import Pace

# The largest answer but a copy of all data or a long export is a document of 5 MB.
KEPT_BYTES_OF_ANSWER = 8 * 1024 * 1024
KEPT_BYTES = 64 * 1024 * 1024
# How long a thread waits at a time for the reader of a larger answer.
WAIT_SECONDS = 5


class AnswerSocket(socket.socket):
    """Sends without waiting. The event loop sends the rest, to readers no slower than any line that is served."""

    # Both are set by the worker, before anything is sent.
    kept: KeptAnswers
    network = ""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pace: Pace | None = None
        self.waiting = bytearray()

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the reader takes now and keep the rest; wait only where an answer is too large to be kept."""
        self.waiting += data
        try:
            self.flush()
            while len(self.waiting) > KEPT_BYTES_OF_ANSWER:
                self._wait()
                self.flush()
        except OSError:
            self.discard()
            raise
        self.kept.count(self)

    def flush(self) -> None:
        """Send as much of what is kept as the reader takes now."""
        self.pace = self.pace or Pace()
        while self.waiting:
            try:
                sent = self.send(self.waiting, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            self.pace.moved += sent
            del self.waiting[:sent]

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self, select.POLLOUT)
        if self.is_late or not poll.poll(WAIT_SECONDS * 1000):
            raise TimeoutError("an answer was read too slowly")

    @property
    def is_late(self) -> bool:
        """Whether the answer is read more slowly than any line that is served."""
        return self.pace is not None and monotonic() > self.pace.deadline

    @property
    def is_unread(self) -> bool:
        """Whether some of the last answer has not reached its reader."""
        try:
            unread: tuple[int] = struct.unpack("i", fcntl.ioctl(self, termios.TIOCOUTQ, bytes(4)))
        except OSError:
            return False
        return unread[0] > 0

    def discard(self) -> None:
        """Forget what was not sent."""
        self.waiting.clear()
        self.kept.count(self)


class KeptAnswers:
    """The answers of one process that wait for their readers. When they are too many, the network that holds the most
    of them loses the one that has waited longest."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._sizes: dict[AnswerSocket, int] = {}
        self._lock = Lock()

    def count(self, answer: AnswerSocket) -> None:
        """Take note of how much of an answer waits now."""
        with self._lock:
            if answer.waiting:
                self._sizes[answer] = len(answer.waiting)
            else:
                self._sizes.pop(answer, None)
            while sum(self._sizes.values()) > self._most:
                self._end_one()

    def _end_one(self) -> None:
        held: Counter[str] = Counter()
        for answer, size in self._sizes.items():
            held[answer.network] += size
        largest = held.most_common(1)[0][0]
        ended = next(answer for answer in self._sizes if answer.network == largest)
        del self._sizes[ended]
        # Its own thread or the event loop meets the end of the connection and lets go of the bytes.
        with contextlib.suppress(OSError):
            ended.shutdown(socket.SHUT_RDWR)


def answer_socket(client: socket.socket, host: str, kept: KeptAnswers) -> AnswerSocket:
    """Take over the socket of a connection that comes from a host."""
    answer = AnswerSocket(client.family, client.type, client.proto, client.detach())
    answer.kept, answer.network = kept, network_key(host)
    return answer
