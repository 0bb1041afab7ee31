"""The id of each request, and the log lines of requests that are slow, refused by a limit, or answered 5xx."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from wss.logs.request_trace import RequestTrace, begin_trace, current_trace
from wss.logs.stack_traces import kind_of_error

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
HEADER = "X-Request-ID"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def init_app(app: Flask, *, trusted: int, slow_ms: int) -> None:
    """Trace every request from before its address is looked at until its answer begins."""
    app.wsgi_app = RequestLog(app.wsgi_app, trusted, slow_ms)  # type: ignore[method-assign]

    @app.url_value_preprocessor
    def note_rule(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        trace = current_trace()
        if trace is not None and request.url_rule is not None:
            trace.rule = request.url_rule.rule


class RequestLog:
    """Logs at most one line for each request: its id, method, the rule of its route, status and duration."""

    def __init__(self, app: Any, trusted: int, slow_ms: int) -> None:
        self.app, self.trusted, self.slow_ms = app, trusted, slow_ms

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, with its id in a header."""
        began, status = monotonic(), 0
        trace = begin_trace(_given_id(environ, self.trusted))

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            # An open timeline polls every minute; its answer without news remains small.
            named = headers if status == 204 else [*headers, (HEADER, trace.id)]
            return start_response(line, named, *error)

        try:
            body: Iterable[bytes] = self.app(environ, start)
        except Exception as error:
            # The server answers it.
            trace.cause, trace.error = kind_of_error(error), error
            self._write(trace, environ, 500, began)
            raise
        self._write(trace, environ, status, began)
        return body

    def _write(self, trace: RequestTrace, environ: WSGIEnvironment, status: int, began: float) -> None:
        took_ms = round((monotonic() - began) * 1000)
        is_slow, is_limited, is_failed = took_ms >= self.slow_ms, status == 429, status >= 500
        level = logging.ERROR if is_failed else logging.WARNING if is_slow or is_limited else logging.DEBUG
        if not log.isEnabledFor(level):
            return
        method = environ.get("REQUEST_METHOD", "")
        fields: dict[str, Any] = {
            "method": method if method in _METHODS else "other",
            "rule": trace.rule or "unknown address",
            "status": status,
            "duration_ms": took_ms,
        }
        what = " slow" if is_slow else ""
        if is_limited:
            what = " refused by a limit"
            fields["limits"] = sorted(trace.limits)
        elif is_failed:
            what = f" {trace.cause}".rstrip()
            fields |= {"reference": trace.reference, "cause": trace.cause}
        message = "%s %s: %d after %d ms" + what.replace("%", "%%")
        shown = fields["method"], fields["rule"], status, took_ms
        log.log(level, message, *shown, extra=fields, exc_info=trace.error)


def _given_id(environ: WSGIEnvironment, trusted: int) -> str:
    """Return the id that a trusted proxy has given the request; empty if the request did not come through one."""
    if not trusted:
        return ""
    forwarded = [each for each in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    return environ.get("HTTP_X_REQUEST_ID", "") if trusted <= len(forwarded) else ""
