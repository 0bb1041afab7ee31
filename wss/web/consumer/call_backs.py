"""A call by 1912 that a consumer asks for: its page, and the buttons of a request's pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Response, current_app, request
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.call_backs import ATTEMPTS, REASONS, CallBackTerms
from wss.domain.errors import Forbidden, Malformed
from wss.queries.call_backs import CallBackRow, latest_call_back
from wss.queries.connections import connections_of
from wss.services.calls.call_back_requests import (
    CallBackRequestOutcome,
    CallBackRequestResult,
    ask_call,
    ask_call_about_request,
    cancel_call,
)
from wss.web.access import current_actor, current_consumer
from wss.web.action_form import ActionForm
from wss.web.consumer.blueprint import consumer
from wss.web.labels.helpdesk import REASONS as REASON_NAMES
from wss.web.pages import redirect_to, render
from wss.web.retry_times import time_to_wait


@dataclass(frozen=True, slots=True)
class CallBackOffer:
    """What the pages of a request say about a call: whether it can be asked for, and the request for one."""

    is_possible: bool
    latest: CallBackRow | None

    @property
    def waits(self) -> bool:
        """Return whether 1912 is still to call."""
        return self.latest is not None and self.latest.is_open


class CallBackForm(ActionForm):
    """Why the consumer wants to be called, and about which connection."""

    field_lengths: ClassVar = {"call_reason": 16, "account_no": 20}
    has_own_names: ClassVar = True


def call_back_offer() -> CallBackOffer:
    """Return what the pages of the consumer's requests say about a call."""
    me = current_consumer()
    return CallBackOffer(_terms().is_offered and me.mobile is not None, latest_call_back(me.id, clock.now()))


def ask_about(complaint_no: str) -> Response:
    """Ask for a call about one of the consumer's requests, and show what happens next."""
    return _asked(CallBackForm(), ask_call_about_request(current_actor(), complaint_no, _terms()))


@consumer.get("/account/call-back")
def call_back() -> Response:
    """Show the request for a call, or the form to ask for one."""
    return _page(CallBackForm())


@consumer.post("/account/call-back")
def ask_call_back() -> Response:
    """Ask for a call about a connection, or cancel the request."""
    if request.form.get("action") == "cancel":
        cancel_call(current_actor())
        return redirect_to("consumer.call_back")
    form = CallBackForm.sent()
    try:
        account_no = identifiers.account_no(form.typed["account_no"])
    except Malformed:
        return _page(form.with_error("account_no", _("Select a connection")), 422)
    try:
        return _asked(form, ask_call(current_actor(), account_no, form.typed["call_reason"], _terms()))
    except Forbidden:
        return _page(form.with_error("call_reason", _("Choose what the call is about")), 422)


def _asked(form: CallBackForm, result: CallBackRequestResult) -> Response:
    if result.outcome is CallBackRequestOutcome.TOO_OFTEN:
        words = _(
            "You have asked for enough calls today. Ask again in %(time)s, or call 1912.",
            time=time_to_wait(result.retry_after),
        )
        response = _page(form.with_error("", words), 429)
        response.headers["Retry-After"] = str(result.retry_after)
        return response
    return redirect_to("consumer.call_back")


def _terms() -> CallBackTerms:
    config = current_app.extensions["wss"].config
    return CallBackTerms(config.call_back_hours, config.call_back_times)


def _page(form: CallBackForm, status: int = 200) -> Response:
    me, at = current_consumer(), clock.now()
    return render(
        "consumer/call_back.html",
        status=status,
        form=form,
        me=me,
        terms=_terms(),
        latest=latest_call_back(me.id, at),
        connections=connections_of(me.id, at),
        attempts_at_most=ATTEMPTS,
        reason_names=REASON_NAMES,
        reasons=[(code.value, str(REASON_NAMES[code])) for code in REASONS],
    )
