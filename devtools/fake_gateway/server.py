"""The gateways for trying as one program on this machine: SMS over HTTP, e-mail over SMTP, and the page."""

import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import cast
from urllib.parse import urlsplit

from devtools.fake_gateway import pages
from devtools.fake_gateway.bounces import bounce_of
from devtools.fake_gateway.failure_modes import MAIL, SMS_GATEWAYS, FailureModes
from devtools.fake_gateway.receipts import LOOPBACK, ReceiptSender
from devtools.fake_gateway.received_messages import ReceivedMessages
from devtools.fake_gateway.sms_orders import SmsEndpoint
from devtools.fake_gateway.smtp_server import Mailbox, MailServer

HOST = "127.0.0.1"
_IDLE_S = 60
_LONGEST_BODY = 1_000_000
_HTML, _JSON, _CSS = "text/html; charset=utf-8", "application/json", "text/css; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
# The letter's own page may show its styles and nothing else: no scripts, no pictures from elsewhere.
_LETTER_ONLY = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


@dataclass(frozen=True, slots=True)
class FakeGatewaySettings:
    """How the gateways are to be; port 0 is any that is free."""

    token: str
    secret: str
    port: int = 0
    smtp_port: int = 0
    slow_s: float = 3.0
    receipts_after_s: float = 1.0


class FakeGateway:
    """Both servers, from being made to being closed."""

    def __init__(self, wishes: FakeGatewaySettings) -> None:
        self.wishes = wishes
        self.moods = FailureModes()
        self.arrivals = ReceivedMessages()
        self.receipts = ReceiptSender(wishes.secret, self.arrivals, wishes.receipts_after_s)
        self.counter = SmsEndpoint(wishes.token, self.moods, self.arrivals, self.receipts, wishes.slow_s)
        self._http = _HttpServer(self, wishes.port)
        self._is_serving = threading.Event()
        self._mail = MailServer(Mailbox(self.moods, self.arrivals, wishes.slow_s), wishes.smtp_port)
        self.url = f"http://{HOST}:{self._http.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a site that sends through these gateways."""
        port = self._http.server_address[1]
        return settings_of(replace(self.wishes, port=port, smtp_port=self._mail.port))

    def serve(self) -> None:
        """Answer until closed."""
        self._is_serving.set()
        self._http.serve_forever(poll_interval=0.1)

    def close(self) -> None:
        """Stop; whatever hangs is let go."""
        self.counter.closing.set()
        self.receipts.close()
        if self._is_serving.is_set():
            self._http.shutdown()
        self._http.server_close()
        self._mail.close()


class _HttpServer(ThreadingHTTPServer):
    """The HTTP server; each connection lasts and has a thread."""

    daemon_threads = True
    # Many workers may knock at once.
    request_queue_size = 256

    def __init__(self, gateway: FakeGateway, port: int) -> None:
        self.gateway = gateway
        super().__init__((HOST, port), _HttpConnection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Let pass that the other end has died; everything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _HttpConnection(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    # One packet for each answer: two would wait for each other.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take an order, or set moods."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            return self._answer(411, b"", _JSON)
        body = self.rfile.read(int(length))
        name = urlsplit(self.path).path[1:]
        if name in SMS_GATEWAYS:
            return self._take_order(name, body)
        if not self._is_from_here():
            return self._answer(403, b"", _JSON)
        if name == "moods":
            return self._set_moods(body)
        if name == "forget":
            self._gateway.arrivals.forget()
            return self._back()
        return self._answer(404, b"", _JSON)

    def do_GET(self) -> None:
        """Show what has arrived."""
        gateway, path = self._gateway, urlsplit(self.path).path
        if not self._is_from_here():
            self._answer(403, b"", _JSON)
        elif path == "/":
            lines = export_lines(gateway.settings)
            shown = pages.page(gateway.arrivals, gateway.moods, lines, gateway.receipts.waiting)
            self._answer(200, shown.encode(), _HTML)
        elif path == "/arrived.json":
            self._answer(200, pages.arrived_json(gateway.arrivals, gateway.receipts.waiting), _JSON)
        elif path == "/count":
            counts = {"arrived": gateway.arrivals.count, "waiting": gateway.receipts.waiting}
            self._answer(200, dumps(counts).encode(), _JSON)
        elif path == "/moods":
            self._answer(200, dumps(gateway.moods.as_json()).encode(), _JSON)
        elif path == "/wss.css":
            self._answer(200, pages.SHEET.read_bytes(), _CSS)
        elif path.startswith(("/letters/", "/bounces/")):
            self._show_letter(*path.split("/")[1:3])
        else:
            self._answer(404, b"", _JSON)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: everything is on the page."""

    @property
    def _gateway(self) -> FakeGateway:
        return cast(_HttpServer, self.server).gateway

    def _take_order(self, name: str, body: bytes) -> None:
        answer = self._gateway.counter.hand_in(name, self.headers.get("Authorization", ""), body)
        if answer.status is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(answer.status, dumps(answer.says).encode(), _JSON)

    def _set_moods(self, body: bytes) -> None:
        is_json = self.headers.get_content_type() == _JSON
        try:
            pages.set_moods(self._gateway.moods, body, is_json)
        except ValueError as wrong:
            return self._answer(400, str(wrong).encode(), _PLAIN)
        if is_json:
            return self._answer(200, dumps(self._gateway.moods.as_json()).encode(), _JSON)
        return self._back()

    def _show_letter(self, how: str, provider_id: str) -> None:
        letters = [one for one in self._gateway.arrivals.all() if one.gateway == MAIL]
        letter = next((one for one in letters if one.provider_id == provider_id), None)
        if letter is None:
            self._answer(404, b"", _JSON)
        elif how == "bounces":
            self._answer(200, bounce_of(letter), _PLAIN)
        else:
            self._answer(200, letter.html.encode(), _HTML, _LETTER_ONLY)

    def _back(self) -> None:
        self._answer(303, b"", _HTML, {"Location": "/"})

    def _is_from_here(self) -> bool:
        """Whether this machine's own browser asks for this page, and no other site sends it here."""
        hosts = [urlsplit(f"//{self.headers.get('Host', '')}").hostname]
        if self.headers.get("Origin"):
            hosts.append(urlsplit(self.headers["Origin"]).hostname)
        return all(host in LOOPBACK for host in hosts)

    def _answer(self, status: int, body: bytes, kind: str, more: Mapping[str, str] | None = None) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Type": kind, **(more or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


def settings_of(wishes: FakeGatewaySettings) -> dict[str, str]:
    """The environment of a site that sends through gateways on these ports."""
    url = f"http://{HOST}:{wishes.port}"
    return {
        "WSS_SMS_BACKEND": "http",
        "WSS_SMS_URL": f"{url}/sms1",
        "WSS_SMS_TOKEN": wishes.token,
        "WSS_SMS_CALLBACK_SECRET": wishes.secret,
        "WSS_SMS2_URL": f"{url}/sms2",
        "WSS_SMTP_URL": f"smtp://{HOST}:{wishes.smtp_port}",
    }


def export_lines(settings: Mapping[str, str]) -> str:
    """Settings as a shell takes them."""
    return "\n".join(f"export {name}={value}" for name, value in settings.items())
