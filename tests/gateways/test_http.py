"""The HTTP client of the gateways, against real servers of the loopback that sometimes fail."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from tests.fixtures.certificates import a_certificate
from tests.fixtures.message_servers import SmsGateway, plain_answer
from wss.gateways.http import HttpAnswer, HttpChannel, resolve
from wss.gateways.senders import SendFailed

ORDER = {"id": "1", "text": "OTP"}
TAKEN = HttpAnswer(202, b'{"provider_id": "p1"}')


@pytest.fixture(autouse=True)
def _short_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wss.gateways.http.TIMEOUT_S", 0.5)


@pytest.fixture
def connected(sms_gateway: SmsGateway) -> Iterator[list[Any]]:
    """Provide the connections that the gateway has accepted; it keeps them open."""
    connections: list[Any] = []
    handler: Any = sms_gateway.server.RequestHandlerClass
    handler.protocol_version = "HTTP/1.1"
    setup = handler.setup

    def noted(connection: BaseHTTPRequestHandler) -> None:
        connections.append(connection)
        setup(connection)

    handler.setup = noted
    yield connections


def channel_to(gateway: SmsGateway) -> HttpChannel:
    return HttpChannel(gateway.url, "a token")


def failure(channel: HttpChannel) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        channel.post(ORDER)
    return caught.value


def raw(*parts: bytes) -> Any:
    """Return a handler that sends a response byte for byte."""
    return lambda handler: [handler.wfile.write(part) for part in parts] and None


def entry(address: str, port: int) -> tuple[Any, ...]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Provide the addresses to which names resolve here; numeric addresses resolve to themselves."""
    found: dict[str, list[Any]] = {}
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: found[host] if host in found else real(host, *a, **k)
    )
    return found


def test_requests_share_a_connection(sms_gateway: SmsGateway, connected: list[Any]):
    channel = channel_to(sms_gateway)

    assert [channel.post(ORDER) for _time in range(3)] == [TAKEN] * 3
    assert len(connected) == 1
    assert [json.loads(body) for _path, _headers, body in sms_gateway.asked] == [ORDER] * 3


