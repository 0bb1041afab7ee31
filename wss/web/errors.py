"""Error pages: what happened and what to do now, in the reader's language."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template
from flask_babel import LazyString, lazy_gettext
from htmx_flask import request
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    PendingRollbackError,
    ProgrammingError,
    ResourceClosedError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from wss.domain.errors import Forbidden, Malformed, NotFound, Outdated, StoreAway
from wss.domain.typed_values import whole_number
from wss.logs.request_trace import begin_trace, current_trace
from wss.logs.stack_traces import kind_of_error
from wss.vault import BrokenSeal
from wss.web import pages, refused_hosts
from wss.web.access import is_office_page
from wss.web.machine_addresses import is_for_machines, short_error
from wss.web.next_page import page_above

log = logging.getLogger(__name__)
_TRY_AGAIN_AFTER = 30
_KEPT_HEADERS = ("Allow", "Retry-After")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an error page says: what happened, and what to do."""

    heading: LazyString
    advice: LazyString


_EXPLANATIONS = {
    400: Explanation(
        lazy_gettext("Your form could not be processed"),
        lazy_gettext(
            "The page was open for too long, or part of the form did not arrive."
            " Go back, reload the page and send it again."
        ),
    ),
    403: Explanation(
        lazy_gettext("You do not have access to this page"),
        lazy_gettext("Your login does not open it. Log in with another login, or go to the home page."),
    ),
    404: Explanation(
        lazy_gettext("Page not found"),
        lazy_gettext(
            "The link may be wrong, the page may have been removed, or you may not have access to it."
        ),
    ),
    405: Explanation(
        lazy_gettext("This page cannot be opened directly"),
        lazy_gettext("Start from the home page and use the links and buttons there."),
    ),
    409: Explanation(
        lazy_gettext("This has changed"),
        lazy_gettext(
            "Someone else changed this before you, so your change was not saved. Reload the page to "
            "see the latest."
        ),
    ),
    413: Explanation(
        lazy_gettext("Your files are too large"),
        lazy_gettext(
            "Each document can be up to 8 MB, and all together up to 24 MB. Go back and send fewer "
            "or smaller files, or continue without them."
        ),
    ),
    429: Explanation(
        lazy_gettext("Too many attempts"),
        lazy_gettext("For your security this is blocked for a short time. Wait and try again."),
    ),
    500: Explanation(
        lazy_gettext("There is a problem with the service"),
        lazy_gettext(
            "Sorry, this is our fault. Anything you already submitted is safe. Try again in a few minutes."
        ),
    ),
    503: Explanation(
        lazy_gettext("The service is busy"),
        lazy_gettext(
            "Wait 30 seconds, then reload the page or press the button again. Your request will not "
            "be registered twice."
        ),
    ),
}
# The same faults of ours as an employee reads them: the public helpline does not serve them.
_OFFICE_EXPLANATIONS = {
    500: Explanation(
        lazy_gettext("This page does not open at the moment"),
        lazy_gettext("Anything you have already saved is safe. Go back to your list and try again later."),
    ),
}
# Only pages about an employee's authenticator open sealed texts.
_BROKEN_SEAL = Explanation(
    lazy_gettext("The key of the authenticator cannot be read"),
    lazy_gettext(
        "The site can no longer read the key that was made for the authenticator. Ask the administrator to set"
        " you up again."
    ),
)
# The database is away, busy, read-only, full, damaged or another one: the request can be sent again.
_DATABASE_AWAY = (
    DBAPIError,
    NoFreeConnection,
    DisconnectionError,
    # What follows when code continues after one of these.
    PendingRollbackError,
    ProgrammingError,
    ResourceClosedError,
)
# A row or a statement that the database refuses is a fault of the code, however often it is sent.
_FAULTS = (IntegrityError, DataError, ProgrammingError)
_BY_RULE = {NotFound: 404, Malformed: 404, Outdated: 409, Forbidden: 409}


