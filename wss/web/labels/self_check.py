"""What the self-check sees in bills, reading and load, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from wss.domain.billed import EffectiveBill as StandingBill
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.proration import months_between
from wss.domain.self_check import SelfCheckBill, SelfCheckFinding, SelfCheckSupply, self_check
from wss.models import Bill, Connection
from wss.web import filters
from wss.web.labels.form_fields import SIGHTS


def sights(own: Connection, bills: Sequence[Bill | StandingBill], reading: int | None) -> list[str]:
    """What the self-check sees, in plain words."""
    return said(look(own, bills, reading), bills, reading)


def is_compared(kind: RequestKind) -> bool:
    """Whether a kind asks for a bill and a reading: without both, being told to look at the meter leads nowhere."""
    return RequestField.BILL_NO in kind.fields and bool(
        {RequestField.READING_KWH, RequestField.READING_KVAH} & set(kind.fields)
    )


def reading_field(own: Connection) -> RequestField:
    """The field whose reading the bills of this connection go by."""
    return RequestField.READING_KVAH if own.billing_unit == "kVAh" else RequestField.READING_KWH


def look(
    own: Connection, bills: Sequence[Bill | StandingBill], reading: int | None
) -> list[SelfCheckFinding]:
    """What stands out when the bills, the reading and the load are laid beside each other."""
    billed = [
        SelfCheckBill(
            bill.bill_no,
            bill.bill_basis,
            bill.current_reading,
            bill.units,
            months_between(bill.period_from, bill.period_to),
            _supply(own, bill),
        )
        for bill in bills
    ]
    return self_check(billed, reading, SelfCheckSupply(own.sanctioned_load_w, own.multiplying_factor_milli))


def _supply(own: Connection, bill: Bill | StandingBill) -> SelfCheckSupply:
    """Load and factor of the bill's own time: what was imported later says nothing about an old bill."""
    return SelfCheckSupply(
        bill.load_w or bill.at_import_load_w or own.sanctioned_load_w,
        bill.multiplying_factor_milli or bill.at_import_factor_milli or own.multiplying_factor_milli,
    )


def said(
    seen: Sequence[SelfCheckFinding], bills: Sequence[Bill | StandingBill], reading: int | None
) -> list[str]:
    """The sentences; with several bills each begins with its month."""
    months = {bill.bill_no: filters.month_of(bill.bill_month) for bill in bills}
    sentences = []
    for each in seen:
        words = str(SIGHTS[each.sight]) % {"billed": each.billed, "now": reading, "units": each.units}
        if len(months) > 1:
            words = _("%(month)s: %(words)s", month=months[each.bill_no], words=words)
        sentences.append(words)
    return sentences
