"""E-mail over TLS: a real server on the loopback with a certificate made by the test."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509

from tests.fixtures.certificates import a_certificate
from tests.fixtures.message_servers import Mailbox
from wss.gateways.email import SmtpSender
from wss.gateways.senders import Parcel, SendFailed

LETTER = Parcel("6f1d1c52-0000-4000-8000-000000000001", "email", "pooja@example.in", "closed", "hi", "x", "y")
Served = Callable[..., Mailbox]


class Listening(Mailbox):
    """A mailbox that records which e-mails came over an encrypted connection."""

    def __init__(self) -> None:
        super().__init__()
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.encrypted.append(session.ssl is not None)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Return a function that starts a mail server with a certificate for these names; trusted by default."""
    controllers = []

    def serve(*names: x509.GeneralName, trusted: bool = True, encrypts: bool = True) -> Listening:
        box = Listening()
        certificate = a_certificate(tmp_path, list(names) or [LOOPBACK])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        tls = {"tls_context": context, "require_starttls": True} if encrypts else {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(box, hostname="127.0.0.1", port=port, **tls)
        controller.start()
        controllers.append(controller)
        box.url = f"smtp://127.0.0.1:{port}"
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        return box

    yield serve
    for controller in controllers:
        controller.stop()


LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def failure(box: Mailbox) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        SmtpSender(box.url, "wss@example.in").send(LETTER)
    return caught.value


def test_a_letter_goes_over_an_encrypted_line_where_that_is_offered(served: Served):
    box = served()

    SmtpSender(box.url, "wss@example.in").send(LETTER)

    assert box.encrypted == [True]


def test_an_untrusted_server_gets_nothing(served: Served):
    box = served(trusted=False)

    failed = failure(box)

    assert (failed.reason, failed.again, box.letters) == ("SSLCertVerificationError", True, [])


def test_a_server_with_the_certificate_of_another_gets_nothing(served: Served):
    box = served(x509.DNSName("other.example.in"))

    failed = failure(box)

    assert (failed.reason, failed.again, box.letters) == ("SSLCertVerificationError", True, [])


def test_over_a_network_nothing_is_sent_in_the_clear(served: Served, monkeypatch: pytest.MonkeyPatch):
    box = served(encrypts=False)
    # The loopback represents the network here.
    monkeypatch.setattr("wss.gateways.email._THIS_MACHINE", frozenset())

    failed = failure(box)

    assert (failed.reason, failed.again, box.letters) == ("no starttls", True, [])


def test_a_server_on_this_machine_may_do_without(served: Served):
    box = served(encrypts=False)

    SmtpSender(box.url, "wss@example.in").send(LETTER)

    assert box.encrypted == [False]
