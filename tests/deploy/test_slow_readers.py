"""One process of the shipped server, without nginx: unread responses and long requests do not block others."""

import contextlib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from tests.fixtures.reading_app import LARGE_BYTES, PAGE_BYTES
from tests.fixtures.reading_server import asked
from wss import answer_socket
from wss.answer_socket import AnswerSocket, BufferedAnswers
from wss.request_buffer import TransferRate

THREADS = 8


def get(path: str, ending: str = "close") -> str:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {ending}\r\n\r\n"


@contextlib.contextmanager
def idle_connections(port: int, request: str) -> Iterator[list[socket.socket]]:
    """Open twice as many connections as there are threads.

    Each sends a request, has a small buffer, and reads nothing.
    """
    with contextlib.ExitStack() as crowd:
        lines = [crowd.enter_context(socket.socket()) for _ in range(2 * THREADS)]
        for line in lines:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.settimeout(10)
            line.connect(("127.0.0.1", port))
            line.sendall(request.encode())
        yield lines


def test_large_answers_that_are_not_read_hold_no_thread(reading_port: int):
    with idle_connections(reading_port, get("/large")):
        assert asked(reading_port, get("/")).endswith("\r\n\r\n0")


def test_an_answer_that_was_kept_arrives_whole(reading_port: int):
    with idle_connections(reading_port, get("/large")) as lines:
        answer = b"".join(iter(lambda: lines[0].recv(65536), b""))

    assert len(answer.partition(b"\r\n\r\n")[2]) == LARGE_BYTES


def test_a_connection_that_has_not_read_its_answer_gets_no_second(reading_port: int):
    before = int(asked(reading_port, get("/pages")).rpartition("\n")[2])
    with idle_connections(reading_port, get("/page", "keep-alive") * 100) as lines:
        counts = [int(asked(reading_port, get("/pages")).rpartition("\n")[2]) for _ in range(50)]

        assert counts[-1] - before <= len(lines)


def test_requests_sent_at_once_are_answered_one_after_the_other(reading_port: int):
    answer = asked(reading_port, get("/page", "keep-alive") * 2 + get("/page"))

    assert answer.count("p" * PAGE_BYTES) == 3


@pytest.mark.parametrize(("rate", "is_late"), [(6_000, False), (4_000, True)])
def test_an_answer_is_read_at_the_rate_of_a_thin_line(
    monkeypatch: pytest.MonkeyPatch, rate: int, is_late: bool
):
    here, there = pair(BufferedAnswers())
    monkeypatch.setattr(answer_socket, "monotonic", lambda: 400.0)
    with here, there:
        there.pace = TransferRate(0.0, rate * 400)

        assert there.is_late is is_late


def test_when_too_much_waits_the_network_that_holds_most_loses_its_oldest_answer():
    kept = BufferedAnswers(10_000_000)
    lines = [pair(kept, network) for network in ("10.0.0.1", "10.0.0.2", "10.0.0.2")]
    for _here, there in lines:
        there.sendall(bytes(4_000_000))

    ended = [is_ended(there) for _here, there in lines]

    assert ended == [False, True, False]


@pytest.mark.parametrize("target", ["GET /livez", "HEAD /livez", "GET /livez?by=balancer"])
def test_the_process_says_that_it_is_alive_while_every_thread_waits(reading_port: int, target: str):
    with ThreadPoolExecutor(THREADS + 2) as crowd:
        waiting = [crowd.submit(asked, reading_port, get("/wait")) for _ in range(THREADS + 2)]
        sleep(0.2)
        answer = asked(reading_port, f"{target} HTTP/1.1\r\nHost: 10.0.0.5\r\n\r\n")
        is_first = not any(each.done() for each in waiting)

    assert (answer.split()[1], is_first, answer.endswith('{"status":"ok"}\n')) == (
        "200",
        True,
        target.startswith("GET"),
    )


def is_ended(answer: AnswerSocket) -> bool:
    try:
        answer.flush()
    except BrokenPipeError:
        return True
    return False


def pair(kept: BufferedAnswers, network: str = "127.0.0.1") -> tuple[socket.socket, AnswerSocket]:
    here, there = socket.socketpair()
    return here, answer_socket.answer_socket(there, network, kept)
