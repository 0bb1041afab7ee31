"""The ways to gateways: through the operator's proxy, and to private addresses that the operator has listed."""

import ssl
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from tests.fixtures.certificates import a_certificate
from tests.fixtures.message_servers import SmsGateway
from tests.fixtures.outbound_proxies import OutboundProxy
from wss.gateways.connection_faults import connection_fault
from wss.gateways.http import HttpAnswer, HttpChannel, OutboundRoute, resolve
from wss.gateways.http_proxy import ProxyRefused
from wss.gateways.senders import SendFailed
from wss.setting_addresses import ProxyAddress, private_hosts

NAME = "billing.example.in"
TAKEN = HttpAnswer(202, b'{"provider_id": "p1"}')


@pytest.fixture(autouse=True)
def _short_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wss.gateways.http.TIMEOUT_S", 0.5)


@pytest.fixture
def billing(
    sms_gateway: SmsGateway, outbound_proxy: OutboundProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SmsGateway:
    """Return a server with TLS and a certificate for NAME, which only the proxy can look up."""
    certificate = a_certificate(tmp_path, [x509.DNSName(NAME)])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    sms_gateway.server.socket = server.wrap_socket(sms_gateway.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outbound_proxy.target = ("127.0.0.1", urlsplit(sms_gateway.url).port or 0)
    return sms_gateway


def channel_by(proxy: OutboundProxy, url: str = f"https://{NAME}/bills", private: str = "") -> HttpChannel:
    route = OutboundRoute(private_hosts(private), ProxyAddress("127.0.0.1", proxy.port, "wss:of the proxy"))
    return HttpChannel(url, "a token", only_public=True, route=route)


def failure(channel: HttpChannel) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        channel.post({"id": "1"})
    return caught.value


def test_the_proxy_is_asked_for_the_host_and_learns_nothing_else(
    billing: SmsGateway, outbound_proxy: OutboundProxy
):
    assert channel_by(outbound_proxy).post({"id": "1"}) == TAKEN

    login = b64encode(b"wss:of the proxy").decode()
    assert outbound_proxy.heads == [
        f"CONNECT {NAME}:443 HTTP/1.1\r\nHost: {NAME}:443\r\nProxy-Authorization: Basic {login}\r\n\r\n"
    ]
    assert billing.asked[0][1]["Authorization"] == "Bearer a token"


def test_the_certificate_has_to_name_the_host_behind_the_proxy(
    billing: SmsGateway, outbound_proxy: OutboundProxy
):
    failed = failure(channel_by(outbound_proxy, "https://other.example.in/bills"))

    assert (failed.reason, failed.in_doubt, billing.asked) == ("SSLCertVerificationError", False, [])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 407 Login needed\r\nContent-Length: 0\r\n\r\n", "ProxyRefused"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n", "ProxyRefused"),
        (b"SSH-2.0-x\r\n\r\n", "ProxyRefused"),
        (b"HTTP/1.1 200", "TimeoutError"),
    ],
)
def test_a_proxy_that_does_not_connect_leaves_nothing_in_doubt(
    billing: SmsGateway, outbound_proxy: OutboundProxy, answer: bytes, reason: str
):
    outbound_proxy.answer = answer
    failed = failure(channel_by(outbound_proxy))

    assert (failed.reason, failed.again, failed.in_doubt, billing.asked) == (reason, True, False, [])


def test_the_operators_own_hosts_are_reached_without_the_proxy(
    sms_gateway: SmsGateway, outbound_proxy: OutboundProxy
):
    route = OutboundRoute(private_hosts("127.0.0.0/8"), ProxyAddress("127.0.0.1", outbound_proxy.port))

    assert HttpChannel(sms_gateway.url, "a token", route=route).post({"id": "1"}) == TAKEN
    assert outbound_proxy.heads == []


@pytest.mark.parametrize(("listed", "is_direct"), [("10.20.0.0/16", False), (NAME, True)])
def test_with_a_proxy_a_name_is_reached_directly_only_if_it_is_listed_itself(
    monkeypatch: pytest.MonkeyPatch, listed: str, is_direct: bool
):
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda *_a, **_k: [(None, None, None, "", ("10.20.30.40", 443))]
    )
    route = OutboundRoute(private_hosts(listed), ProxyAddress("127.0.0.1", 3128))

    assert (route.proxy_for(NAME) is None) == is_direct


def test_a_proxy_that_refuses_an_own_name_is_explained():
    assert "list its name in WSS_PRIVATE_HOSTS" in connection_fault(ProxyRefused("403"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "10.1.2.3", "169.254.169.254"])
def test_the_proxy_is_never_asked_for_a_private_number(outbound_proxy: OutboundProxy, host: str):
    assert failure(channel_by(outbound_proxy, f"https://{host}/bills")).reason == "PermissionError"
    assert outbound_proxy.heads == []


@pytest.mark.parametrize(
    ("listed", "address", "is_allowed"),
    [
        ("10.20.0.0/16", "10.20.30.40", True),
        ("10.20.0.0/16", "::ffff:10.20.30.40", True),
        ("10.20.0.0/16", "10.21.0.1", False),
        (NAME, "10.20.30.40", True),
        (NAME.upper(), "fd00::1", True),
        (NAME, "127.0.0.1", False),
        (NAME, "169.254.169.254", False),
        ("other.example.in", "10.20.30.40", False),
    ],
)
def test_a_private_address_is_connected_to_only_if_the_operator_has_listed_it(
    monkeypatch: pytest.MonkeyPatch, listed: str, address: str, is_allowed: bool
):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(None, None, None, "", (address, 443))])
    try:
        found = resolve(NAME, 443, only_public=True, private=private_hosts(listed))
    except PermissionError:
        found = []

    assert found == ([address] if is_allowed else [])
