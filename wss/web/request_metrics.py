"""Counts every request by its rule, with its status and the time it took."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from wss import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_RULE = "wss.rule"


def init_app(app: Flask) -> None:
    """Count around the whole application, so that requests which it refuses early or fails to answer count too."""
    answer = app.wsgi_app

    @app.url_value_preprocessor
    def note_rule(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        # The request is gone when its answer is counted.
        request.environ[_RULE] = request.url_rule.rule if request.url_rule else metrics.UNKNOWN_RULE

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        metrics.start()
        # Without a status the application has failed, and the server answers for it.
        status, began = ["500"], perf_counter()

        def start_counted(line: str, *rest: Any) -> Any:
            status[0] = line.partition(" ")[0]
            return start_response(line, *rest)

        metrics.count_progress(1)
        try:
            return answer(environ, start_counted)
        finally:
            metrics.count_progress(-1)
            rule = environ.get(_RULE, metrics.UNKNOWN_RULE)
            method = environ.get("REQUEST_METHOD", "")
            metrics.count_request(rule, method, status[0], perf_counter() - began)

    app.wsgi_app = counted  # type: ignore[method-assign]
