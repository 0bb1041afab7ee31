"""The socket of a connection: buffers what its client does not read yet, so that no thread waits."""

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
from wss.request_buffer import TransferRate

# The largest answer, other than a copy of all data or a long export, is a document of 5 MB.
BUFFERED_BYTES_PER_ANSWER = 8 * 1024 * 1024
BUFFERED_BYTES = 64 * 1024 * 1024
# How long a thread waits at a time for the client to read a larger answer.
WAIT_SECONDS = 5


class AnswerSocket(socket.socket):
    """A socket that sends without waiting.

    The event loop sends the rest, to clients no slower than the slowest accepted connection.
    """

    # Both are set by the worker, before anything is sent.
    kept: BufferedAnswers
    network = ""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pace: TransferRate | None = None
        self.waiting = bytearray()

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the client reads now and buffer the rest; wait only if an answer is too large to be buffered."""
        self.waiting += data
        try:
            self.flush()
            while len(self.waiting) > BUFFERED_BYTES_PER_ANSWER:
                self._wait()
                self.flush()
        except OSError:
            self.discard()
            raise
        self.kept.count(self)

    def flush(self) -> None:
        """Send as much of the buffer as the client reads now."""
        self.pace = self.pace or TransferRate()
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
        """Return whether the answer is read more slowly than the slowest accepted connection allows."""
        return self.pace is not None and monotonic() > self.pace.deadline

    @property
    def is_unread(self) -> bool:
        """Return whether a part of the last answer has not been sent yet."""
        try:
            unread: tuple[int] = struct.unpack("i", fcntl.ioctl(self, termios.TIOCOUTQ, bytes(4)))
        except OSError:
            return False
        return unread[0] > 0

    def discard(self) -> None:
        """Discard what was not sent."""
        self.waiting.clear()
        self.kept.count(self)


class BufferedAnswers:
    """The buffered answers of one process.

    When they are too large in total, the network with the largest share loses its oldest one.
    """

    def __init__(self, most: int = BUFFERED_BYTES) -> None:
        self._most = most
        self._sizes: dict[AnswerSocket, int] = {}
        self._lock = Lock()

    def count(self, answer: AnswerSocket) -> None:
        """Record how much of an answer is buffered now."""
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
        # Its own thread or the event loop notices the end of the connection and frees the buffer.
        with contextlib.suppress(OSError):
            ended.shutdown(socket.SHUT_RDWR)


def answer_socket(client: socket.socket, host: str, kept: BufferedAnswers) -> AnswerSocket:
    """Return an answer socket in place of the socket of a connection that comes from a host."""
    answer = AnswerSocket(client.family, client.type, client.proto, client.detach())
    answer.kept, answer.network = kept, network_key(host)
    return answer
