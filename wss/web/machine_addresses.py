"""Addresses that programs ask for: their errors are one line of text instead of a page."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

_BLUEPRINTS = ("csp_reports", "doctor", "gateway", "health")
_ENDPOINTS = ("static", "public.captcha_picture", "public.captcha_sound")
# Files that the site does not have (/favicon.ico, /wp-login.php), and hidden ones (/.well-known/…, /.env).
_FILE = re.compile(r"/\.|\.[A-Za-z0-9]{1,8}$")


def is_for_machines() -> bool:
    """Return whether no person reads the response: by the address, or because the client takes no pages."""
    endpoint = request.endpoint or _endpoint_of_other_method()
    if endpoint in _ENDPOINTS or (endpoint or "").rpartition(".")[0] in _BLUEPRINTS:
        return True
    if request.endpoint is None and (_FILE.search(request.path) or request.path.startswith("/static/")):
        return True
    accepted = request.accept_mimetypes
    return bool(accepted) and not accepted.accept_html


def _endpoint_of_other_method() -> str | None:
    """Return the endpoint that has this address for another method: Flask finds none for an answer of 405."""
    error, adapter = request.routing_exception, current_app.create_url_adapter(request)
    if not isinstance(error, MethodNotAllowed) or not error.valid_methods or adapter is None:
        return None
    try:
        return str(adapter.match(method=next(iter(error.valid_methods)))[0])
    except HTTPException:
        return None


def short_error(status: int, headers: dict[str, str], reference: str = "") -> Response:
    """Return an error as one line: the status, and the reference to the log if there is one."""
    words = " ".join(part for part in (str(status), HTTPStatus(status).phrase, reference) if part)
    return Response(f"{words}\n", status, headers, mimetype="text/plain")
