"""The worker class of gunicorn: a connection takes a thread only once its request has arrived."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

from gunicorn.http import get_parser, wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from wss import metrics
from wss.answer_socket import BufferedAnswers, answer_socket
from wss.logs.request_trace import end_trace
from wss.request_buffer import HEAD_SECONDS, RequestBuffer, refusal
from wss.upload_slots import BodyReader, Upload, UploadSlots, senders_of

LINGER_SECONDS = 2
_CHUNK = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BUSY = refusal(
    b"503 Service Unavailable",
    "एक साथ बहुत सी फ़ाइलें आ रही हैं। कृपया 30 सेकंड बाद फिर भेजें।\n"
    "Too many files are arriving at the same time. Please send yours again in 30 seconds.\n",
    b"Retry-After: 30",
)


class BufferingWorker(ThreadWorker):
    """Collects requests and sends answers in the event loop: slow clients hold a socket and no thread."""

    # The value of WSS_TRUSTED_PROXIES; gunicorn.conf.py sets it.
    trusted_proxies = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buffers: dict[TConn, RequestBuffer] = {}
        # Connections whose client has not read the last answer yet: sent from here, or before their next request.
        self.sending: dict[TConn, Any] = {}
        self.unread: dict[TConn, RequestBuffer] = {}
        self.kept_answers = BufferedAnswers()
        self.lingering: dict[TConn, float] = {}
        # Uploads are read by threads: some always stay free for pages.
        self.uploads = UploadSlots(max(1, self.cfg.threads // 2))
        self._looked_at = 0.0

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and wait for its request in the event loop."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        _limit_waiting(client)
        client = answer_socket(client, address[0], self.kept_answers)
        self._collect(TConn(self.cfg, client, address, listener.getsockname()), HEAD_SECONDS)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Collect the next request of a connection that was kept open."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn, HEAD_SECONDS)

    def _collect(self, conn: TConn, seconds: float) -> None:
        conn.sock.setblocking(False)
        self.buffers[conn] = RequestBuffer(monotonic() + seconds)
        self._watch(conn, self._on_bytes)

    def _watch(self, conn: TConn, act: Callable[[TConn], None]) -> None:
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _sock: act(conn))

    def _on_bytes(self, conn: TConn) -> None:
        request = self.buffers[conn]
        data = _received(conn.sock)
        if data is None:
            return
        if not data:
            self._drop(conn)
        else:
            self._take(conn, request, data)

    def _take(self, conn: TConn, request: RequestBuffer, data: bytes) -> None:
        is_ready = request.take(data)
        if request.expects_continue():
            with contextlib.suppress(OSError):
                conn.sock.send(_CONTINUE)
        if refused := request.refused:
            self._refuse(conn, refused)
        elif is_ready and conn.sock.is_unread:
            # The next request was sent without waiting for this answer: it is deferred.
            self._forget(conn)
            self.unread[conn] = request
        elif is_ready:
            self._forget(conn)
            self._submit(conn, request)

    def _submit(self, conn: TConn, request: RequestBuffer) -> None:
        """Pass the request to a thread, except a liveness check: it is answered while all threads are in use."""
        if live := request.live_answer:
            self._end_with(conn, live)
            return
        upload = None
        if request.is_upload:
            senders = senders_of(request.head, conn.client[0], self.trusted_proxies)
            upload = Upload(request.length, request.pace, senders)
            if not self.uploads.take(upload):
                self.log.warning("all places for uploads are in use: 503")
                self._end_with(conn, _BUSY)
                return
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = BodyReader(conn.sock)
        conn.parser.unreader.unread(bytes(request.received))
        conn.parser.unreader.upload = upload
        conn.parser.unreader.is_last = bool(upload) or request.is_chunked
        conn.data_ready = True
        self.enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer the request.

        For an upload or a chunked body the answer announces that the connection is closed after it.
        """
        if conn.parser.unreader.is_last:
            req.force_close()
        conn.sock.pace = None
        try:
            return super().handle_request(req, conn)
        finally:
            # What the thread logs next is about another request.
            end_trace()

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Return whether to keep the connection.

        A body that the application has refused is not read to its end: the connection is closed.
        """
        return not conn.parser.unreader.is_last and super()._keepalive_after(conn, keepalive)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Send what the client has not read yet.

        Then keep the connection, or close it without blocking the event loop.
        """
        if conn.parser.unreader.upload:
            self.uploads.leave(conn.parser.unreader.upload)
        if conn.sock.waiting:
            conn.sock.setblocking(False)
            self.sending[conn] = fs
            self.poller.register(conn.sock, selectors.EVENT_WRITE, lambda _sock: self._on_writable(conn))
        else:
            self._after_answer(conn, fs)

    def _on_writable(self, conn: TConn) -> None:
        try:
            conn.sock.flush()
        except OSError:
            self._end_sending(conn)
            return
        self.kept_answers.count(conn.sock)
        if not conn.sock.waiting:
            self.poller.unregister(conn.sock)
            self._after_answer(conn, self.sending.pop(conn))

    def _end_sending(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        del self.sending[conn]
        self._close(conn)

    def _after_answer(self, conn: TConn, fs: Any) -> None:
        is_kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not is_kept:
            self._linger(conn)
            return
        ahead = conn.parser.unreader.take_buffered()
        if not ahead:
            super().finish_request(conn, fs)
            return
        self._collect(conn, HEAD_SECONDS)
        self._take(conn, self.buffers[conn], ahead)

    def _refuse(self, conn: TConn, answer: bytes) -> None:
        self._forget(conn)
        self._end_with(conn, answer)

    def _end_with(self, conn: TConn, answer: bytes) -> None:
        metrics.count_refused_request(answer.split(maxsplit=2)[1].decode())
        with contextlib.suppress(OSError):
            conn.sock.send(answer)
        self._linger(conn)

    def _linger(self, conn: TConn) -> None:
        """Half-close, and discard what still arrives for a moment: a reset would destroy the answer."""
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
        """Close connections that have taken too long, once a second.

        A stopping worker waits only for requests that have begun to arrive.
        """
        super().murder_pending()
        self._check_unread()
        now = monotonic()
        if self.alive and now - self._looked_at < 1:
            return
        self._looked_at = now
        for conn, request in list(self.buffers.items()):
            is_idle = not request.received and now > request.deadline - HEAD_SECONDS + LINGER_SECONDS
            if now > request.deadline or (is_idle and not self.alive):
                self._drop(conn)
        for conn in [conn for conn in self.sending if conn.sock.is_late]:
            self._end_sending(conn)
        for conn, until in list(self.lingering.items()):
            if now > until:
                self.poller.unregister(conn.sock)
                del self.lingering[conn]
                self._close(conn)

    def _check_unread(self) -> None:
        """Pass on the next request of clients that have read their answer; close connections that are too slow."""
        for conn, request in list(self.unread.items()):
            if conn.sock.is_late:
                del self.unread[conn]
                self._close(conn)
            elif not conn.sock.is_unread:
                del self.unread[conn]
                self._submit(conn, request)

    def _forget(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        del self.buffers[conn]

    def _drop(self, conn: TConn) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        conn.sock.discard()
        self.nr_conns -= 1
        conn.close()


def _received(client: socket.socket) -> bytes | None:
    """Return the received bytes; empty at the end of the connection, None if nothing has arrived."""
    try:
        return client.recv(_CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _limit_waiting(client: socket.socket) -> None:
    """Limit each single read of a thread to the time that a head may take."""
    span = HEAD_SECONDS.to_bytes(8, "little") + bytes(8)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)


_default_headers = wsgi.Response.default_headers


def _headers_without_server(response: Any) -> list[str]:
    """Return the headers of every answer, without the name of the server."""
    return [line for line in _default_headers(response) if not line.startswith("Server:")]


wsgi.Response.default_headers = _headers_without_server
