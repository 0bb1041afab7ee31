"""HTTP client that sends requests unmodified and returns the responses for checks."""

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlsplit

PATIENCE_S = 30
Pair = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; status 0 means a connection that was closed without one."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """Return a header's value, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all_of(self, name: str) -> list[str]:
        """Return every value of a header that may occur several times."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        """Return the body as text, whatever its type."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """Return whether a browser would show it as a page."""
        return self.header("Content-Type").startswith("text/html")

    @property
    def location(self) -> str:
        """Return where it redirects the browser, also by htmx."""
        return self.header("Location") or self.header("HX-Redirect")


def quoted(raw: bytes) -> str:
    """Percent-encode all bytes of a value for an address or a form."""
    return quote_from_bytes(raw, safe="")


def encoded(pairs: Sequence[Pair]) -> str:
    """Encode pairs as a query or a form."""
    return "&".join(f"{quoted(name.encode())}={quoted(raw)}" for name, raw in pairs)


class Exchange:
    """A connection to one site on loopback, opened again whenever the site has closed it."""

    def __init__(
        self, base: str, patience_s: float = PATIENCE_S, attempts: int = 2, source: str = "127.0.0.1"
    ) -> None:
        parts = urlsplit(base)
        if parts.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError(f"only this machine may be attacked, not {parts.hostname}")
        self._connection = http.client.HTTPConnection(
            parts.hostname, parts.port, timeout=patience_s, source_address=(source, 0)
        )
        self._attempts = attempts

    def get(self, target: str, cookie: str = "", **headers: str) -> Answer:
        """Send a GET request."""
        return self._send("GET", target, b"", {"Cookie": cookie, **headers})

    def post(self, target: str, pairs: Sequence[Pair], cookie: str = "", **headers: str) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", target, encoded(pairs).encode(), {**kind, "Cookie": cookie, **headers})

    def _send(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = {name: value for name, value in headers.items() if value}
        for attempt in range(1, self._attempts + 1):
            began = time.perf_counter()
            try:
                self._connection.request(method, target, body or None, sent)
                response = self._connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                if attempt == self._attempts:
                    return Answer(0, (), b"", time.perf_counter() - began)
            else:
                return Answer(response.status, response.getheaders(), content, time.perf_counter() - began)
        raise AssertionError("the last attempt ends above")
