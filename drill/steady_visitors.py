"""Consumers who register requests at a steady pace, and press again with the same form until it is accepted."""

import heapq
import http.client
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from drill.outcomes import ACCEPTED, WriteTry

HOST = "127.0.0.1"
# As many visitors may wait for an answer as the site has threads, and many more.
VISITORS = 96
PATIENCE_S = 60.0
PRESS_AGAIN_S = 4.0
_LOOKS_EVERY_S = 0.1
_CONFIRMED = re.compile(r"/requests/(\d{11})/registered$")
_CHECK_PAGE = re.compile(r"/requests/check$")
_TRACE = re.compile(rb'Traceback \(most recent|File (?:"|&#34;|&quot;)/|(?:sqlalchemy|psycopg)\.[a-z]')


@dataclass(frozen=True, slots=True)
class FormPost:
    """One POST of a form."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    is_registration: bool = True


@dataclass(order=True, slots=True)
class _Due:
    """What a consumer sends next: the posts that are still to be accepted, in order."""

    at: float
    consumer: int
    posts: Sequence[FormPost] = field(compare=False)


class SteadyVisitors:
    """Visitors who send what is due, each a connection of its own; what is not accepted is due again a little later."""

    def __init__(self, port: int, writes: Mapping[int, Sequence[FormPost]], a_second: float) -> None:
        self.port = port
        self.tries: list[WriteTry] = []
        self.with_photo: set[int] = set()
        self._lock = threading.Lock()
        # Who has it waits for what is due next; the others wait for their turn, which costs no time of the processor.
        self._turn = threading.Lock()
        begin = time.monotonic()
        self._queue = [
            _Due(begin + place / a_second, consumer, posts)
            for place, (consumer, posts) in enumerate(writes.items())
        ]
        self.ends_at = begin + len(writes) / a_second
        self._open = len(writes)
        self._until = float("inf")
        self._threads = [threading.Thread(target=self._send_due, daemon=True) for _ in range(VISITORS)]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def finish(self, patience_s: float) -> None:
        """Wait until everything is accepted, or give up after some time from the last write that was due."""
        self._until = self.ends_at + patience_s
        for thread in self._threads:
            thread.join(max(0.0, self._until - time.monotonic()) + PATIENCE_S)

    def _send_due(self) -> None:
        while True:
            due = self._next()
            if due is None:
                return
            done = 0
            for post in due.posts:
                if not self._send(due.consumer, post):
                    break
                done += 1
            self._put_back(due, done)

    def _next(self) -> _Due | None:
        with self._turn:
            while self._open and time.monotonic() < self._until:
                with self._lock:
                    wait = self._queue[0].at - time.monotonic() if self._queue else _LOOKS_EVERY_S
                    if wait <= 0:
                        return heapq.heappop(self._queue)
                time.sleep(min(wait, _LOOKS_EVERY_S))
        return None

    def _put_back(self, due: _Due, done: int) -> None:
        with self._lock:
            if done == len(due.posts):
                self._open -= 1
            else:
                heapq.heappush(
                    self._queue, _Due(time.monotonic() + PRESS_AGAIN_S, due.consumer, due.posts[done:])
                )

    def _send(self, consumer: int, post: FormPost) -> bool:
        """Send one form; return whether it was accepted."""
        sent = time.monotonic()
        status, location, body = answer_of(self.port, post)
        where = (_CONFIRMED if post.is_registration else _CHECK_PAGE).search(location)
        if status == ACCEPTED and not where:
            status = "303 elsewhere"
        number = where[1] if where and post.is_registration else None
        result = WriteTry(
            consumer, sent, time.monotonic(), status, number, shows_trace=_TRACE.search(body) is not None
        )
        with self._lock:
            self.tries.append(result)
            if status == ACCEPTED and not post.is_registration:
                self.with_photo.add(consumer)
        return status == ACCEPTED


def answer_of(port: int, post: FormPost) -> tuple[str, str, bytes]:
    """Return the status, the address of a redirect and the body; without a response what happened instead."""
    line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
    try:
        line.request("POST", post.path, post.body, dict(post.headers))
        answer = line.getresponse()
        return str(answer.status), answer.headers.get("Location", ""), answer.read()
    except ConnectionRefusedError:
        return "no connection", "", b""
    except TimeoutError:
        return f"silent for {PATIENCE_S:.0f} s", "", b""
    except (OSError, http.client.HTTPException):
        return "cut off", "", b""
    finally:
        line.close()
