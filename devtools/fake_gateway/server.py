"""The servers on the loopback: SMS and the page over HTTP, e-mail over SMTP."""

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
from devtools.fake_gateway.sms_endpoint import SmsEndpoint
from devtools.fake_gateway.smtp_server import Mailbox, MailServer

HOST = "127.0.0.1"
_IDLE_S = 60
# The second is the former name, as arrived.json is of received.json.
_FAILURE_MODES = ("failure-modes", "moods")
_LONGEST_BODY = 1_000_000
_HTML, _JSON, _CSS = "text/html; charset=utf-8", "application/json", "text/css; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
# The page of an e-mail may use its own styles and nothing else: no scripts, no remote pictures.
_LETTER_ONLY = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


@dataclass(frozen=True, slots=True)
class FakeGatewaySettings:
    """Settings of the fake gateways; port 0 is any free one."""

    token: str
    secret: str
    port: int = 0
    smtp_port: int = 0
    slow_s: float = 3.0
    receipts_after_s: float = 1.0


class FakeGateway:
    """Both servers."""

    def __init__(self, options: FakeGatewaySettings) -> None:
        self.options = options
        self.modes = FailureModes()
        self.received = ReceivedMessages()
        self.receipts = ReceiptSender(options.secret, self.received, options.receipts_after_s)
        self.sms = SmsEndpoint(options.token, self.modes, self.received, self.receipts, options.slow_s)
        self._http = _HttpServer(self, options.port)
        self._is_serving = threading.Event()
        self._mail = MailServer(Mailbox(self.modes, self.received, options.slow_s), options.smtp_port)
        self.url = f"http://{HOST}:{self._http.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a site that sends to these gateways."""
        port = self._http.server_address[1]
        return settings_of(replace(self.options, port=port, smtp_port=self._mail.port))

    def serve(self) -> None:
        """Serve HTTP until closed."""
        self._is_serving.set()
        self._http.serve_forever(poll_interval=0.1)

    def close(self) -> None:
        """Stop, and end requests that hang."""
        self.sms.closing.set()
        self.receipts.close()
        if self._is_serving.is_set():
            self._http.shutdown()
        self._http.server_close()
        self._mail.close()


class _HttpServer(ThreadingHTTPServer):
    """The HTTP server; each connection is kept alive and has a thread."""

    daemon_threads = True
    # Many workers may connect at once.
    request_queue_size = 256

    def __init__(self, gateway: FakeGateway, port: int) -> None:
        self.gateway = gateway
        super().__init__((HOST, port), _HttpConnection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print errors, except that the client has gone away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _HttpConnection(BaseHTTPRequestHandler):
    """Handles the requests of one connection."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    # One packet per response: a second packet would wait until the first is acknowledged.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Receive an SMS, set failure modes, or drop all messages."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            return self._answer(411, b"", _JSON)
        body = self.rfile.read(int(length))
        name = urlsplit(self.path).path[1:]
        if name in SMS_GATEWAYS:
            return self._receive_sms(name, body)
        if not self._is_own_page():
            return self._answer(403, b"", _JSON)
        if name in _FAILURE_MODES:
            return self._set_modes(body)
        if name == "forget":
            self._gateway.received.forget()
            return self._back()
        return self._answer(404, b"", _JSON)

    def do_GET(self) -> None:
        """Answer with the page, its JSON, or an e-mail."""
        gateway, path = self._gateway, urlsplit(self.path).path
        if not self._is_own_page():
            self._answer(403, b"", _JSON)
        elif path == "/":
            lines = export_lines(gateway.settings)
            shown = pages.page(gateway.received, gateway.modes, lines, gateway.receipts.waiting)
            self._answer(200, shown.encode(), _HTML)
        elif path in ("/received.json", "/arrived.json"):
            self._answer(200, pages.received_json(gateway.received, gateway.receipts.waiting), _JSON)
        elif path == "/count":
            count = gateway.received.count
            counts = {"received": count, "arrived": count, "waiting": gateway.receipts.waiting}
            self._answer(200, dumps(counts).encode(), _JSON)
        elif path[1:] in _FAILURE_MODES:
            self._answer(200, dumps(gateway.modes.as_json()).encode(), _JSON)
        elif path == "/wss.css":
            self._answer(200, pages.STYLESHEET.read_bytes(), _CSS)
        elif path.startswith(("/letters/", "/bounces/")):
            self._show_letter(*path.split("/")[1:3])
        else:
            self._answer(404, b"", _JSON)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: everything is on the page."""

    @property
    def _gateway(self) -> FakeGateway:
        return cast(_HttpServer, self.server).gateway

    def _receive_sms(self, name: str, body: bytes) -> None:
        answer = self._gateway.sms.receive(name, self.headers.get("Authorization", ""), body)
        if answer.status is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(answer.status, dumps(answer.content).encode(), _JSON)

    def _set_modes(self, body: bytes) -> None:
        is_json = self.headers.get_content_type() == _JSON
        try:
            pages.set_modes(self._gateway.modes, body, is_json)
        except ValueError as error:
            return self._answer(400, str(error).encode(), _PLAIN)
        if is_json:
            return self._answer(200, dumps(self._gateway.modes.as_json()).encode(), _JSON)
        return self._back()

    def _show_letter(self, how: str, provider_id: str) -> None:
        letters = [one for one in self._gateway.received.all() if one.gateway == MAIL]
        letter = next((one for one in letters if one.provider_id == provider_id), None)
        if letter is None:
            self._answer(404, b"", _JSON)
        elif how == "bounces":
            self._answer(200, bounce_of(letter), _PLAIN)
        else:
            self._answer(200, letter.html.encode(), _HTML, _LETTER_ONLY)

    def _back(self) -> None:
        self._answer(303, b"", _HTML, {"Location": "/"})

    def _is_own_page(self) -> bool:
        """Return whether the request comes from a page of this machine.

        Refuses pages of other sites (DNS rebinding, CSRF).
        """
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


def settings_of(options: FakeGatewaySettings) -> dict[str, str]:
    """Return the environment of a site that sends to gateways on these ports."""
    url = f"http://{HOST}:{options.port}"
    return {
        "WSS_SMS_BACKEND": "http",
        "WSS_SMS_URL": f"{url}/sms1",
        "WSS_SMS_TOKEN": options.token,
        "WSS_SMS_CALLBACK_SECRET": options.secret,
        "WSS_SMS2_URL": f"{url}/sms2",
        "WSS_SMTP_URL": f"smtp://{HOST}:{options.smtp_port}",
    }


def export_lines(settings: Mapping[str, str]) -> str:
    """Return settings as lines for a shell."""
    return "\n".join(f"export {name}={value}" for name, value in settings.items())
