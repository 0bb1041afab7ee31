"""Pending changes of access rights: shown to the administrators of a discom, confirmed by a second one."""

from datetime import date
from decimal import Decimal

from flask import Response, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.admin_tables import key_of
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.extracts import EXTRACTS
from wss.domain.second_factor import SecondFactorUse, StaffLoginOutcome
from wss.queries.reference import reference
from wss.services.login.staff_login import check_second_factor
from wss.services.reference.pending_changes import (
    PendingDecision,
    PendingView,
    decide,
    other_administrators,
    pending_view,
)
from wss.web.access import cookie, current_actor, current_staff, needs_step_up
from wss.web.admin.blueprint import admin
from wss.web.admin.forms import DecisionForm
from wss.web.fields import LAST_ID
from wss.web.filters import day, rupees
from wss.web.labels.admin import COLUMN_MEANINGS, table_name
from wss.web.labels.row_findings import finding_in_words
from wss.web.labels.staff import post_name, wrong_code_words
from wss.web.language import page_language
from wss.web.pages import redirect_to, render

_DECISIONS = {
    "confirm": PendingDecision.CONFIRM,
    "refuse": PendingDecision.REFUSE,
    "withdraw": PendingDecision.WITHDRAW,
}
# The columns of every table whose changes may be pending.
_COLUMNS: dict[str, LazyString] = {
    "name": _l("Name"),
    "role": _l("Post"),
    "office_code": _l("Office"),
    "mobile": _l("Mobile number"),
    "email": _l("E-mail"),
    "left_on": _l("Left on"),
    "max_amount": _l("Approves up to"),
    "records_a_day": _l("Records per day"),
    "parent_code": _l("Parent office"),
    "level": _l("Level"),
    "source_note": _l("Source of the figure"),
}
_LEFT_ON = EXTRACTS["staff"].names.index("left_on")
DONE = {
    "proposed": _l("Nothing has changed yet. The change waits until a second administrator confirms it."),
    "part": _l(
        "The other rows of the file have been changed. A second administrator must confirm the rows below."
    ),
    "confirmed": _l("You have confirmed the change. It is now in effect."),
    "refused": _l("You have refused the change. Nothing was changed."),
    "withdrawn": _l("You have withdrawn the change. Nothing was changed."),
}


@admin.get("/admin/changes/<int:change_id>")
def pending_change(change_id: int) -> Response:
    """Show a pending change: who proposed it, and the values before and after."""
    return _page(_view(change_id), DecisionForm(formdata=None))


@admin.post("/admin/changes/<int:change_id>")
def decide_change(change_id: int) -> Response:
    """Confirm or refuse a change, or withdraw one's own."""
    view, form = _view(change_id), DecisionForm()
    if not form.validate():
        if not view.is_waiting:
            # The change has been decided since, so its page has no form to submit.
            raise NotFound
        return _page(view, form, status=422)
    decision = _DECISIONS[form.action.data or ""]
    if decision is not PendingDecision.WITHDRAW and (stopped := _code_missing(view, form)) is not None:
        return stopped
    try:
        decide(current_actor(), change_id, decision, form.fingerprint.data or "", form.reason.data or "")
    except (Forbidden, Outdated) as broken:
        return _page(_view(change_id), form, status=409, error_text=finding_in_words("", broken.code))
    return redirect_to("admin.pending_change", change_id=change_id, done=decision.value)


