"""The findings of the self-check of bills, reading and load, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.billed import EffectiveBill as StandingBill
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.proration import months_between
from wss.domain.self_check import (
    LastReading,
    SelfCheckBill,
    SelfCheckCode,
    SelfCheckFinding,
    SelfCheckSupply,
    last_reading,
    self_check,
)
from wss.models import Bill, Connection
from wss.queries.bills import consumption
from wss.web import filters

FINDINGS = {
    SelfCheckCode.READING_BELOW_BILL: _l(
        "The reading on the bill is %(billed)s; you wrote %(now)s. If yours is right and the meter "
        "was not changed, the bill is at least %(units)s units too high. Check that you copied every "
        "digit."
    ),
    SelfCheckCode.READING_ABOVE_BILL: _l(
        "The reading on the bill is %(billed)s and the meter now shows %(now)s: %(units)s units more since the bill."
    ),
    SelfCheckCode.READING_AS_BILLED: _l("The bill and your meter both say %(billed)s."),
    SelfCheckCode.MOVED_SINCE_READING: _l(
        "In %(month)s the meter reading was %(billed)s. Since then your meter has moved %(units)s units."
    ),
    SelfCheckCode.READING_DOUBTFUL: _l(
        "The last meter reading in your bills is %(billed)s; you wrote %(now)s. Look at the meter again. If it "
        "really shows %(now)s, add a photo of the meter."
    ),
    SelfCheckCode.METER_READ: _l(
        "The bill says the meter was read at %(billed)s. Check your meter: if it shows less, enter "
        "that reading."
    ),
    SelfCheckCode.MINIMUM_CHARGE: _l(
        "This is the minimum charge for your load, even if you use little or nothing. You can still "
        "make a request."
    ),
    SelfCheckCode.WITHOUT_METER: _l(
        "This bill is based on load because no meter is recorded. If you have a meter, send a photo of it."
    ),
    SelfCheckCode.ASSESSED: _l(
        "The meter is treated as defective. Units are the average of three months, and later a fixed "
        "number per kW. The bill can be revised once the meter is replaced."
    ),
    SelfCheckCode.OVER_CEILING: _l(
        "%(units)s units is unusually high for your load. The office will check the reading and the load."
    ),
    SelfCheckCode.NOT_REACHED: _l(
        "The meter reader could not get to the meter, so this bill is based on an average."
        " Send the reading and a photo of the meter."
    ),
    SelfCheckCode.NOT_READ: _l(
        "This bill is based on an average because the meter was not read. A photo of the meter will help most."
    ),
    SelfCheckCode.PROVISIONAL: _l(
        "This bill is provisional (PROV): it is based on an average until the meter is read."
        " It is corrected sooner if you send the reading and a photo of the meter."
    ),
    SelfCheckCode.FOUND_DEFECTIVE: _l(
        "The meter reader found the meter without display or burnt. It must be replaced. Send a photo of it."
    ),
    SelfCheckCode.READING_DOES_NOT_FIT: _l(
        "The reading was lower than the previous one. It may be a writing mistake or a faulty meter. "
        "A photo of the meter will show which."
    ),
    SelfCheckCode.SEEMS_DEFECTIVE: _l(
        "The reading has not changed since the last bill. If no one was living there, tell us. "
        "Otherwise the meter may have stopped."
    ),
}
# The consumer reads the findings in the second person, the office in the third, without what the consumer can do.
OFFICE_FINDINGS = {
    SelfCheckCode.READING_BELOW_BILL: _l(
        "Bill: %(billed)s. Consumer’s reading: %(now)s. If that is right and the meter was not changed, the bill is "
        "at least %(units)s units too high."
    ),
    SelfCheckCode.READING_ABOVE_BILL: _l(
        "Bill: %(billed)s. The consumer gave %(now)s on %(on)s: by that, %(units)s units more since the bill."
    ),
    SelfCheckCode.READING_AS_BILLED: _l(
        "The bill and the reading given by the consumer on %(on)s are the same: %(billed)s."
    ),
    SelfCheckCode.MOVED_SINCE_READING: _l(
        "Last reading (%(month)s): %(billed)s. The consumer gave %(now)s on %(on)s: by that, %(units)s units more "
        "since then."
    ),
    SelfCheckCode.READING_DOUBTFUL: _l(
        "The consumer’s reading %(now)s does not look right after the reading %(billed)s. Check it on the photo."
    ),
    SelfCheckCode.METER_READ: _l("Read bill: meter reading %(billed)s."),
    SelfCheckCode.MINIMUM_CHARGE: _l("Minimum charge for the load."),
    SelfCheckCode.WITHOUT_METER: _l("Billed by load: no meter is recorded. Check whether there is one."),
    SelfCheckCode.ASSESSED: _l(
        "Meter treated as defective: units from the average of three months, later a fixed number per kW. "
        "Arrange a replacement."
    ),
    SelfCheckCode.OVER_CEILING: _l(
        "%(units)s units is unusually high for the load. Check the reading and the load."
    ),
    SelfCheckCode.NOT_REACHED: _l("Average bill: the meter reader had no access to the meter."),
    SelfCheckCode.NOT_READ: _l("Average bill: the meter was not read."),
    SelfCheckCode.PROVISIONAL: _l("Provisional bill: an average until the meter is read."),
    SelfCheckCode.FOUND_DEFECTIVE: _l(
        "The meter reader found the meter burnt or without display. It must be replaced."
    ),
    SelfCheckCode.READING_DOES_NOT_FIT: _l(
        "The reading was lower than the previous one: a writing mistake or a faulty meter."
    ),
    SelfCheckCode.SEEMS_DEFECTIVE: _l(
        "The reading has not changed since the last bill. Unless the place was empty, the meter may have stopped."
    ),
}

_WITHOUT_MONTH = (SelfCheckCode.MOVED_SINCE_READING, SelfCheckCode.READING_DOUBTFUL)


def self_check_sentences(
    own: Connection,
    bills: Sequence[Bill | StandingBill],
    reading: int | None,
    *,
    for_office: bool = False,
    on: date | None = None,
) -> list[str]:
    """Return the findings of the self-check, in words for the consumer or for the office.

    `on` is the day of the reading; without it, today.
    """
    findings = compare_bills(own, bills, reading, on)
    at = on or clock.local_date(clock.now())
    return finding_sentences(findings, bills, reading, OFFICE_FINDINGS if for_office else FINDINGS, on=at)


def is_compared(kind: RequestKind) -> bool:
    """Return whether a kind asks for a bill and a reading: without both there is nothing to compare."""
    return RequestField.BILL_NO in kind.fields and bool(
        {RequestField.READING_KWH, RequestField.READING_KVAH} & set(kind.fields)
    )


def reading_field(own: Connection) -> RequestField:
    """Return the field of the reading that this connection is billed by."""
    return RequestField.READING_KVAH if own.billing_unit == "kVAh" else RequestField.READING_KWH


def compare_bills(
    own: Connection, bills: Sequence[Bill | StandingBill], reading: int | None, on: date | None = None
) -> list[SelfCheckFinding]:
    """Return the findings of a comparison of the bills, the reading of a day (today) and the load."""
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
    since = None
    if bills and reading is not None:
        on = on or clock.local_date(clock.now())
        since = last_reading(consumption(own.account_no), bills[-1].bill_month, on)
    supply = SelfCheckSupply(own.sanctioned_load_w, own.multiplying_factor_milli)
    return self_check(billed, reading, supply, since)


def _supply(own: Connection, bill: Bill | StandingBill) -> SelfCheckSupply:
    """Return load and factor at the time of the bill; later values say nothing about an old bill."""
    return SelfCheckSupply(
        bill.load_w or bill.at_import_load_w or own.sanctioned_load_w,
        bill.multiplying_factor_milli or bill.at_import_factor_milli or own.multiplying_factor_milli,
    )


def finding_sentences(
    findings: Sequence[SelfCheckFinding],
    bills: Sequence[Bill | StandingBill],
    reading: int | None,
    words_of: Mapping[SelfCheckCode, LazyString] = FINDINGS,
    *,
    on: date | None = None,
) -> list[str]:
    """Return the findings in sentences; with several bills each begins with its month. `on`: the reading's day."""
    months = {bill.bill_no: filters.month_of(bill.bill_month) for bill in bills}
    sentences = []
    for each in findings:
        # A consumer who gave a reading is not asked to look at the meter for it.
        if each.sight is SelfCheckCode.METER_READ and reading is not None and words_of is FINDINGS:
            continue
        words = str(words_of[each.sight]) % {
            "billed": each.billed,
            "now": reading,
            "units": each.units,
            "on": filters.day(on) if on else "",
            "month": filters.month_of(each.since.bill_month) if each.since else "",
        }
        if each.since and each.since.average_months:
            words += " " + _average_sentence(each.since)
        if each.since and words_of is FINDINGS:
            words += " " + _("Attach a photo of the meter.")
        # The comparison with the last actual reading is not about one of the bills.
        if len(months) > 1 and each.sight not in _WITHOUT_MONTH:
            words = _("%(month)s: %(words)s", month=months[each.bill_no], words=words)
        sentences.append(words)
    return sentences


def _average_sentence(since: LastReading) -> str:
    """Return how many units the bills since the last actual reading charged by average."""
    first, last = (filters.month_of(month) for month in (since.average_months[0], since.average_months[-1]))
    number = len(since.average_months)
    if number == 2:
        return _(
            "The bills of %(first)s and %(last)s charged %(units)s units by average.",
            first=first,
            last=last,
            units=since.average_units,
        )
    return ngettext(
        "The bill of %(last)s charged %(units)s units by average.",
        "The %(num)s bills from %(first)s to %(last)s charged %(units)s units by average.",
        number,
        first=first,
        last=last,
        units=since.average_units,
    )
