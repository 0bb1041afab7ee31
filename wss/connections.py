"""The worker class of gunicorn: a connection takes a thread only once its request has arrived."""

from __future__ import annotations

import contextlib
import logging
import re
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from gunicorn.http import get_parser, wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS, BODY_SECONDS, LINGER_SECONDS = 10, 30, 2
HEAD_BYTES = 16 * 1024
# A body up to this size is collected before a thread is asked; a larger one is an upload, read by the application.
COLLECTED_BYTES = 320 * 1024
_CHUNK = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_STREAMED = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


@dataclass(eq=False)
class Intake:
    """The bytes of a request that is still arriving, and until when it may take."""

    deadline: float
    received: bytearray = field(default_factory=bytearray)
    wanted: int | None = None
    is_streamed: bool = False

    def take(self, data: bytes) -> bool:
        """Add bytes; whether a thread can go on now."""
        self.received += data
        if self.wanted is None:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._read_head(end + 4)
        return self.is_streamed or len(self.received) >= (self.wanted or 0)

    def _read_head(self, size: int) -> None:
        head = bytes(self.received[:size])
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        self.is_streamed = length > COLLECTED_BYTES or bool(_STREAMED.search(head))
        self.wanted = size + length
        self.deadline = monotonic() + BODY_SECONDS

    @property
    def is_too_large(self) -> bool:
        """Whether the head has no end within its limit."""
        return self.wanted is None and len(self.received) > HEAD_BYTES


class CollectingWorker(ThreadWorker):
    """Collects requests in the event loop, so that slow senders hold a socket and no thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intakes: dict[TConn, Intake] = {}
        self.lingering: dict[TConn, float] = {}
        # Uploads are read by threads: some always stay free for pages.
        self.streams = BoundedSemaphore(max(1, self.cfg.threads // 2))
        self._looked_at = 0.0

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and wait for its request in the event loop."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        _limit_waiting(client)
        self._collect(TConn(self.cfg, client, address, listener.getsockname()), HEAD_SECONDS)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Collect the next request of a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn, HEAD_SECONDS)

    def _collect(self, conn: TConn, seconds: float) -> None:
        conn.sock.setblocking(False)
        self.intakes[conn] = Intake(monotonic() + seconds)
        self._watch(conn, self._on_bytes)

    def _watch(self, conn: TConn, act: Callable[[TConn], None]) -> None:
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _sock: act(conn))

    def _on_bytes(self, conn: TConn) -> None:
        intake = self.intakes[conn]
        data = _received(conn.sock)
        if data is None:
            return
        if not data:
            self._drop(conn)
        elif intake.take(data):
            self._hand_over(conn, intake)
        elif intake.is_too_large:
            self._refuse(conn, _TOO_LARGE)

    def _hand_over(self, conn: TConn, intake: Intake) -> None:
        """Let a thread answer what has arrived."""
        is_streamed = intake.is_streamed
        if is_streamed and not self.streams.acquire(blocking=False):
            self._refuse(conn, _BUSY)
            return
        self._forget(conn)
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(intake.received))
        conn.data_ready = True
        conn.is_streamed = is_streamed
        self.enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        """Answer a request in a thread."""
        try:
            return super().handle(conn)
        finally:
            if conn.is_streamed:
                self.streams.release()

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer; who has streamed a body is told that the connection ends with the answer."""
        if conn.is_streamed:
            req.force_close()
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """A body that the application has refused is not read to its end: the connection is closed."""
        return not conn.is_streamed and super()._keepalive_after(conn, keepalive)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Keep the connection for another request, or close it without making the event loop wait."""
        is_kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not is_kept:
            self._linger(conn)
            return
        ahead = conn.parser.unreader.take_buffered()
        if not ahead:
            super().finish_request(conn, fs)
            return
        self._collect(conn, HEAD_SECONDS)
        if self.intakes[conn].take(ahead):
            self._hand_over(conn, self.intakes[conn])

    def _refuse(self, conn: TConn, answer: bytes) -> None:
        self._forget(conn)
        with contextlib.suppress(OSError):
            conn.sock.send(answer)
        self._linger(conn)

    def _linger(self, conn: TConn) -> None:
        """Half-close, and throw away what still arrives for a moment: a reset would destroy the answer."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self.lingering[conn] = monotonic() + LINGER_SECONDS
        self._watch(conn, self._on_leftover)

    def _on_leftover(self, conn: TConn) -> None:
        if _received(conn.sock) == b"":
            self.poller.unregister(conn.sock)
            del self.lingering[conn]
            self._close(conn)

    def murder_pending(self) -> None:
        """Close what has taken too long, once a second; a worker that stops waits for no request to begin."""
        super().murder_pending()
        now = monotonic()
        if self.alive and now - self._looked_at < 1:
            return
        self._looked_at = now
        for conn, intake in list(self.intakes.items()):
            if now > intake.deadline or (not self.alive and not intake.received):
                self._drop(conn)
        for conn, until in list(self.lingering.items()):
            if now > until or not self.alive:
                self.poller.unregister(conn.sock)
                del self.lingering[conn]
                self._close(conn)

    def _forget(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        del self.intakes[conn]

    def _drop(self, conn: TConn) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


class WithoutAddresses(logging.Filter):
    """Takes addresses out of what gunicorn logs: they hold the tokens of links."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the kind of mistake; a client that went silent is no news."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, (BlockingIOError, TimeoutError)):
            return False
        if str(record.msg).startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
        elif str(record.msg).startswith("Invalid request"):
            record.msg, record.args = "Invalid request", ()
        return True


def _received(client: socket.socket) -> bytes | None:
    """What has arrived; nothing at the end, None when there is no news."""
    try:
        return client.recv(_CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _limit_waiting(client: socket.socket) -> None:
    """Let no single read or write of a thread wait longer than a head may take."""
    span = HEAD_SECONDS.to_bytes(8, "little") + bytes(8)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, span)


_default_headers = wsgi.Response.default_headers


def _headers_without_server(response: Any) -> list[str]:
    """The headers of every answer, without the name of the server."""
    return [line for line in _default_headers(response) if not line.startswith("Server:")]


wsgi.Response.default_headers = _headers_without_server
