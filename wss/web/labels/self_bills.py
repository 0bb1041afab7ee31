"""The words of bills that consumers generate: why not, what to be sure of, how they were computed, where they are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.bill_lines import BillComponent
from wss.domain.meter_units import MILLI
from wss.domain.self_bill import ReadingRefused, SelfBillDoubt, SelfBillObstacle, SelfBillState
from wss.domain.tariff import BASIS_POINTS, Component
from wss.web.filters import day, kilowatts, rupees
from wss.web.labels.bills import LINES

# Why no bill can be generated, and what to do instead.
OBSTACLES: dict[SelfBillObstacle, LazyString] = {
    SelfBillObstacle.OFF: _l(
        "Your electricity company does not offer this yet. Your bill comes after the meter reader's visit."
    ),
    SelfBillObstacle.NOT_ACTIVE: _l("This connection is disconnected. To ask about it, call 1912."),
    SelfBillObstacle.UNIT: _l(
        "This connection is not billed in kWh. Its meter is read by the office; for questions call 1912."
    ),
    SelfBillObstacle.CATEGORY: _l(
        "This is not possible for your tariff category. Your bill comes after the meter reader's visit."
    ),
    SelfBillObstacle.LOAD: _l(
        "Your sanctioned load is above %(limit)s, the limit for this. Your bill comes after the meter reader's visit."
    ),
    SelfBillObstacle.NO_BILL: _l("There is no earlier bill to count from. Wait for your first bill."),
    SelfBillObstacle.NOT_READ: _l(
        "Your last bill is not based on a reading, so the units cannot be counted from it. Ask for a correction of "
        "that bill with your reading, or wait for the meter reader."
    ),
    SelfBillObstacle.METER_REPLACED: _l(
        "Your meter was replaced after the last bill. The next bill has to come from the office; for questions call "
        "1912."
    ),
    SelfBillObstacle.NO_TARIFF: _l("The rates for your category are not known here. Call 1912."),
    SelfBillObstacle.TOO_EARLY: _l(
        "Your last bill is too recent. You can generate the next one from %(day)s."
    ),
}
# The same for a bill that an open complaint already disputes.
_DISPUTED: dict[SelfBillObstacle, LazyString] = {
    SelfBillObstacle.NOT_READ: _l(
        "Your last bill is not based on a reading, so the units cannot be counted from it. It is already in a "
        "complaint: wait for the decision."
    ),
}
# Where a wrong last bill can be put right.
DISPUTABLE = frozenset({SelfBillObstacle.NOT_READ})
_READINGS: dict[str, LazyString] = {
    "not_today": _l("Enter the reading that the meter shows today."),
    "below_last": _l(
        "The reading is less than %(previous)s, the one on your last bill. Look at all digits again and enter them."
    ),
    "too_much": _l(
        "Your load cannot use so much since the last bill (%(previous)s). Look at all digits again; leave out those "
        "after the decimal point."
    ),
}
STATES: dict[SelfBillState, LazyString] = {
    SelfBillState.WAITING: _l("being sent to the billing system"),
    SelfBillState.UNANSWERED: _l("no answer from the billing system yet"),
    SelfBillState.ACCEPTED: _l("accepted by the billing system"),
    SelfBillState.REFUSED: _l("refused by the billing system"),
    SelfBillState.REPLACED: _l("replaced by the real bill"),
}
NEXT_STEPS: dict[SelfBillState, LazyString] = {
    SelfBillState.WAITING: _l(
        "Your bill is saved. Open this page again later to see whether it was accepted."
    ),
    SelfBillState.UNANSWERED: _l(
        "Your bill is saved. We send it again until there is an answer; you need not."
    ),
    SelfBillState.ACCEPTED: _l(
        "It counts until the real bill of this period arrives; that one then takes its place here. It has no due "
        "date: you can pay it now or wait for the real bill."
    ),
    SelfBillState.REFUSED: _l(
        "Do not pay it. Our staff see it and can send it again; otherwise the next bill comes after the meter "
        "reader's visit. For questions call 1912."
    ),
}
STATE_TONES = {SelfBillState.REFUSED: "late", SelfBillState.REPLACED: "end"}


def obstacle_words(offer: Any, is_disputed: bool = False) -> str:
    """Return why a connection cannot generate a bill, and what to do."""
    values = {
        "limit": kilowatts(offer.rule.max_load_w) if offer.rule else "",
        "day": day(offer.from_day) if offer.from_day else "",
    }
    words = _DISPUTED.get(offer.obstacle) if is_disputed else None
    return str((words or OBSTACLES[offer.obstacle]) % values)


def reading_error(refused: ReadingRefused) -> str:
    """Return why a reading gives no bill."""
    return str(_READINGS[refused.code] % {"previous": refused.previous})


def doubt_words(bill: Any) -> list[str]:
    """Return what the consumer should look at again before the bill is generated."""
    words = []
    if SelfBillDoubt.OVER_THE_END in bill.doubts:
        words.append(
            _(
                "The reading is less than %(previous)s, the one on your last bill. Is the meter back at zero after "
                "%(digits)s nines?",
                previous=bill.previous_reading,
                digits=bill.register_digits,
            )
        )
    if SelfBillDoubt.FAR_ABOVE in bill.doubts:
        words.append(
            _(
                "%(units)s units are far more than your usual: about %(usual)s a month.",
                units=bill.units,
                usual=bill.usual,
            )
        )
    return words


def generated_lines(bill: Any) -> list[tuple[str, str, str]]:
    """Return the lines of a generated bill: name, figure, and how it was computed."""
    energy = _joined(bill, Component.ENERGY, lambda quantity, rate, _months: f"{quantity} × {_price(rate)}")
    fixed = _joined(bill, Component.FIXED, _fixed)
    duty = sum(rate for component, _quantity, rate, _months in bill.steps if component == Component.DUTY)
    percent = f"{Fraction(duty * 100, BASIS_POINTS).limit_denominator(100)}"
    lines = [
        (_("Period"), _days(bill.period_from, bill.period_to), ""),
        (str(LINES[BillComponent.UNITS]), str(bill.units), _units(bill)),
        (str(LINES[BillComponent.FIXED_CHARGE]), rupees(bill.fixed_charge_paise), fixed),
        (str(LINES[BillComponent.ENERGY_CHARGE]), rupees(bill.energy_charge_paise), energy),
        (
            str(LINES[BillComponent.ELECTRICITY_DUTY]),
            rupees(bill.electricity_duty_paise),
            _("%(percent)s %% of fixed and energy charge", percent=percent),
        ),
    ]
    if bill.arrears_paise:
        unpaid = _("not yet paid of your last bill") if bill.arrears_paise > 0 else _("paid too much before")
        lines.append((str(LINES[BillComponent.ARREARS]), rupees(bill.arrears_paise), unpaid))
    return lines


def generated_state(bill: Any) -> LazyString:
    """Return where a generated bill is."""
    return STATES[bill.state]


def state_tone(bill: Any) -> str:
    """Return the tone of the tag of a generated bill."""
    return STATE_TONES.get(bill.state, "")


def next_step(bill: Any) -> LazyString | str:
    """Return what happens next with a generated bill."""
    return NEXT_STEPS.get(bill.state, "")


def _days(first: date, last: date) -> str:
    return f"{day(first)} – {day(last)}"


def _units(bill: Any) -> str:
    """Return how the units follow from the readings."""
    factor = bill.multiplying_factor_milli
    counted = f"{bill.current_reading} − {bill.previous_reading}"
    if bill.current_reading < bill.previous_reading:
        counted = _("%(readings)s, past the end of the register", readings=counted)
    return counted if factor == MILLI else f"({counted}) × {Fraction(factor, MILLI)}"


def _fixed(quantity: int, rate: int, months: str) -> str:
    whole = Fraction(months).denominator == 1
    period = (
        ngettext("%(num)s month", "%(num)s months", int(months))
        if whole
        else _("%(part)s of a month", part=months)
    )
    return f"{kilowatts(quantity)} × {_price(rate)} × {period}"


def _price(paise: int) -> str:
    """Return a rate; the rupee sign remains on one line with it on a narrow screen."""
    return rupees(paise).replace(" ", "\u00a0")


def _joined(bill: Any, wanted: Component, worded: Any) -> str:
    parts = (step[1:] for step in bill.steps if step[0] == wanted)
    return " + ".join(worded(*part) for part in parts)


TEMPLATE_LABELS: dict[str, Any] = {
    word.__name__: word
    for word in (obstacle_words, doubt_words, generated_lines, generated_state, state_tone, next_step)
}
