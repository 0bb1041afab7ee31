"""The host of a request: an ambiguous one is refused (RFC 9112, section 3.2), health checks may have any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_WITHOUT_HOST = ("HTTP/0.9", "HTTP/1.0")
# Called by address: balancers, orchestrators and Prometheus know the process, not the name of the site. Their answers
# contain no address, so that a forged host would change nothing.
HEALTH_PATHS = frozenset({"/livez", "/readyz", "/metrics"})


def init_app(app: Flask) -> None:
    """Remove the host from every ambiguous request: `TRUSTED_HOSTS` refuses an empty one."""
    answer = app.wsgi_app

    def check_host(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in HEALTH_PATHS:
            environ["HTTP_HOST"] = next(iter(app.config["TRUSTED_HOSTS"] or ()), "localhost")
        elif _is_open(environ):
            environ["HTTP_HOST"] = ""
        return answer(environ, start_response)

    app.wsgi_app = check_host  # type: ignore[method-assign]


def _is_open(environ: WSGIEnvironment) -> bool:
    """Return whether the host is ambiguous.

    Servers pass on requests without a host, and requests whose target names another host than the Host header.
    """
    host = environ.get("HTTP_HOST")
    if host is None and environ.get("SERVER_PROTOCOL") not in _WITHOUT_HOST:
        return True
    target = environ.get("RAW_URI") or "/"
    if target == "*" or target.startswith("/"):
        return False
    scheme, _, rest = target.partition("://")
    named = rest.partition("/")[0].partition("?")[0]
    return scheme.lower() not in ("http", "https") or named.lower() != (host or "").lower()
