"""The self-check in words: what stands out when bill, meter and load are laid beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask_babel import gettext as _

from wss.domain import answers, identifiers
from wss.domain.catalogue import Field
from wss.domain.consumption import months_between
from wss.domain.errors import Malformed
from wss.domain.self_check import Billed, Seen, Supply, fitting_reason, self_check
from wss.models import Bill, Connection
from wss.queries.bills import bills_by_number
from wss.web.consumer.forms import BILL_TYPED, RequestForm
from wss.web.consumer.labels import SIGHTS
from wss.web.consumer.room import month_of

# Behind which field of the form the comparison stands: the last of these that the form has.
_COMPARED = (BILL_TYPED, Field.READING_KWH, Field.READING_KVAH, Field.DEMAND_KVA)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the form shows: after which field, the sentences, and the reason it chose because nobody had."""

    after: str
    sentences: list[str]
    reason: str = ""


def compare(own: Connection, form: RequestForm) -> Comparison | None:
    """Lay what is filled in so far beside the bills, and begin with a fitting reason where none is chosen."""
    if Field.BILL_NO.value not in form:
        return None
    after = [str(name) for name in _COMPARED if str(name) in form][-1]
    bills, reading = _bills(form), _reading(own, form)
    seen = _look(own, bills, reading)
    reason = ""
    if Field.REASON.value in form and not form[Field.REASON.value].data:
        reason = fitting_reason(seen, dict(form.asked.reasons)) or ""
        form[Field.REASON.value].data = reason
    return Comparison(after, _said(seen, bills, reading), reason)


def sights(own: Connection, bills: Sequence[Bill], reading: int | None) -> list[str]:
    """What the self-check sees, in plain words."""
    return _said(_look(own, bills, reading), bills, reading)


def reading_field(own: Connection) -> Field:
    """The field whose reading the bills of this connection go by."""
    return Field.READING_KVAH if own.billing_unit == "kVAh" else Field.READING_KWH


def _look(own: Connection, bills: Sequence[Bill], reading: int | None) -> list[Seen]:
    billed = [
        Billed(
            bill.bill_no,
            bill.bill_basis,
            bill.current_reading,
            bill.units,
            months_between(bill.period_from, bill.period_to),
        )
        for bill in bills
    ]
    return self_check(billed, reading, Supply(own.sanctioned_load_w, own.multiplying_factor_milli))


def _said(seen: Sequence[Seen], bills: Sequence[Bill], reading: int | None) -> list[str]:
    """The sentences; with several bills each begins with its month."""
    months = {bill.bill_no: month_of(bill.bill_month) for bill in bills}
    sentences = []
    for each in seen:
        words = str(SIGHTS[each.sight]) % {"billed": each.billed, "now": reading, "units": each.units}
        if len(months) > 1:
            words = _("%(month)s: %(words)s", month=months[each.bill_no], words=words)
        sentences.append(words)
    return sentences


def _bills(form: RequestForm) -> Sequence[Bill]:
    """The bills chosen or typed so far, as far as they are the connection's own."""
    numbers = [str(number) for number in form[Field.BILL_NO.value].data or []]
    with suppress(Malformed):
        numbers.append(identifiers.bill_no(form[BILL_TYPED].data or ""))
    return bills_by_number(list(form.asked.find_bills(numbers[: answers.BILLS_AT_MOST]).values()))


def _reading(own: Connection, form: RequestForm) -> int | None:
    """The reading typed so far; a wrong one is told at its field."""
    name = reading_field(own).value
    try:
        return answers.reading(form[name].data or "") if name in form else None
    except Malformed:
        return None
