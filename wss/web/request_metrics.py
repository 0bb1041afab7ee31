"""Counts every request by its rule, with its status and the time it took."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from wss import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# The rule of this thread's request: the request itself is gone when its answer is counted.
_rule: ContextVar[str] = ContextVar("rule")


def init_app(app: Flask) -> None:
    """Count around the whole application, so that requests which it refuses early or fails to answer count too."""
    answer = app.wsgi_app

    @app.url_value_preprocessor
    def note_rule(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if request.url_rule:
            _rule.set(request.url_rule.rule)

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        metrics.start()
        # Without a status the application has failed, and the server answers for it.
        status, began = ["500"], perf_counter()

        def start_counted(line: str, *rest: Any) -> Any:
            status[0] = line.partition(" ")[0]
            return start_response(line, *rest)

        _rule.set(metrics.UNKNOWN_RULE)
        metrics.count_progress(1)
        try:
            return answer(environ, start_counted)
        finally:
            metrics.count_progress(-1)
            method = environ.get("REQUEST_METHOD", "")
            metrics.count_request(_rule.get(), method, status[0], perf_counter() - began)

    app.wsgi_app = counted  # type: ignore[method-assign]
