"""How a refusal at the door of staff is said: at its field, and with the time to wait."""

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
    """The page once more: wrong, or too often for now."""
    is_wrong = answer.outcome is StaffLoginOutcome.WRONG
    message = words if is_wrong else _("Too many attempts. Wait a quarter of an hour, then try again.")
    field.errors = (*field.errors, message)
    response = render(page, status=422 if is_wrong else 429, form=form, **more)
    if not is_wrong:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def let_in(answer: StaffLoginResult, address: str) -> Response:
    """On with the session's new id, so that one that was seen before is worth nothing."""
    cookie().renew(answer.session_id)
    return redirect_to_address(address)


def wanted(value: str | None, otherwise: str) -> str:
    """The page of ours that was wanted, else another."""
    return safe_next(value) or otherwise
