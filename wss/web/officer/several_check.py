"""The page before a step on several requests: which of them it concerns, whom it reaches, and the values it needs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import Response, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.canned_texts import CannedPurpose, CannedText
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.domain.identifiers import complaint_no
from wss.domain.lifecycle import Action
from wss.domain.masking import masked_mobile
from wss.domain.step_batches import DONE, STEPS_AT_MOST, STEPS_FOR_SEVERAL, ChosenRequest
from wss.domain.typed_values import remarks, version
from wss.queries.officers import colleagues_for
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.step_batches import StepLine
from wss.services.requests.transition import recipient_about
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.step_batches import step_obstacle
from wss.web.access import current_actor
from wss.web.action_form import ActionForm
from wss.web.labels.requests import office_name, office_status
from wss.web.labels.staff import post_name
from wss.web.labels.step_batches import CONSUMER_MESSAGES, step_outcome
from wss.web.language import page_language
from wss.web.officer.actions import office_code_of
from wss.web.officer.canned_texts import language_of_consumer
from wss.web.officer.list_links import list_address
from wss.web.officer.request_steps import offices_offered, request_texts
from wss.web.pages import render

# The field at which a fault of a step is shown.
AT_FIELD: dict[tuple[str, str], str] = {
    (Action.ASSIGN, "assignee_required"): "assignee",
    (Action.ASSIGN, "assignee_unknown"): "assignee",
    (Action.FORWARD, "office_required"): "office",
    (Action.FORWARD, "office_unknown"): "office",
    (Action.FORWARD, "office_several"): "office",
    (Action.FORWARD, "office_same"): "office",
    (Action.FORWARD, "remark_required"): "remark",
    (Action.FORWARD, "text_too_long"): "remark",
    (Action.ASK, "question_required"): "remark",
    (Action.ASK, "one_question"): "remark",
    (Action.ASK, "text_too_long"): "remark",
}
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_UNCHOSEN = _l("Choose requests by their boxes in the list, then press the button of a step.")


class SeveralForm(ActionForm):
    """A step on several requests."""

    field_lengths: ClassVar = {"form_token": 43, "assignee": 20, "office": 200, "canned": 40, "remark": None}
    has_own_names: ClassVar = True


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A chosen request as the page shows it; of one that the reader may not see only its number."""

    chosen: ChosenRequest
    seen: RequestRow | None
    obstacle: LazyString | str


def chosen_requests() -> list[ChosenRequest]:
    """Return the chosen requests, or all of the page; what is no complaint number is left out.

    At most one more than can be chosen is read.
    """
    sent = request.form.get("page", "").split(",") if "all" in request.form else request.form.getlist("item")
    found: dict[str, ChosenRequest] = {}
    for one in _readable(sent):
        found.setdefault(one.complaint_no, one)
        if len(found) > STEPS_AT_MOST:
            break
    return list(found.values())


def _readable(sent: Sequence[str]) -> Iterator[ChosenRequest]:
    for text in sent:
        number, _space, shown = text.partition(" ")
        try:
            yield ChosenRequest(complaint_no(number), version(shown))
        except Malformed:
            continue


def step_fault(form: SeveralForm, chosen: Sequence[ChosenRequest]) -> str:
    """Return what is missing or wrong in the values of a step for every request, as a code; empty if nothing is."""
    try:
        text = remarks(form.typed["remark"])
    except Malformed as wrong:
        return wrong.code
    if form.action == Action.ASK:
        if text and form.typed["canned"]:
            return "one_question"
        return (
            "" if text or form.typed["canned"] in {one.code for one in _questions()} else "question_required"
        )
    if form.action == Action.FORWARD and not text:
        return _office_fault(form, chosen) or "remark_required"
    return _office_fault(form, chosen) if form.action == Action.FORWARD else _assignee_fault(form, chosen)


def step_for(form: SeveralForm, chosen: ChosenRequest) -> ActionRequest:
    """Return the step with its values for one request. Raises Forbidden for values that do not fit it."""
    seen = visible_request(current_actor(), chosen.complaint_no, clock.now())
    move = ActionRequest(Action(form.action), remarks(form.typed["remark"]), version=chosen.version)
    if move.action is Action.ASSIGN:
        return replace(move, remark="", assignee_id=form.typed["assignee"])
    if move.action is Action.FORWARD:
        return replace(move, office_code=office_code_of(seen, form.typed["office"]))
    return move if move.remark else replace(move, remark=_canned_question(seen, form.typed["canned"]))


