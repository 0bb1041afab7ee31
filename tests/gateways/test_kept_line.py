"""One line for order after order, to a real HTTP server on the loopback that does not always behave."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.gateways.kept_line import HttpAnswer, HttpChannel
from wss.gateways.senders import SendFailed

ORDER = {"id": "1", "text": "ओ.टी.पी."}


@pytest.fixture(autouse=True)
def _short_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wss.gateways.posting.TIMEOUT_S", 0.5)


@pytest.fixture
def dialled(sms_gateway: SmsGateway) -> Iterator[list[Any]]:
    """The lines that the gateway was dialled on; it keeps them open."""
    lines: list[Any] = []
    handler: Any = sms_gateway.server.RequestHandlerClass
    handler.protocol_version = "HTTP/1.1"
    setup = handler.setup

    def noted(line: BaseHTTPRequestHandler) -> None:
        lines.append(line)
        setup(line)

    handler.setup = noted
    yield lines


def line_to(gateway: SmsGateway) -> HttpChannel:
    return HttpChannel(urlsplit(gateway.url), "a token")


def failure(line: HttpChannel) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        line.post(ORDER)
    return caught.value


def raw(*parts: bytes) -> Any:
    """An answer sent to the letter."""
    return lambda line: [line.wfile.write(part) for part in parts] and None


def test_orders_follow_each_other_on_one_line(sms_gateway: SmsGateway, dialled: list[Any]):
    line = line_to(sms_gateway)
    answers = [line.post(ORDER) for _time in range(3)]

    assert (len(dialled), answers) == (1, [HttpAnswer(202, b'{"provider_id": "p1"}')] * 3)
    assert [json.loads(body) for _path, _headers, body in sms_gateway.asked] == [ORDER] * 3


def test_each_thread_has_a_line_of_its_own(sms_gateway: SmsGateway, dialled: list[Any]):
    line = line_to(sms_gateway)
    threads = [threading.Thread(target=line.post, args=(ORDER,)) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(dialled) == len(sms_gateway.asked) == 4


def test_a_line_that_the_other_end_has_closed_is_dialled_anew_and_nothing_is_in_doubt(
    sms_gateway: SmsGateway, dialled: list[Any]
):
    line = line_to(sms_gateway)
    line.post(ORDER)
    dialled[0].connection.shutdown(socket.SHUT_RDWR)
    dialled[0].connection.close()
    line.post(ORDER)

    assert (len(dialled), len(sms_gateway.asked)) == (2, 2)


def test_a_line_that_talks_unasked_is_not_used(sms_gateway: SmsGateway, dialled: list[Any]):
    line = line_to(sms_gateway)
    line.post(ORDER)
    dialled[0].connection.sendall(b'HTTP/1.1 202 OK\r\nContent-Length: 22\r\n\r\n{"provider_id": "bad"}')
    threading.Event().wait(0.05)

    assert line.post(ORDER).body == b'{"provider_id": "p1"}'


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ((b"HTTP/1.1 202 \r\ncontent-length:2\r\n\r\nok",), HttpAnswer(202, b"ok")),
        ((b"HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n",), HttpAnswer(202, b"")),
        ((b"HTTP/1.1 202 OK\r\nConte", b"nt-Length: 4\r\n\r\n", b"fo", b"ur"), HttpAnswer(202, b"four")),
        (
            (b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",),
            HttpAnswer(202, b"ok"),
        ),
        ((b"HTTP/1.1 202 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",), HttpAnswer(202, b"ok")),
        (
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nok",),
            HttpAnswer(202, b"ok"),
        ),
        ((b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n",), HttpAnswer(503, b"")),
        ((b"HTTP/1.1 204 Nothing\r\n\r\n",), HttpAnswer(204, b"")),
    ],
)
def test_answers_of_every_shape_are_read(
    sms_gateway: SmsGateway, dialled: list[Any], parts: tuple[bytes, ...], answer: HttpAnswer
):
    sms_gateway.answer = raw(*parts)
    line = line_to(sms_gateway)

    assert line.post(ORDER) == answer
    sms_gateway.answer = lambda each: plain_answer(each, 202)
    assert line.post(ORDER).body == b'{"provider_id": "p1"}'


def test_what_follows_an_answer_is_not_read_as_the_next(sms_gateway: SmsGateway, dialled: list[Any]):
    sms_gateway.answer = raw(
        b"HTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nno"
    )
    line = line_to(sms_gateway)
    line.post(ORDER)
    sms_gateway.answer = lambda each: plain_answer(each, 503)

    assert line.post(ORDER).status == 503


def test_a_refused_connection_leaves_nothing_in_doubt():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert not failure(HttpChannel(urlsplit(f"http://127.0.0.1:{port}/"), "t")).in_doubt


def _hang(gateway: SmsGateway) -> Any:
    return lambda _line: gateway.stopping.wait(5) and None


def _cut(_gateway: SmsGateway) -> Any:
    def cut(line: BaseHTTPRequestHandler) -> None:
        line.close_connection = True
        line.connection.shutdown(socket.SHUT_RDWR)

    return cut


def _drip(gateway: SmsGateway) -> Any:
    def drip(line: BaseHTTPRequestHandler) -> None:
        line.close_connection = True
        for sign in b"HTTP/1.1 202 Accepted\r\n" + b"X-Slow: yes\r\n" * 50:
            if gateway.stopping.wait(0.1):
                return
            try:
                line.wfile.write(bytes([sign]))
            except OSError:
                return

    return drip


@pytest.mark.parametrize(
    "trouble",
    [
        _hang,
        _cut,
        _drip,
        lambda _gateway: raw(b"\x00\xff not http at all\r\n\r\n"),
        lambda _gateway: raw(b"HTTP/1.1 202 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
        lambda _gateway: raw(b"HTTP/1.1 202 OK\r\nContent-Length: 20\r\n\r\nhalf"),
    ],
)
def test_whoever_was_given_an_order_and_does_not_answer_may_have_it(
    sms_gateway: SmsGateway, dialled: list[Any], trouble: Any
):
    sms_gateway.answer = trouble(sms_gateway)

    assert failure(line_to(sms_gateway)).in_doubt


def test_after_a_failure_the_next_order_goes_on_a_fresh_line(sms_gateway: SmsGateway, dialled: list[Any]):
    line = line_to(sms_gateway)
    sms_gateway.answer = _cut(sms_gateway)
    failure(line)
    sms_gateway.answer = lambda each: plain_answer(each, 202)

    assert line.post(ORDER).status == 202


def test_of_an_endless_answer_only_the_beginning_is_read(sms_gateway: SmsGateway, dialled: list[Any]):
    sms_gateway.answer = raw(b"HTTP/1.1 202 OK\r\nContent-Length: 50000\r\n\r\n" + b"x" * 50_000)

    assert len(line_to(sms_gateway).post(ORDER).body) == 10_000


@pytest.mark.parametrize("token", ["a\r\nX-Other: 1", "é"])
def test_a_token_that_would_be_another_header_is_refused(token: str):
    with pytest.raises(ValueError, match="token"):
        HttpChannel(urlsplit("http://127.0.0.1:1/"), token)


def test_a_name_with_many_addresses_that_do_not_answer_takes_no_longer_than_one(
    monkeypatch: pytest.MonkeyPatch,
):
    given_s: list[float] = []

    class Deaf(socket.socket):
        def connect(self, _place: Any) -> None:
            given_s.append(self.gettimeout() or 0.0)
            raise TimeoutError("timed out")

    many = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 80)) for n in range(10)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: many)
    monkeypatch.setattr(socket, "socket", Deaf)

    refused = failure(HttpChannel(urlsplit("http://many.example/"), "a token"))

    assert (refused.again, refused.in_doubt) == (True, False)
    assert len(given_s) == 10 and given_s[0] <= 0.05 + 0.01


def test_the_address_that_answers_is_taken_when_others_do_not(
    sms_gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch
):
    port = urlsplit(sms_gateway.url).port
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    shut = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", free.getsockname()[1]))
    free.close()
    opened = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: [shut, opened])

    assert line_to(sms_gateway).post(ORDER).status == 202
