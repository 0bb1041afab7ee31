"""The pages on which a consumer generates a bill from the own reading: form, check, and the generated bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import RequestField
from wss.domain.errors import Malformed
from wss.domain.self_bill import ReadingRefused
from wss.domain.typed_values import reading as reading_from
from wss.domain.typed_values import typed_day, whole_number
from wss.queries.bills import open_disputes
from wss.queries.documents import document_of_generated_bill
from wss.services.self_bills.confirmation import (
    ConfirmationResult,
    SelfBillConfirmation,
    SelfBillOutcome,
    confirm_self_bill,
)
from wss.services.self_bills.offers import SelfBillOffer, bill_by_reading, self_bill_offer
from wss.web.access import current_actor, current_consumer
from wss.web.action_form import ActionForm, Words
from wss.web.consumer.blueprint import consumer, document_storage
from wss.web.consumer.new_request import kind_about_bills
from wss.web.downloads import as_picture
from wss.web.labels.deliveries import refusal_words
from wss.web.labels.documents import refused_document_words
from wss.web.labels.form_fields import FIELD_TEXTS, WRONG
from wss.web.labels.self_bills import DISPUTABLE, TEMPLATE_LABELS, reading_error
from wss.web.pages import redirect_to, render
from wss.web.request_form.form_data import uploads_sent

_READINGS = {"kWh": RequestField.READING_KWH, "kVAh": RequestField.READING_KVAH}
consumer.context_processor(lambda: TEMPLATE_LABELS)


@dataclass(frozen=True)
class SelfBillForm(ActionForm):
    """The reading and its day, and that an unusual one is right; the photo is a file."""

    field_lengths: ClassVar = {"reading_kwh": 40, "read_on": 40, "shown": 20, "sure": 1}
    has_own_names: ClassVar = True


@consumer.get("/account/<account_no>/self-bill")
def self_bill(account_no: str) -> Response:
    """Show the generated bill of the present period, the form for one, or why there can be none."""
    return _form_page(_offer(account_no), SelfBillForm())


@consumer.get("/account/<account_no>/self-bill/check")
def self_bill_again(account_no: str) -> Response:
    """Show the form: the reading is not in the address, so it has to be entered again."""
    return redirect_to("consumer.self_bill", account_no=_offer(account_no).connection.account_no)


@consumer.post("/account/<account_no>/self-bill/check")
def self_bill_check(account_no: str) -> Response:
    """Show the bill that a reading would give, line by line."""
    offer, form = _offer(account_no), SelfBillForm.sent()
    if not offer.is_open:
        return _form_page(offer, form)
    return _check_page(offer, form)


@consumer.post("/account/<account_no>/self-bill")
def generate_self_bill(account_no: str) -> Response:
    """Show the bill of a reading; confirmed, generate it: sent several times, from any device, it is one bill."""
    if "confirm" not in request.form:
        return self_bill_check(account_no)
    own_no, form = identifiers.account_no(account_no), SelfBillForm.sent()
    reading = whole_number(form.typed["reading_kwh"], 9)
    if reading is None:
        return _check_page(_offer(own_no), form)
    confirmation = SelfBillConfirmation(
        reading, _read_on(form), form.typed["shown"], bool(form.typed["sure"])
    )
    try:
        outcome = confirm_self_bill(current_actor(), own_no, confirmation, uploads_sent(), document_storage())
    except ReadingRefused as refused:
        return _form_page(_offer(own_no), form.with_error("reading_kwh", reading_error(refused)))
    if outcome.result is ConfirmationResult.GENERATED:
        return redirect_to("consumer.self_bill", account_no=own_no, done=1)
    if outcome.result in (ConfirmationResult.ALREADY, ConfirmationResult.NOT_OFFERED):
        return redirect_to("consumer.self_bill", account_no=own_no, done="already")
    return _check_page(_offer(own_no), _with_error_of(form, outcome), 422)


@consumer.get("/account/<account_no>/self-bill/photo")
def self_bill_photo(account_no: str) -> Response:
    """Send the photo of the present generated bill to the consumer who has sent it."""
    current = _offer(account_no).current
    photo = document_of_generated_bill(current.id, current_consumer().id) if current else None
    return as_picture(document_storage(), photo, 1)


def _offer(account_no: str) -> SelfBillOffer:
    return self_bill_offer(current_actor(), identifiers.account_no(account_no))


def _form_page(offer: SelfBillOffer, form: SelfBillForm) -> Response:
    current, done = offer.current, request.args.get("done", "") if request.method == "GET" else ""
    can_dispute = bool(offer.obstacle in DISPUTABLE or form.errors)
    is_disputed = can_dispute and offer.last is not None and bool(open_disputes([offer.last.bill_no]))
    return render(
        "consumer/self_bill.html",
        status=422 if form.errors else 200,
        offer=offer,
        connection=offer.connection,
        form=form,
        reading_text=FIELD_TEXTS[_READINGS.get(offer.connection.billing_unit, RequestField.READING_KWH)],
        done=done,
        refusal=refusal_words(current.reason) if current and current.reason else "",
        photo=document_of_generated_bill(current.id, current_consumer().id) if current else None,
        is_disputed=is_disputed,
        kind=kind_about_bills(offer.connection) if can_dispute and not is_disputed else None,
    )


def _check_page(offer: SelfBillOffer, form: SelfBillForm, status: int = 200) -> Response:
    """Show the bill of the form's reading, or the form with the error of the reading."""
    if not offer.is_open:
        return _form_page(offer, form)
    try:
        bill = bill_by_reading(offer, _reading_of(form), _read_on(form))
    except Malformed as wrong:
        return _form_page(offer, form.with_error("reading_kwh", WRONG[wrong.code]))
    except ReadingRefused as refused:
        return _form_page(offer, form.with_error("reading_kwh", reading_error(refused)))
    return render(
        "consumer/self_bill_check.html",
        status=status,
        connection=offer.connection,
        bill=bill,
        is_disputed=bool(offer.last and open_disputes([offer.last.bill_no])),
        form=form,
    )


def _reading_of(form: SelfBillForm) -> int:
    """Return the reading; raises Malformed, also for none."""
    if not form.typed["reading_kwh"].strip():
        raise Malformed("reading_missing")
    return reading_from(form.typed["reading_kwh"])


def _read_on(form: SelfBillForm) -> date | None:
    """Return the day of the reading, today if none is given; None for a text that is no day."""
    typed = form.typed["read_on"].strip()
    return typed_day(typed) if typed else clock.local_date(clock.now())


def _with_error_of(form: SelfBillForm, outcome: SelfBillOutcome) -> SelfBillForm:
    """Return the form with what stopped the confirmation."""
    words: Words = _("The figures have changed since you saw them. Check the new ones and confirm again.")
    if outcome.result is ConfirmationResult.NOT_SURE:
        return form.with_error("sure", _("Look at the meter again, then tick that the reading is right."))
    if outcome.refused is not None:
        return form.with_error("documents", *refused_document_words([outcome.refused]))
    return form.with_error("", words)