def check_page(form: SeveralForm, chosen: Sequence[ChosenRequest], status: int = 200) -> Response:
    """Show the chosen requests, what keeps the step from some of them, and the fields of the step."""
    is_known, is_too_many = form.action in STEPS_FOR_SEVERAL, len(chosen) > STEPS_AT_MOST
    rows = [_checked(one, Action(form.action)) for one in chosen] if is_known and not is_too_many else []
    able = [one for one in rows if not one.obstacle]
    if is_too_many:
        form = form.with_error("", _("Choose %(num)s or fewer at a time.", num=STEPS_AT_MOST))
    elif not rows:
        form = form.with_error("", _UNCHOSEN)
    return render(
        "officer/several_check.html",
        status=status,
        form=form,
        # What is not possible comes first.
        rows=sorted(rows, key=lambda one: not one.obstacle),
        able=[one.chosen for one in able],
        form_token=_kept_token(form, status),
        messages=CONSUMER_MESSAGES.get(form.action, ""),
        list_address=list_address(),
        **(_fields(form, [one.seen for one in able if one.seen]) if able else {}),
    )


def status_words(line: StepLine) -> LazyString | str:
    """Return the present status of a request that was not done; empty for any other and for one out of sight."""
    if line.outcome == DONE:
        return ""
    try:
        return office_status(visible_request(current_actor(), line.complaint_no, clock.now()).status)
    except NotFound:
        return ""


def _checked(one: ChosenRequest, action: Action) -> CheckedRequest:
    code = step_obstacle(current_actor(), one, action)
    seen = None
    if code != "not_found":
        seen = visible_request(current_actor(), one.complaint_no, clock.now())
    return CheckedRequest(one, seen, step_outcome(action, code) if code else "")


def _kept_token(form: SeveralForm, status: int) -> str:
    """Return the token of the form that was sent again with an error; else a new one."""
    sent = form.typed["form_token"]
    return sent if status == 422 and TOKEN.fullmatch(sent) else secrets.token_urlsafe(32)


def _fields(form: SeveralForm, seen: Sequence[RequestRow]) -> dict[str, Any]:
    """Return the choices of the fields of a step, and who gets its SMS."""
    tables = reference()
    if form.action == Action.ASSIGN:
        return {"assignees": [("", _("Choose")), *_assignees(seen, tables).items()]}
    if form.action == Action.FORWARD:
        return {"offices": _offices(seen, tables)}
    questions = _questions()
    numbers = {one.complaint_no: recipient_about(one).mobile for one in seen}
    mobiles = {complaint: masked_mobile(mobile) for complaint, mobile in numbers.items() if mobile}
    return {
        "questions": [
            ("", _("Write your own")),
            *((one.code, one.named(page_language())) for one in questions),
        ],
        "wordings": [(one.named(page_language()), one.worded(page_language())) for one in questions],
        "mobiles": mobiles,
        "reached": len(mobiles),
        "unreached": len(seen) - len(mobiles),
    }


def _questions() -> list[CannedText]:
    return [one for one in reference().canned_texts if one.purpose == CannedPurpose.QUESTION]


def _canned_question(seen: RequestRow, code: str) -> str:
    """Return a canned question with the figures of a request, in its consumer's language."""
    found = next((one for one in request_texts(seen).questions if one.code == code), None)
    if found is None:
        raise Forbidden("canned_unfit")
    return found.texts[language_of_consumer(seen)]


def _assignees(seen: Sequence[RequestRow], tables: Reference) -> dict[str, str]:
    """Return the employees to whom one of the requests can be assigned, with name, post and office."""
    today, own = clock.local_date(clock.now()), current_actor().office_code
    return {
        one.employee_id: f"{one.name}, {post_name(one.role)}, {office_name(tables.offices.get(one.office_code))}"
        for office in sorted({one.office_code for one in seen})
        for one in colleagues_for(own, office, today)
    }


def _offices(seen: Sequence[RequestRow], tables: Reference) -> list[OfficeEntry]:
    """Return the offices that can handle one of the requests, by name."""
    of_one_kind = {(one.office_code, one.kind, one.holder_role): one for one in seen}
    found = {office.code: office for one in of_one_kind.values() for office in offices_offered(one, tables)}
    return sorted(found.values(), key=lambda office: office.name)


def _seen(chosen: Sequence[ChosenRequest]) -> Iterator[RequestRow]:
    """Return the chosen requests that the reader may see."""
    for one in chosen:
        try:
            yield visible_request(current_actor(), one.complaint_no, clock.now())
        except NotFound:
            continue


def _assignee_fault(form: SeveralForm, chosen: Sequence[ChosenRequest]) -> str:
    if not form.typed["assignee"]:
        return "assignee_required"
    is_offered = form.typed["assignee"] in _assignees(list(_seen(chosen)), reference())
    return "" if is_offered else "assignee_unknown"


def _office_fault(form: SeveralForm, chosen: Sequence[ChosenRequest]) -> str:
    """Return why an office is wrong for every request; empty if it is right for one of them."""
    fault = ""
    for seen in _seen(chosen):
        try:
            office_code_of(seen, form.typed["office"])
        except Forbidden as no:
            fault = fault or no.code
        else:
            return ""
    return fault
