"""Saving the filter of the To-Do list under a name, and the page to rename and delete such filters."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.core import Label

from wss.domain.errors import Malformed, NotFound, RuleBroken
from wss.domain.todo_filter import FILTERS_PER_PERSON
from wss.queries import saved_filters as queries
from wss.queries.reference import reference
from wss.services.requests.saved_filters import choose_default, delete_filter, rename_filter, save_filter
from wss.web.access import current_actor, current_staff
from wss.web.action_form import ActionField
from wss.web.fields import LAST_ID
from wss.web.officer.blueprint import officer
from wss.web.officer.lists import list_page
from wss.web.officer.todo_filter import read_filter
from wss.web.pages import redirect_to, render

_ID = f"int(max={LAST_ID})"
_WRONG_NAME = {
    "text_missing": _l("Enter a name for the filter"),
    "text_malformed": _l("Enter at least one letter or number"),
    "text_too_long": _l("Use 40 characters or fewer"),
    "filters_full": _l("You have 10 saved filters. Delete one of them first."),
    "filter_name_taken": _l("Another of your filters has this name. Enter another name."),
}


@officer.post("/todo/filters")
def save() -> Response:
    """Save the filter of the address under a name, and show its list."""
    form = read_filter(request.args, current_staff(), reference())
    if form.errors:
        return list_page()
    name = request.form.get("name", "")
    try:
        save_filter(current_actor(), name, form.filter_args)
    except (Malformed, RuleBroken) as wrong:
        return list_page(name, str(_WRONG_NAME[wrong.code]))
    return redirect_to("officer.todo", **form.filter_args)


@officer.get("/todo/filters")
def filters() -> Response:
    """Show the reader's saved filters, to rename or delete them or to begin with one."""
    return _filters_page()


@officer.post(f"/todo/filters/<{_ID}:filter_id>")
def change_filter(filter_id: int) -> Response:
    """Rename or delete a saved filter, or make it the one that the list begins with."""
    name = request.form.get("name", "")
    try:
        _change(request.form.get("action", ""), filter_id, name)
    except NotFound:
        raise
    except (Malformed, RuleBroken) as wrong:
        return _filters_page(filter_id, name, str(_WRONG_NAME[wrong.code]))
    return redirect_to("officer.filters")


def _change(action: str, filter_id: int, name: str) -> None:
    actor = current_actor()
    if action == "rename":
        rename_filter(actor, filter_id, name)
    elif action == "delete":
        delete_filter(actor, filter_id)
    elif action == "default":
        choose_default(actor, filter_id)
    elif action == "no_default":
        choose_default(actor, None)
    else:
        abort(404)


def _filters_page(wrong_id: int | None = None, typed: str = "", error: str = "") -> Response:
    saved = queries.saved_filters(current_staff().employee_id)
    label = _("Name of the filter")
    names = {
        each.id: ActionField(f"name-{each.id}", "name", Label(f"name-{each.id}", label), each.name)
        for each in saved
    }
    if wrong_id is not None:
        if wrong_id not in names:
            abort(404)
        names[wrong_id] = replace(names[wrong_id], data=typed, errors=(error,))
    return render(
        "officer/saved_filters.html",
        status=422 if error else 200,
        saved=saved,
        names=names,
        at_most=FILTERS_PER_PERSON,
        errors=[(f"name-{wrong_id}", error)] if error else [],
    )
