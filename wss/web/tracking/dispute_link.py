"""The link in the SMS by which a consumer disputes a request made on a call: GET shows, POST acts."""

from __future__ import annotations

from typing import ClassVar

from flask import Response
from flask_babel import gettext as _

from wss.domain.errors import Malformed
from wss.domain.typed_values import remarks
from wss.queries.reference import reference
from wss.queries.timelines import disputed_bills
from wss.services.requests import disputes
from wss.web.action_form import ActionForm
from wss.web.labels.answers import answer_lines
from wss.web.language import has_chosen_language, in_language, page_language
from wss.web.pages import redirect_to, render
from wss.web.tracking.views import tracking


class StopRequestForm(ActionForm):
    """The remark of a consumer who says that a request was not made for them."""

    field_lengths: ClassVar = {"remark": None}
    has_own_names: ClassVar = True


@tracking.get("/dispute/<token>")
def dispute(token: str) -> Response:
    """Show what was asked for in the consumer's name. Mail scanners open links, so this changes nothing."""
    return _page(token, StopRequestForm())


@tracking.post("/dispute/<token>")
def stop(token: str) -> Response:
    """Stop the request; the link works once."""
    form = StopRequestForm.sent()
    try:
        remark = remarks(form.typed["remark"])
    except Malformed:
        return _page(token, form.with_error("remark", _("Use 1,000 characters or fewer")), 422)
    return redirect_to("tracking.stopped") if disputes.dispute(token, remark) else _dead()


@tracking.get("/disputed")
def stopped() -> Response:
    """Show what happens now."""
    return render("tracking/stopped.html")


def _page(token: str, form: StopRequestForm, status: int = 200) -> Response:
    asked = disputes.asked_about(token)
    if asked is None:
        return _dead()
    tables = reference(asked.reference_version)
    kind = tables.kinds.get(asked.kind)
    with in_language(_language_for(asked.language)):
        answers = answer_lines(kind, asked.fields, list(disputed_bills(asked.id)), tables) if kind else []
        return render(
            "tracking/dispute.html",
            status=status,
            token=token,
            request_row=asked,
            kind=kind,
            answers=answers,
            form=form,
        )


def _language_for(of_request: str) -> str:
    """Return the reader's own language; without a choice on this device, that of the call."""
    return page_language() if has_chosen_language() else of_request


def _dead() -> Response:
    return render("tracking/dead_link.html", status=404)
