"""The link in the SMS that asks whether a complaint is settled: GET shows, POST acts, once."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, current_app, request
from flask_babel import gettext as _

from wss.domain.errors import Malformed
from wss.domain.lifecycle import REOPENINGS_AT_MOST, Action
from wss.domain.typed_values import remarks
from wss.queries.reference import reference
from wss.services.requests.actions import answer_by_link, asked_to_confirm
from wss.services.requests.outcomes import answer_until, outcome_of
from wss.services.requests.transition_types import ActionRequest
from wss.web.action_form import ActionForm
from wss.web.labels.outcomes import deadline_sentence
from wss.web.pages import redirect_to, render
from wss.web.tracking.views import tracking

_STEPS = (Action.CONFIRM, Action.REFUSE)


class ResolutionForm(ActionForm):
    """Whether a complaint is settled: confirmed or refused, with a remark."""

    field_lengths: ClassVar = {"remark": None}
    has_own_names: ClassVar = True


@tracking.get("/confirm/<token>")
def confirm(token: str) -> Response:
    """Show the question. Mail scanners open links, so this changes nothing."""
    return _page(token, ResolutionForm())


@tracking.post("/confirm/<token>")
def answer(token: str) -> Response:
    """Confirm or refuse, once."""
    form, remark = ResolutionForm.sent(), ""
    action = form.action
    try:
        remark = remarks(form.typed["remark"])
        if action not in _STEPS:
            form = form.with_error("", _("Choose “Yes” or “No”"))
        elif action == Action.REFUSE and not remark:
            form = form.with_error("remark", _("Tell us what is not right"))
    except Malformed:
        form = form.with_error("remark", _("Use 1,000 characters or fewer"))
    if form.errors:
        return _page(token, form, 422)
    asked = asked_to_confirm(token)
    moved = answer_by_link(token, ActionRequest(Action(action), remark))
    if moved is None or asked is None:
        return _dead()
    closed = "final" if asked.reopened_times >= REOPENINGS_AT_MOST else "confirmed"
    as_it_is = closed if action == Action.CONFIRM else "reopened"
    return redirect_to("tracking.answered", now="disputed" if moved.following else as_it_is)


@tracking.get("/confirmed")
def answered() -> Response:
    """Show the result of the answer."""
    now = request.args.get("now", "")
    return render(
        "tracking/answered.html",
        now=now if now in ("confirmed", "final", "reopened", "disputed") else "confirmed",
    )


def _page(token: str, form: ResolutionForm, status: int = 200) -> Response:
    asked = asked_to_confirm(token)
    if asked is None:
        return _dead()
    outcome = outcome_of(asked.id, asked.resolution)
    by_default = current_app.extensions["wss"].config.close_on_silence
    return render(
        "tracking/confirm.html",
        status=status,
        token=token,
        request_row=asked,
        kind=reference().kinds.get(asked.kind),
        outcome=outcome,
        silence=deadline_sentence(
            answer_until(asked.status_since),
            outcome,
            closes=reference().silence_closes(asked.office_code, by_default=by_default),
            reopened_times=asked.reopened_times,
        ),
        form=form,
        is_last_refusal=asked.reopened_times >= REOPENINGS_AT_MOST,
    )


def _dead() -> Response:
    return render("tracking/dead_link.html", status=404)