def _code_missing(view: PendingView, form: DecisionForm) -> Response | None:
    """If the second factor is too old, check the code of the form, or ask for one without losing the reason.

    Return None if the decision may proceed, otherwise the response.
    """
    step = needs_step_up(f"/admin/changes/{view.row.id}")
    typed = (form.code.data or "").strip()
    if step is None:
        return None
    if not typed:
        if not form.reason.data:
            return step
        form.code.errors = [_("Enter the code")]
        return _page(view, form, status=422)
    answer = check_second_factor(current_staff(), typed, SecondFactorUse.STEP_UP)
    if answer.outcome is StaffLoginOutcome.IN:
        cookie().renew(answer.session_id)
        return None
    if answer.outcome is StaffLoginOutcome.WRONG:
        form.code.errors = [wrong_code_words(answer)]
        return _page(view, form, status=422)
    form.code.errors = [_("Too many attempts. Try again in 15 minutes.")]
    response = _page(view, form, status=429)
    response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _view(change_id: int) -> PendingView:
    if change_id > LAST_ID:
        raise NotFound
    return pending_view(current_actor(), change_id)


def _page(view: PendingView, form: DecisionForm, status: int = 200, error_text: str = "") -> Response:
    table = view.row.table_name
    done = request.args.get("done", "") if request.method == "GET" else ""
    return render(
        "admin/change.html",
        status=status,
        form=form,
        view=view,
        name=table_name(table),
        rows=[_row_in_words(table, key, view) for key in view.change.keys],
        newer=[
            (
                ", ".join(row.key),
                [(column_name(c), _value(c, old), _value(c, new)) for c, old, new in row.cells],
            )
            for row in view.newer
        ],
        gone=[", ".join(key) for key in view.removed],
        has_code=needs_step_up(f"/admin/changes/{view.row.id}") is None,
        why_not=finding_in_words("", view.hindrance) if view.hindrance and not view.is_own else "",
        is_alone=not other_administrators(current_actor(), view.row.discom_code),
        done=DONE.get(done, ""),
        error_text=error_text,
    )


def _row_in_words(table: str, key: tuple[str, ...], view: PendingView) -> dict[str, object]:
    """Return a row of a change in words: its title, and each column that differs, before and after."""
    before, after = view.change.before.get(key), view.change.after.get(key)
    names = EXTRACTS[table].names
    context = _context(table, before, after)
    cells = []
    for at, column in enumerate(names[1:], 1):
        old, new = (row[at] if row else "" for row in (before, after))
        if old != new or column in context:
            was = _value(column, old) if before else ""
            cells.append((column_name(column), was, _value(column, new), old != new))
    return {"title": _title(table, view.rows[key]), "is_new": before is None, "cells": cells}


def _context(table: str, before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> frozenset[str]:
    """Return the columns that are shown although their cells are equal.

    For staff the post; after a return to work also mobile and e-mail. For limits the amount, as an empty one means
    no limit.
    """
    if table == "limits":
        return frozenset({"max_amount"})
    if table != "staff" or before is None or after is None:
        return frozenset()
    comes_back = before[_LEFT_ON] != after[_LEFT_ON]
    return frozenset({"role", "office_code"} | ({"mobile", "email"} if comes_back else set()))


def _title(table: str, cells: tuple[str, ...]) -> str:
    """Return what a row is called: its name and key, or the key alone in tables without names."""
    if table == "limits":
        return _value("role", cells[0])
    names = EXTRACTS[table].names
    if "name" not in names:
        return ", ".join(key_of(EXTRACTS[table], cells))
    name = "name_hi" if table == "offices" and page_language() == "hi" else "name"
    return f"{cells[names.index(name)]} ({cells[0]})"


def column_name(column: str) -> str:
    """Return the label of a column."""
    return str(_COLUMNS.get(column) or COLUMN_MEANINGS.get(column, column))


def _value(column: str, value: str) -> str:
    """Return a cell in words: posts and offices by their names."""
    if not value:
        return _("no limit") if column == "max_amount" else ""
    if column == "role":
        return str(post_name(value))
    if column == "left_on":
        return day(date.fromisoformat(value))
    if column == "max_amount":
        return rupees(int(Decimal(value) * 100))
    if column in ("office_code", "parent_code"):
        office = reference().offices.get(value)
        named = (office.name_hi if page_language() == "hi" else office.name) if office else ""
        return f"{named} ({value})" if named else value
    return value
