"""The code of the second factor for a decision: the form that asks for it sends the decision along.

Nothing is stored: what was pressed comes again with the code, with the version and the hash of the figures that were
shown, so that it is taken once and for these figures only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, g, request
from flask_babel import gettext as _

from wss.domain.second_factor import SecondFactorUse, StaffLoginOutcome
from wss.services.login.staff_login import check_second_factor
from wss.web.access import cookie, current_staff, has_stepped_up
from wss.web.labels.staff import wrong_code_words
from wss.web.pages import render

_NOT_CARRIED = ("csrf_token", "code")


@dataclass(frozen=True, slots=True)
class CodeForm:
    """The form that asks for a code: its button, label and value of what is decided, the place in the approval queue
    where it is shown, if it is, and whether the code is for several proposals; only a code of its own counts then."""

    button: str
    about: Sequence[tuple[str, str]]
    place: str = ""
    is_of_batch: bool = False

    def show(self, fault: str = "", status: int = 200) -> Response:
        """Show it with the fields that were sent."""
        carried = [
            (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED
        ]
        return render(
            "officer/second_code.html",
            "officer/_second_code.html",
            status=status,
            heading=self.button,
            about=self.about,
            shown_in=self.place,
            is_of_batch=self.is_of_batch,
            code_fault=fault,
            carried=carried,
            decide_at=request.full_path.rstrip("?"),
        )


def code_page(form: CodeForm) -> Response | None:
    """Return the form that asks for a code, or None once a code of the last minutes, or a right one, was given."""
    if "code" not in request.form:
        return None if has_stepped_up() and not form.is_of_batch else form.show()
    typed = request.form["code"].strip()
    if not typed:
        return form.show(_("Enter the code"), 422)
    answer = check_second_factor(current_staff(), typed, SecondFactorUse.STEP_UP)
    if answer.outcome is StaffLoginOutcome.IN:
        cookie().renew(answer.session_id)
        g.is_code_given = True
        return None
    if answer.outcome is StaffLoginOutcome.WRONG:
        return form.show(wrong_code_words(answer), 422)
    response = form.show(_("Too many attempts. Try again in 15 minutes."), 429)
    response.headers["Retry-After"] = str(answer.retry_after)
    return response


def is_code_given() -> bool:
    """Return whether a code came with this request: the session has a new id, and the page's other forms are void."""
    return bool(g.get("is_code_given"))
