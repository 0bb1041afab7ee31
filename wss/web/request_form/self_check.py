"""The self-check on the form: a comparison of bill, meter and load."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from wss import clock
from wss.domain import identifiers, typed_values
from wss.domain.catalogue import BILLS_AT_MOST, CAUSE_UNKNOWN, RequestField
from wss.domain.consumption import peaks
from wss.domain.errors import Malformed
from wss.domain.self_check import suggested_reason
from wss.models import Bill, Connection
from wss.queries.bills import bills_by_number, consumption
from wss.web.labels.bill_estimates import EstimateText, estimate_on_form
from wss.web.labels.self_check import (
    FINDINGS,
    OFFICE_FINDINGS,
    compare_bills,
    finding_sentences,
    is_compared,
    reading_field,
)
from wss.web.request_form.forms import BILL_TYPED, RequestForm

# The comparison is shown after the last of these fields that the form has.
_COMPARED = (BILL_TYPED, RequestField.READING_KWH, RequestField.READING_KVAH, RequestField.DEMAND_KVA)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison on the form: after which field, its sentences, the suggested reason, whether it has a reading,
    and the estimate.
    """

    after: str
    sentences: list[str]
    reason: str = ""
    has_reading: bool = False
    estimate: EstimateText | None = None


def compare(own: Connection, form: RequestForm, *, for_caller: bool = False) -> Comparison | None:
    """Compare what was filled in with the bills, and suggest a fitting reason where none is chosen.

    `for_caller`: an agent fills in the form, and reads about the consumer in the third person.
    """
    if not is_compared(form.asked.kind):
        return None
    after = [str(name) for name in _COMPARED if str(name) in form][-1]
    bills, reading = _bills(form), _reading(own, form)
    seen = compare_bills(own, bills, reading)
    reason = ""
    if RequestField.REASON.value in form and not form[RequestField.REASON.value].data:
        offered = dict(form.asked.options[RequestField.REASON])
        reason = suggested_reason(seen, offered) or _reason_of_peak(own, form, bills, offered)
        form[RequestField.REASON.value].data = reason
    words = OFFICE_FINDINGS if for_caller else FINDINGS
    today = clock.local_date(clock.now())
    sentences = finding_sentences(seen, bills, reading, words, on=today)
    estimate = estimate_on_form(own, bills, reading, seen)
    return Comparison(after, sentences, reason, has_reading=reading is not None, estimate=estimate)


def _reason_of_peak(
    own: Connection, form: RequestForm, bills: Sequence[Bill], offered: Collection[str]
) -> str:
    """Return the reason for a bill that is far above the usual, for consumers; an employee asks the caller."""
    if form.asked.is_for_caller or CAUSE_UNKNOWN not in offered:
        return ""
    unusual = {peak.used.bill_no for peak in peaks(consumption(own.account_no))}
    return CAUSE_UNKNOWN if any(bill.bill_no in unusual for bill in bills) else ""


def _bills(form: RequestForm) -> Sequence[Bill]:
    """Return the bills chosen or typed so far that are the connection's own."""
    numbers = [str(number) for number in form[RequestField.BILL_NO.value].data or []]
    with suppress(Malformed):
        numbers.append(identifiers.bill_no(form[BILL_TYPED].data or ""))
    return bills_by_number(list(form.asked.find_bills(numbers[:BILLS_AT_MOST]).values()))


def _reading(own: Connection, form: RequestForm) -> int | None:
    """Return the reading typed so far; None for an invalid one, whose error is shown at its field."""
    name = reading_field(own).value
    try:
        return typed_values.reading(form[name].data or "") if name in form else None
    except Malformed:
        return None
