"""One process of the shipped server, without nginx: the clients that slow senders can block."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from tests.fixtures.reading_server import asked, connected
from wss import upload_slots
from wss.request_buffer import BODY_SECONDS, COLLECTED_BYTES, TransferRate
from wss.upload_slots import BodyReader, Upload, senders_of

PLACES = 4
LARGE = COLLECTED_BYTES + 1
HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\n"
UPLOAD = f"{HEAD}Content-Length: {LARGE}\r\n\r\n"
CHUNKED = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n"
EXPECTING = f"{HEAD}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"


@contextlib.contextmanager
def slow_connections(reading_port: int, begin: str, source: str) -> Iterator[list[socket.socket]]:
    """Open twice as many connections as there are threads, each of which sends the beginning of a request."""
    with contextlib.ExitStack() as crowd:
        lines = [crowd.enter_context(connected(reading_port, source)) for _ in range(4 * PLACES)]
        for line in lines:
            line.sendall(begin.encode() + b"a")
        yield lines


@pytest.mark.parametrize(
    "begin",
    [UPLOAD, f"{CHUNKED}f\r\n", EXPECTING, f"{HEAD}Content-Length: {9:020}\r\n\r\n"],
    ids=["upload", "chunked", "expect", "long-length"],
)
def test_slow_bodies_of_one_network_leave_a_place_for_another(reading_port: int, begin: str):
    with slow_connections(reading_port, begin, "127.0.0.2"):
        answer = asked(reading_port, UPLOAD + "a" * LARGE, "127.0.0.3")

    assert answer.endswith(f"\r\n\r\n{LARGE}")


def test_an_upload_without_a_slot_gets_a_retry_time(reading_port: int):
    with slow_connections(reading_port, UPLOAD, "127.0.0.2") as lines:
        answer = lines[-1].recv(65536).decode()

    assert answer.startswith("HTTP/1.1 503 ") and "Retry-After: 30" in answer
    assert "text/plain" in answer and "again in 30 seconds" in answer


def test_a_body_in_chunks_is_read_to_its_last_chunk(reading_port: int):
    answer = asked(reading_port, f"{CHUNKED}3;x=y\r\na=b\r\nA\r\n{'c' * 10}\r\n0\r\nX-Trailer: x\r\n\r\nGET")

    assert "\r\n\r\n13" in answer


def test_a_large_body_needs_a_length(reading_port: int):
    assert asked(reading_port, f"{CHUNKED}{LARGE:x}\r\n{'a' * LARGE}").startswith("HTTP/1.1 411 ")


def test_who_asks_before_sending_is_invited_once(reading_port: int):
    with connected(reading_port) as line:
        line.sendall(EXPECTING.encode())
        invitation = line.recv(65536).decode()
        line.sendall(b"123456789")
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()

    assert invitation == "HTTP/1.1 100 Continue\r\n\r\n" and answer.endswith("\r\n\r\n9")


@pytest.mark.parametrize(("rate", "passes"), [(20_000, True), (6_000, True), (4_000, False)])
def test_an_upload_passes_at_the_rate_of_a_thin_line(
    monkeypatch: pytest.MonkeyPatch, rate: int, passes: bool
):
    clock = iter(range(5_000_000 // rate + 1))
    monkeypatch.setattr(upload_slots, "monotonic", lambda: float(next(clock)))
    here, there = socket.socketpair()
    reader = BodyReader(there)
    reader.upload = Upload(5_000_000, TransferRate(0.0), frozenset())
    with here, there, contextlib.suppress(TimeoutError):
        while reader.upload.is_arriving:
            here.sendall(bytes(rate))
            reader.chunk(rate)

    assert reader.upload.is_arriving is not passes


def test_a_byte_now_and_then_ends_with_the_time_of_a_body(monkeypatch: pytest.MonkeyPatch):
    here, there = socket.socketpair()
    reader = BodyReader(there)
    reader.upload = Upload(LARGE, TransferRate(0.0), frozenset())
    with here, there:
        here.sendall(b"aa")
        monkeypatch.setattr(upload_slots, "monotonic", lambda: 9.0)
        assert reader.chunk(1) == b"aa"
        monkeypatch.setattr(upload_slots, "monotonic", lambda: BODY_SECONDS + 1.0)
        with pytest.raises(TimeoutError):
            reader.chunk(1)


def test_an_upload_is_counted_for_the_network_a_trusted_proxy_names_and_for_the_session():
    session = "s" * 43
    head = f"POST / HTTP/1.1\r\nX-Forwarded-For: 9.9.9.9, 203.0.113.7\r\nCookie: wss=x; __Host-wss={session}\r\n\r\n"

    assert senders_of(head.encode(), "127.0.0.1", 1) == {"203.0.113.7", session}
    assert senders_of(head.encode(), "2001:db8::7", 0) == {"2001:0db8:0000:0000", session}