def init_app(app: Flask) -> None:
    """Register a readable page for every error."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    for away in _DATABASE_AWAY:
        app.register_error_handler(away, busy)
    for fault in _FAULTS:
        app.register_error_handler(fault, _unexpected)
    app.register_error_handler(BrokenSeal, _broken_seal)
    app.register_error_handler(StoreAway, _store_away)
    for rule, status in _BY_RULE.items():
        app.register_error_handler(rule, lambda _broken, status=status: error_page(status))


def busy(error: Exception) -> Response:
    """Answer that the database is busy or down, without a query, and with the time to retry."""
    # Only the kind of error is logged: its text can contain what a user typed.
    (current_trace() or begin_trace()).cause = f"the database did not answer: {kind_of_error(error)}"
    return error_page(503, {"Retry-After": str(_TRY_AGAIN_AFTER)})


def _store_away(error: StoreAway) -> Response:
    """Answer that documents cannot be used at the moment, with the time to retry."""
    log.error("the folder of documents cannot be used: %s", error.strerror)
    return error_page(503, {"Retry-After": str(_TRY_AGAIN_AFTER)})


def _broken_seal(_error: BrokenSeal) -> Response:
    """Say what to do about a text that no secret of the site opens."""
    log.error("a sealed text cannot be opened: it was sealed with another secret than WSS_SECRET_KEY")
    return error_page(409, explanation=_BROKEN_SEAL)


def error_page(
    status: int,
    headers: dict[str, str] | None = None,
    explanation: Explanation | None = None,
) -> Response:
    """Return the page for a status; for HTMX the same words as a notice in the current page.

    Programs get one line.
    """
    trace = current_trace() if status >= 500 else None
    # Only the reference links the page to the log: the reader can read it out, and it reveals nothing.
    reference = f"{trace.reference[:4]} {trace.reference[4:]}" if trace else ""
    if is_for_machines():
        return short_error(status, headers or {}, reference)
    notice, is_office = pages.wants_fragment(), is_office_page(request.endpoint)
    words = {
        "explanation": explanation
        or (_OFFICE_EXPLANATIONS.get(status) if is_office else None)
        or _EXPLANATIONS.get(status)
        or _EXPLANATIONS[500 if status >= 500 else 400],
        "reference": reference,
        "request_id": trace.id if trace else "",
        "wait": _minutes((headers or {}).get("Retry-After", "")),
        "page_status": status,
        "is_office": is_office,
    }
    html = _drawn("errors/_notice.html" if notice else "errors/error.html", words, bare=status >= 500)
    response = make_response(html, status, headers or {})
    return pages.as_notice(response) if notice else pages.as_page(response)


def _drawn(template: str, words: dict[str, object], *, bare: bool) -> str:
    """Return the page as text. `bare` leaves out what every page loads, as that may be the cause of the error."""
    return (
        current_app.jinja_env.get_template(template).render(words)
        if bare
        else render_template(template, **words)
    )


def _http_error(error: HTTPException) -> Response:
    answered = error.get_response()
    if error.code is None or error.code < 400:
        return answered  # type: ignore[return-value]
    if isinstance(error, SecurityError):
        # The request is for a host that is not ours: no address can be built for a page, and no browser shows one.
        refused_hosts.note(request.headers.get("Host", ""))
        return Response("", error.code, mimetype="text/plain")
    above = page_above(request.full_path) if error.code == 405 and request.method == "GET" else None
    if above:
        # The address of a form, opened again from the browser's history or after a reload.
        return pages.redirect_to_address(above)
    headers = {name: value for name, value in answered.headers if name in _KEPT_HEADERS}
    if isinstance(error, ServiceUnavailable):
        headers.setdefault("Retry-After", str(_TRY_AGAIN_AFTER))
    if isinstance(error, InternalServerError):
        return _unexpected(error.original_exception or error)
    return error_page(error.code, headers)


def _unexpected(error: BaseException) -> Response:
    if isinstance(error, _DATABASE_AWAY) and not isinstance(error, _FAULTS):
        # Raised after the view, where Flask looks for no handler of its class.
        return busy(error)
    # Logged with the answer (request_log.py).
    trace = current_trace() or begin_trace()
    trace.cause, trace.error = kind_of_error(error), error
    return error_page(500)


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "unknown address"


def _minutes(retry_after: str) -> int:
    return -(-(whole_number(retry_after) or 0) // 60)
