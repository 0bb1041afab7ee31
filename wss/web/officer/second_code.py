"""The code of the second factor for a decision: the form that asks for it sends the decision along.

Nothing is stored: what was pressed comes again with the code, with the version and the hash of the figures that were
shown, so that it is taken once and for these figures only.
"""

from __future__ import annotations

import re

from flask import Response, g, request
from flask_babel import gettext as _

from wss.domain.second_factor import SecondFactorUse, StaffLoginOutcome
from wss.services.login.staff_login import check_second_factor
from wss.web.access import cookie, current_staff, has_stepped_up
from wss.web.labels.staff import wrong_code_words
from wss.web.pages import render, wants_fragment

# The place in the queue where a proposal is opened.
_PLACE = re.compile(r"d-v?[0-9]{1,19}")
_NOT_CARRIED = ("csrf_token", "code")


def code_page(heading: str, *, is_always_asked: bool = False) -> Response | None:
    """Return the form that asks for a code, or None once a code of the last minutes, or a right one, was given.

    With `is_always_asked` only a code sent with this form counts.
    """
    if "code" not in request.form:
        return (
            None if has_stepped_up() and not is_always_asked else _form(heading, is_of_batch=is_always_asked)
        )
    typed = request.form["code"].strip()
    if not typed:
        return _form(heading, _("Enter the code"), 422, is_of_batch=is_always_asked)
    answer = check_second_factor(current_staff(), typed, SecondFactorUse.STEP_UP)
    if answer.outcome is StaffLoginOutcome.IN:
        cookie().renew(answer.session_id)
        g.is_code_given = True
        return None
    if answer.outcome is StaffLoginOutcome.WRONG:
        return _form(heading, wrong_code_words(answer), 422, is_of_batch=is_always_asked)
    response = _form(
        heading, _("Too many attempts. Try again in 15 minutes."), 429, is_of_batch=is_always_asked
    )
    response.headers["Retry-After"] = str(answer.retry_after)
    return response


def is_code_given() -> bool:
    """Return whether a code came with this request: the session has a new id, and the page's other forms are void."""
    return bool(g.get("is_code_given"))


def _form(heading: str, fault: str = "", status: int = 200, *, is_of_batch: bool) -> Response:
    target = request.headers.get("HX-Target", "")
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]
    return render(
        "officer/second_code.html",
        "officer/_second_code.html",
        status=status,
        heading=heading,
        code_fault=fault,
        is_of_batch=is_of_batch,
        carried=carried,
        carried_to=target if wants_fragment() and _PLACE.fullmatch(target) else "",
        decide_at=request.full_path.rstrip("?"),
    )
