"""Errors of staff login: at the field, with the time to wait; and the redirect after success."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from wss.domain.second_factor import StaffLoginOutcome, StaffLoginResult
from wss.web.access import cookie
from wss.web.next_page import safe_next
from wss.web.pages import redirect_to_address, render


def refused(
    page: str, form: FlaskForm, field: Any, answer: StaffLoginResult, words: str, **more: Any
) -> Response:
    """Return the page with an error: wrong, or too many attempts."""
    is_wrong = answer.outcome is StaffLoginOutcome.WRONG
    message = words if is_wrong else _("Too many attempts. Try again in 15 minutes.")
    field.errors = (*field.errors, message)
    response = render(page, status=422 if is_wrong else 429, form=form, **more)
    if not is_wrong:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def redirect_logged_in(answer: StaffLoginResult, address: str) -> Response:
    """Set the session's new id in the cookie, so that an id known before login is worthless, and redirect."""
    cookie().renew(answer.session_id)
    return redirect_to_address(address)


def wanted(value: str | None, otherwise: str) -> str:
    """Return the requested page if it is one of ours, else another."""
    return safe_next(value) or otherwise
