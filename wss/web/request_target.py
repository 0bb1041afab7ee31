"""Refuses a request that leaves open for which host it is: RFC 9112, section 3.2."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_WITHOUT_HOST = ("HTTP/0.9", "HTTP/1.0")


def init_app(app: Flask) -> None:
    """Take the host from every request that leaves it open: `TRUSTED_HOSTS` refuses an empty one."""
    answer = app.wsgi_app

    def check_host(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _is_open(environ):
            environ["HTTP_HOST"] = ""
        return answer(environ, start_response)

    app.wsgi_app = check_host  # type: ignore[method-assign]


def _is_open(environ: WSGIEnvironment) -> bool:
    """Servers pass on what names no host, and what names in its target another one than in Host."""
    host = environ.get("HTTP_HOST")
    if host is None and environ.get("SERVER_PROTOCOL") not in _WITHOUT_HOST:
        return True
    target = environ.get("RAW_URI") or "/"
    if target == "*" or target.startswith("/"):
        return False
    scheme, _, rest = target.partition("://")
    named = rest.partition("/")[0].partition("?")[0]
    return scheme.lower() not in ("http", "https") or named.lower() != (host or "").lower()