def test_requests_at_the_same_time_have_connections_of_their_own(
    sms_gateway: SmsGateway, connected: list[Any]
):
    everyone = threading.Barrier(4)

    def together(handler: BaseHTTPRequestHandler) -> None:
        everyone.wait(5)
        plain_answer(handler, 202)

    sms_gateway.answer = together
    channel = channel_to(sms_gateway)
    threads = [threading.Thread(target=channel.post, args=(ORDER,)) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(connected) == len(sms_gateway.asked) == 4


def test_a_connection_that_the_gateway_has_closed_is_replaced_and_nothing_is_in_doubt(
    sms_gateway: SmsGateway, connected: list[Any]
):
    channel = channel_to(sms_gateway)
    channel.post(ORDER)
    connected[0].connection.shutdown(socket.SHUT_RDWR)
    connected[0].connection.close()

    assert (channel.post(ORDER), len(connected), len(sms_gateway.asked)) == (TAKEN, 2, 2)


def test_what_a_gateway_sends_unasked_is_no_answer(sms_gateway: SmsGateway, connected: list[Any]):
    channel = channel_to(sms_gateway)
    channel.post(ORDER)
    connected[0].connection.sendall(b'HTTP/1.1 202 OK\r\nContent-Length: 22\r\n\r\n{"provider_id": "bad"}')
    threading.Event().wait(0.05)

    assert channel.post(ORDER) == TAKEN


@pytest.mark.parametrize(
    ("parts", "answer", "connections"),
    [
        ((b"HTTP/1.1 202 OK\r\nConte", b"nt-Length: 4\r\n\r\n", b"fo", b"ur"), HttpAnswer(202, b"four"), 1),
        ((b"HTTP/1.1 202 OK\r\ncontent-length:2\r\nX: y\r\n\r\nok",), HttpAnswer(202, b"ok"), 1),
        (
            (b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",),
            HttpAnswer(202, b"ok"),
            1,
        ),
        (
            (b"HTTP/1.1 202 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",),
            HttpAnswer(202, b"ok"),
            2,
        ),
        ((b"HTTP/1.0 202 OK\r\nContent-Length: 2\r\n\r\nok",), HttpAnswer(202, b"ok"), 2),
        ((b"HTTP/1.1 204 Nothing\r\n\r\n",), HttpAnswer(204, b""), 1),
        (
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nok",),
            HttpAnswer(202, b"ok"),
            1,
        ),
    ],
)
def test_after_an_answer_of_any_shape_the_next_request_is_answered(
    sms_gateway: SmsGateway,
    connected: list[Any],
    parts: tuple[bytes, ...],
    answer: HttpAnswer,
    connections: int,
):
    sms_gateway.answer = raw(*parts)
    channel = channel_to(sms_gateway)

    assert channel.post(ORDER) == answer
    sms_gateway.answer = lambda each: plain_answer(each, 202)
    assert (channel.post(ORDER), len(connected)) == (TAKEN, connections)


def test_what_follows_an_answer_is_not_read_as_the_next(sms_gateway: SmsGateway, connected: list[Any]):
    sms_gateway.answer = raw(
        b"HTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nno"
    )
    channel = channel_to(sms_gateway)
    channel.post(ORDER)
    sms_gateway.answer = lambda each: plain_answer(each, 503)

    assert channel.post(ORDER).status == 503


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = lambda handler: plain_answer(handler, status, Location="/elsewhere")

    assert channel_to(sms_gateway).post(ORDER).status == status
    assert [path for path, *_ in sms_gateway.asked] == ["/sms/out"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_is_sent_once_whatever_the_answer(sms_gateway: SmsGateway, status: int):
    sms_gateway.answer = lambda handler: plain_answer(handler, status, **{"Retry-After": "0"})

    assert (channel_to(sms_gateway).post(ORDER).status, len(sms_gateway.asked)) == (status, 1)


def _hang(gateway: SmsGateway) -> Any:
    return lambda _handler: gateway.stopping.wait(5) and None


def _cut(_gateway: SmsGateway) -> Any:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    return cut


def _drip(
    gateway: SmsGateway, head: bytes = b"", drops: bytes = b"HTTP/1.1 202 Accepted\r\nX: yes\r\n"
) -> Any:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        for drop in drops:
            if gateway.stopping.wait(0.1):
                return
            try:
                handler.wfile.write(bytes([drop]))
            except OSError:
                return

    return drip


def _drip_the_body(gateway: SmsGateway) -> Any:
    return _drip(gateway, b"HTTP/1.1 202 OK\r\nContent-Length: 50\r\n\r\n", b"x" * 50)


def _answered(answer: bytes) -> Any:
    return lambda _gateway: raw(answer)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (_hang, "TimeoutError"),
        (_drip, "TimeoutError"),
        (_drip_the_body, "TimeoutError"),
        (_cut, "RemoteDisconnected"),
        (_answered(b"\x00\xff not http at all\r\n\r\n"), "BadStatusLine"),
        (_answered(b"HTTP/1.1 202 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"), "LineTooLong"),
        (_answered(b"HTTP/1.1 202 OK\r\nContent-Length: 20\r\n\r\nhalf"), "TimeoutError"),
    ],
)
def test_a_gateway_that_does_not_answer_in_time_may_have_the_request(
    sms_gateway: SmsGateway, connected: list[Any], trouble: Any, reason: str
):
    sms_gateway.answer = trouble(sms_gateway)
    channel, began = channel_to(sms_gateway), monotonic()
    failed = failure(channel)

    assert (failed.reason, failed.again, failed.in_doubt, len(sms_gateway.asked)) == (reason, True, True, 1)
    assert monotonic() - began < 1.5
    sms_gateway.answer = lambda each: plain_answer(each, 202)
    assert channel.post(ORDER) == TAKEN


def test_a_response_whose_body_is_cut_has_a_status(sms_gateway: SmsGateway, connected: list[Any]):
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 202 OK\r\nContent-Length: 20\r\n\r\nhalf")
        _cut(sms_gateway)(handler)

    sms_gateway.answer = cut
    channel = channel_to(sms_gateway)

    assert channel.post(ORDER) == HttpAnswer(202, b"half")
    sms_gateway.answer = lambda each: plain_answer(each, 202)
    assert channel.post(ORDER) == TAKEN


def test_of_a_long_answer_only_the_beginning_is_read(sms_gateway: SmsGateway, connected: list[Any]):
    sms_gateway.answer = raw(b"HTTP/1.1 202 OK\r\nContent-Length: 50000\r\n\r\n" + b"x" * 50_000)
    channel = channel_to(sms_gateway)

    assert len(channel.post(ORDER).body) == 10_000
    sms_gateway.answer = lambda each: plain_answer(each, 202)
    assert channel.post(ORDER) == TAKEN


@pytest.mark.parametrize("token", ["a\r\nX-Other: 1", "é"])
def test_a_token_that_would_be_another_header_is_refused(token: str):
    with pytest.raises(ValueError, match="token"):
        HttpChannel("http://127.0.0.1:1/", token)


def test_an_address_without_a_host_fails_when_it_is_used():
    assert failure(HttpChannel("/revisions", "a token", only_public=True)).again


def test_a_refused_connection_leaves_nothing_in_doubt():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    failed = failure(HttpChannel(f"http://127.0.0.1:{port}/", "a token"))

    assert (failed.reason, failed.again, failed.in_doubt) == ("ConnectionRefusedError", True, False)


def test_all_addresses_of_a_name_together_get_the_time_of_one(
    addresses: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
):
    given_s: list[float] = []

    def deaf(_address: Any, seconds: float) -> Any:
        given_s.append(seconds)
        raise TimeoutError("timed out")

    addresses["many.example"] = [entry(f"192.0.2.{n}", 80) for n in range(10)]
    monkeypatch.setattr(socket, "create_connection", deaf)
    failed = failure(HttpChannel("http://many.example/", "a token"))

    assert (failed.again, failed.in_doubt) == (True, False)
    assert len(given_s) == 10 and given_s[0] <= 0.05 + 0.01


def test_the_next_address_is_taken_when_the_first_does_not_answer(
    sms_gateway: SmsGateway, addresses: dict[str, list[Any]]
):
    port = urlsplit(sms_gateway.url).port or 0
    addresses["two.example"] = [entry("127.0.0.2", 1), entry("127.0.0.1", port)]
    with socket.create_server(("127.0.0.2", 0)):
        assert HttpChannel(f"http://two.example:{port}/", "a token").post(ORDER) == TAKEN


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost", "::1", "::ffff:127.0.0.1"),
        *("10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "fe80::1", "fd00::1"),
        *("::ffff:10.0.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "ff02::1"),
        "0.0.0.0",  # noqa: S104
        # NAT64, NAT64 of a provider, 6to4, Teredo, compatible with IPv4, site-local.
        *(
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::7f00:1",
            "2002:7f00:1::",
            "2001:0:4136:e378::",
            "::7f00:1",
            "fec0::1",
        ),
    ],
)
def test_a_private_address_is_never_connected_to(host: str):
    with pytest.raises(OSError):
        resolve(host, 443, only_public=True)


@pytest.mark.parametrize("host", ["64:ff9b::5db8:d822", "2002:5db8:d822::1", "::ffff:93.184.216.34"])
def test_an_address_that_contains_a_public_one_is_public(host: str):
    assert resolve(host, 443, only_public=True) == [host]


def test_a_name_that_also_means_a_private_address_is_refused(addresses: dict[str, list[Any]]):
    addresses["billing.example.in"] = [entry("93.184.216.34", 443), entry("10.0.0.1", 443)]

    with pytest.raises(PermissionError):
        resolve("billing.example.in", 443, only_public=True)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch):
    answers = iter(["93.184.216.34", "127.0.0.1"])
    called: list[Any] = []

    def connect(address: Any, *_rest: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [entry(next(answers), 443)])
    monkeypatch.setattr(socket, "create_connection", connect)

    failure(HttpChannel("https://billing.example.in", "a token", only_public=True))
    assert called == [("93.184.216.34", 443)]


@pytest.mark.parametrize(("name", "is_taken"), [("billing.example.in", True), ("other.example.in", False)])
def test_the_certificate_has_to_name_the_host_and_not_the_address(
    sms_gateway: SmsGateway,
    connected: list[Any],
    addresses: dict[str, list[Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_taken: bool,
):
    certificate = a_certificate(tmp_path, [x509.DNSName("billing.example.in")])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    sms_gateway.server.socket = server.wrap_socket(sms_gateway.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("wss.gateways.http._is_public", lambda _address: True)
    port = urlsplit(sms_gateway.url).port or 0
    addresses[name] = [entry("127.0.0.1", port)]
    channel = HttpChannel(f"https://{name}:{port}/", "a token", only_public=True)

    if is_taken:
        assert [channel.post(ORDER) for _time in range(3)] == [TAKEN] * 3
        assert len(connected) == 1
    else:
        failed = failure(channel)
        assert (failed.reason, failed.in_doubt, sms_gateway.asked) == ("SSLCertVerificationError", False, [])
