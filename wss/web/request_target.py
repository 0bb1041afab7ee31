"""Refuses a request that leaves open for which host it is: RFC 9112, section 3.2."""

from flask import Flask, request
from werkzeug.exceptions import SecurityError

_WITHOUT_HOST = ("HTTP/0.9", "HTTP/1.0")


def init_app(app: Flask) -> None:
    """Look at every request, before anything else does. That the host is ours is compared by `TRUSTED_HOSTS`."""
    app.before_request(_refuse_other_hosts)


def _refuse_other_hosts() -> None:
    """Servers pass on what names no host, and what names in its target another one than in Host."""
    environ = request.environ
    host = environ.get("HTTP_HOST")
    if host is None and environ.get("SERVER_PROTOCOL") not in _WITHOUT_HOST:
        raise SecurityError("HTTP/1.1 without Host")
    target = environ.get("RAW_URI") or "/"
    if target == "*" or target.startswith("/"):
        return
    scheme, _, rest = target.partition("://")
    named = rest.partition("/")[0].partition("?")[0]
    if scheme.lower() not in ("http", "https") or named.lower() != (host or "").lower():
        raise SecurityError("the target names another host than Host")
