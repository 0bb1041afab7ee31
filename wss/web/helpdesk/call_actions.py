"""The actions on a call: verifying the caller, links, consent, confirming a resolution, ending the call."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from flask_babel import gettext as _

from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.domain.typed_values import remarks
from wss.services.calls.answers import AnswerOutcome, CallerAnswer, confirm_resolution
from wss.services.calls.call_records import choose, end_call
from wss.services.calls.caller_links import (
    LinkOutcome,
    LinkResult,
    register_consumer,
    send_documents_link,
    send_link,
    send_link_to_caller,
    start_mobile_change,
)
from wss.services.calls.verification import (
    CallerProof,
    VerificationOutcome,
    VerificationResult,
    give_consent,
    incomplete_facts,
    send_otp,
    verify,
)
from wss.web.access import current_actor
from wss.web.helpdesk import request_actions
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.call_backs import record_result
from wss.web.helpdesk.calls import ID, CallActionForm, ended_page, own, page_of
from wss.web.helpdesk.responses import on_call, refused, sent_form, wait_to_send, wait_to_try
from wss.web.labels.helpdesk import BARRED, CALLER_ERRORS, LINKS
from wss.web.pages import redirect_to


@helpdesk.post(f"/helpdesk/calls/<{ID}:call_id>")
def act(call_id: int) -> Response:
    """Take an action on the call. Wrong answers are counted; the third closes the call."""
    call = own(call_id)
    step = _STEPS.get(request.form.get("action", ""))
    if step is None:
        return page_of(call, CallActionForm().with_error("", _("Choose what you want to do")), 422)
    try:
        return step(call_id)
    except Forbidden as barred:
        return refused(call_id, BARRED.get(barred.code, BARRED["not_verified"]), "", 409)


def _choose(call_id: int) -> Response:
    try:
        choose(current_actor(), call_id, request.form.get("account_no", ""))
    except NotFound:
        if own(call_id).account_no is None:
            return refused(call_id, _("Select the caller's connection"), "account_no")
    return on_call(call_id)


def _send_otp(call_id: int) -> Response:
    return _proved(call_id, send_otp(current_actor(), call_id), "")


def _verify(call_id: int) -> Response:
    sent = sent_form().typed
    proofs = CallerProof(sent["otp"], sent["bill_no"], sent["spoken_name"], sent["caller_mobile"])
    about = "otp" if "otp" in request.form else "bill_no" if "bill_no" in request.form else "caller_mobile"
    try:
        return _proved(call_id, verify(current_actor(), call_id, proofs), about)
    except Malformed as wrong:
        incomplete = incomplete_facts(proofs) if about == "bill_no" else {}
        if wrong.code not in incomplete.values():
            incomplete["caller_mobile"] = wrong.code
        form = sent_form()
        for name, code in incomplete.items():
            form = form.with_error(name, CALLER_ERRORS[code])
        return page_of(own(call_id), form, 422)
    except Forbidden as barred:
        return refused(call_id, BARRED[barred.code], about)


def _proved(call_id: int, proved: VerificationResult, about: str) -> Response:
    """Redirect to the next stage, or show the error at its field."""
    outcome = proved.outcome
    if outcome is VerificationOutcome.CLOSED:
        return ended_page(own(call_id), 409)
    if outcome is VerificationOutcome.WRONG:
        return refused(call_id, CALLER_ERRORS["otp" if about == "otp" else "facts"], about)
    if outcome is VerificationOutcome.NO_MOBILE:
        return refused(call_id, LINKS[LinkOutcome.NO_MOBILE], "")
    if outcome is VerificationOutcome.STOPPED:
        return refused(call_id, wait_to_try(proved.retry_after), about, 429)
    if outcome is VerificationOutcome.TOO_OFTEN:
        return refused(call_id, wait_to_send(proved.retry_after), about, 429)
    if outcome is VerificationOutcome.CODE_SENT:
        return redirect_to("helpdesk.call_page", call_id=call_id, sent=proved.reference_no or "1")
    done = {VerificationOutcome.VERIFIED: "verified", VerificationOutcome.FACTS_RIGHT: "facts_right"}[outcome]
    return on_call(call_id, done)


def _send_link(call_id: int) -> Response:
    if "caller_mobile" not in request.form:
        return _linked(call_id, send_link(current_actor(), call_id), "link_sent")
    try:
        sent = send_link_to_caller(current_actor(), call_id, sent_form().typed["caller_mobile"])
    except Malformed as wrong:
        return refused(call_id, CALLER_ERRORS[wrong.code], "caller_mobile")
    return _linked(call_id, sent, "address_sent")


def _register_consumer(call_id: int) -> Response:
    return _linked(call_id, register_consumer(current_actor(), call_id), "registration_begun")


def _start_mobile_change(call_id: int) -> Response:
    return _linked(call_id, start_mobile_change(current_actor(), call_id), "mobile_change_begun")


def _send_documents_link(call_id: int) -> Response:
    complaint_no = request.form.get("complaint_no", "")
    sent = send_documents_link(current_actor(), call_id, complaint_no)
    if sent.outcome is LinkOutcome.SENT and "on_call" not in request.form:
        return redirect_to("helpdesk.registered", call_id=call_id, complaint_no=complaint_no, sent=1)
    return _linked(call_id, sent, "documents_link_sent")


def _linked(call_id: int, sent: LinkResult, done: str) -> Response:
    if sent.outcome is LinkOutcome.SENT:
        return on_call(call_id, done)
    if sent.outcome is LinkOutcome.TOO_OFTEN:
        return refused(call_id, wait_to_send(sent.retry_after), "", 429)
    return refused(call_id, LINKS[sent.outcome], "")


def _start_request(call_id: int) -> Response:
    sent = request.form
    try:
        give_consent(current_actor(), call_id, sent.get("relation", ""), sent.get("consent") == "1")
    except Forbidden as barred:
        if barred.code == "relation_required":
            return refused(call_id, BARRED[barred.code], "relation")
        if barred.code == "consent_required":
            return refused(call_id, BARRED[barred.code], "consent")
        raise
    return redirect_to("helpdesk.request_form", call_id=call_id)


def _confirm_resolution(call_id: int) -> Response:
    """Record whether the caller confirms a resolution: an OTP is sent first, and the answer counts only with it."""
    form = sent_form()
    answer = form.typed["answer"]
    otp = "" if "new_otp" in request.form else form.typed["otp"].strip()
    if answer not in ("confirm", "refuse"):
        return refused(call_id, _("Choose the caller's answer"), "answer")
    try:
        caller_answer = CallerAnswer(form.subject, answer == "confirm", remarks(form.typed["remark"]), otp)
    except Malformed:
        return refused(call_id, _("Use 1,000 characters or fewer"), "remark")
    try:
        answered = confirm_resolution(current_actor(), call_id, caller_answer)
    except Forbidden as barred:
        at = "remark" if barred.code == "remark_required" else ""
        return refused(call_id, BARRED[barred.code], at, 422 if at else 409)
    if answered.outcome is AnswerOutcome.TAKEN:
        return on_call(call_id, "confirmed" if caller_answer.is_settled else "refused")
    if answered.outcome is AnswerOutcome.CODE_SENT:
        # No redirect: its address would hold the caller's words.
        return page_of(own(call_id), form, answer_reference_no=answered.reference_no or "1")
    if answered.outcome is AnswerOutcome.CLOSED:
        return ended_page(own(call_id), 409)
    if answered.outcome is AnswerOutcome.WRONG:
        return refused(call_id, CALLER_ERRORS["otp"], "otp")
    if answered.outcome is AnswerOutcome.NO_MOBILE:
        return refused(call_id, LINKS[LinkOutcome.NO_MOBILE], "")
    if answered.outcome is AnswerOutcome.STOPPED:
        return refused(call_id, wait_to_try(answered.retry_after), "otp", 429)
    return refused(call_id, wait_to_send(answered.retry_after), "", 429)


def _end(call_id: int) -> Response:
    end_call(current_actor(), call_id)
    return redirect_to("helpdesk.desk", ended=1)


_STEPS: dict[str, Callable[[int], Response]] = {
    "choose": _choose,
    "send_otp": _send_otp,
    "verify": _verify,
    "send_link": _send_link,
    "register_consumer": _register_consumer,
    "start_mobile_change": _start_mobile_change,
    "send_documents_link": _send_documents_link,
    "start_request": _start_request,
    "confirm_resolution": _confirm_resolution,
    "call_back": record_result,
    "end": _end,
    **request_actions.STEPS,
}
