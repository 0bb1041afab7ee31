"""The estimate of disputed bills by the consumer's reading, in words: for the consumer and for the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.bill_estimate import BillEstimate, EstimateCode, stored_estimate
from wss.domain.self_check import SelfCheckCode, SelfCheckFinding
from wss.models import Bill, Connection
from wss.services.requests.bill_estimates import estimate_for
from wss.web import filters

# Why there are no figures.
WITHOUT_FIGURES = {
    EstimateCode.CONFIRMED: _l(
        "Your reading is not below the reading on the bill, so by the reading the bill does not become smaller."
    ),
    EstimateCode.WITHOUT_METER: _l("This bill is based on load, so a reading gives no amount."),
    EstimateCode.DEFECTIVE: _l(
        "The meter is treated as defective, so its reading gives no amount. The office decides the units."
    ),
    EstimateCode.MINIMUM_CHARGE: _l("This bill is the minimum charge, which does not depend on the reading."),
    EstimateCode.METER_REPLACED: _l(
        "The meter was replaced, so one reading gives no amount. The office needs the last reading of the old meter."
    ),
    EstimateCode.NO_EARLIER_READING: _l(
        "No earlier reading is known, so the amount cannot be computed here."
    ),
    EstimateCode.READ_SINCE: _l(
        "The meter was read again after this bill, so today’s reading gives no amount for it."
    ),
    EstimateCode.BELOW_EARLIER: _l(
        "The reading is below the one with which the bill begins, so it gives no amount. Compare all digits again."
    ),
    EstimateCode.TOO_EARLY: _l("The bill ends after the day of the reading, so the reading gives no amount."),
    EstimateCode.TOO_LATE: _l("The bill is too old: today’s reading gives no amount for it."),
    EstimateCode.DOUBTFUL: _l("The reading is too high for the load, so it gives no amount."),
}


@dataclass(frozen=True, slots=True)
class EstimateText:
    """An estimate in words: the billed and the computed figures by their labels, or why there are none; for several
    bills a line for each; what it assumes."""

    rows: Sequence[tuple[str, str]] = ()
    words: str = ""
    each: Sequence[str] = ()
    assumed: Sequence[str] = ()


def estimate_on_form(
    own: Connection, bills: Sequence[Bill], reading: int | None, findings: Sequence[SelfCheckFinding]
) -> EstimateText | None:
    """Return the estimate for a form that is filled in; None without a reading, or for one that is doubted anyway."""
    if is_reading_doubted(findings):
        return None
    numbers = [bill.bill_no for bill in bills]
    found = estimate_for(own.account_no, own.meter_no, numbers, reading, clock.local_date(clock.now()))
    return estimate_text(found) if found else None


def is_reading_doubted(findings: Sequence[SelfCheckFinding]) -> bool:
    """Return whether the self-check doubts the reading, so that no estimate is shown for it."""
    return any(each.sight is SelfCheckCode.READING_DOUBTFUL for each in findings)


def kept_estimate(stored: Mapping[str, Any] | None) -> EstimateText | None:
    """Return the estimate that was stored with a complaint."""
    return estimate_text(stored_estimate(stored)) if stored else None


def estimate_text(found: BillEstimate) -> EstimateText:
    """Return an estimate in words."""
    if not found.bills:
        return EstimateText(words=str(WITHOUT_FIGURES[found.code]))
    is_priced = found.code is EstimateCode.COMPUTED
    billed, computed = _units(found.billed_units), _units(found.units)
    if is_priced:
        billed = f"{filters.rupees(found.billed_paise)} ({billed})"
        computed = f"{filters.rupees(found.paise)} ({computed})"
    rows = [(_("On the bill"), billed), (_("By your reading, about"), computed)]
    return EstimateText(rows, _verdict(found, is_priced=is_priced), _each_bill(found), _assumed(found))


def office_estimate(stored: Mapping[str, Any] | None) -> list[str]:
    """Return the stored estimate in sentences for the office, to follow the self-check."""
    if not stored:
        return []
    found = stored_estimate(stored)
    if not found.bills:
        return []
    words = _(
        "Computed for the consumer from the reading %(reading)s of %(day)s, by even use per day: about %(units)s "
        "units instead of %(billed)s.",
        reading=found.reading,
        day=filters.day(found.read_on),
        units=found.units,
        billed=found.billed_units,
    )
    if found.code is EstimateCode.COMPUTED:
        words += " " + _(
            "By the tariff %(amount)s instead of %(before)s.",
            amount=filters.rupees(found.paise),
            before=filters.rupees(found.billed_paise),
        )
    return [words, *_each_bill(found)]


def petition_estimate(stored: Mapping[str, Any] | None) -> list[str]:
    """Return the stored estimate in a line of the consumer's petition."""
    text = kept_estimate(stored)
    if not stored or text is None or not text.rows:
        return []
    (_billed, billed), (_computed, computed) = text.rows
    on = filters.day(date.fromisoformat(stored["read_on"]))
    return [
        _(
            "By my reading of %(day)s (%(reading)s) the bill would be about %(computed)s instead of %(billed)s "
            "(an estimate)",
            day=on,
            reading=stored["reading"],
            computed=computed,
            billed=billed,
        )
    ]


def _units(units: int) -> str:
    return _("%(units)s units", units=units)


def _verdict(found: BillEstimate, *, is_priced: bool) -> str:
    if not is_priced:
        return _("The amount cannot be computed here: the tariff that is stored does not fit this bill.")
    if found.paise > found.billed_paise:
        return _("By your reading the bill would be higher, not lower.")
    return ""


def _each_bill(found: BillEstimate) -> list[str]:
    if len(found.bills) == 1:
        return []
    return [
        _(
            "%(month)s: about %(units)s units instead of %(billed)s",
            month=filters.month_of(one.bill_month),
            units=one.units,
            billed=one.billed_units,
        )
        for one in found.bills
    ]


def _assumed(found: BillEstimate) -> list[str]:
    """Return what the figures assume."""
    lines = [_("The reading %(reading)s is right.", reading=found.reading)]
    if found.first:
        lines.append(
            _(
                "From %(first)s (reading %(before)s) to %(last)s you used the same every day.",
                first=filters.day(found.first.on),
                before=found.first.reading,
                last=filters.day(found.read_on),
            )
        )
    if found.code is EstimateCode.COMPUTED:
        lines.append(_("The tariff of the bill’s date applies; arrears and other charges stay as billed."))
    return [*lines, _("This is an estimate. The office decides.")]
