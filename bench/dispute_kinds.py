"""Disputes of known explanation, with noise: typing errors, missing digits, late dates, odd months, short histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bench.disputed_bills import RATES, Household, household
from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import MonthlyUnits
from wss.domain.suggestion.evidence import Evidence, Suggestion
from wss.domain.suggestion.verdicts import SuggestedVerdict

# A consumer disputes a reading that makes the bill so many times too high; smaller errors are not noticed.
NOTICED = 1.5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is disputed, its true explanation, and how it differs from an ordinary dispute."""

    bills: Sequence[EffectiveBill]
    truth: SuggestedVerdict
    reason: str = "wrong_reading"
    meter_no: str = "UP1"
    before: EffectiveBill | None = None
    has_reading: bool = True
    new_meter_from: date | None = None


@dataclass(frozen=True, slots=True)
class DisputeCase:
    """A dispute as the site knows it, its true explanation, and the true reading at the end of each disputed bill."""

    kind: str
    evidence: Evidence
    truth: SuggestedVerdict
    readings: Mapping[str, int]

    def is_right(self, suggestion: Suggestion) -> bool:
        """Return whether the verdict is true and each reading within the tolerance that the suggestion states."""
        return suggestion.verdict is self.truth and all(
            abs(one.revised.current_reading - self.readings[one.revised.bill_no]) <= one.tolerance
            for one in suggestion.bills
        )


def dispute_case(chance: Random) -> DisputeCase:
    """Return a case of a random kind."""
    kind = chance.choice(list(KINDS))
    found = None
    while found is None:
        house = household(chance)
        found = KINDS[kind](house)
    true = {one.bill_no: house.read(one.period_to) for one in found.bills}
    return DisputeCase(kind, _evidence(house, found), found.truth, true)


def _evidence(house: Household, found: Dispute) -> Evidence:
    chance, place = house.chance, len(house.bills) - len(found.bills)
    days = chance.choices([(0, 20), (21, 60), (61, 180), (-30, -1)], [70, 20, 5, 5])[0]
    read_on = found.bills[-1].charged_on + chance.randint(*days) * _DAY
    reading = house.read(read_on)
    if found.new_meter_from is not None:
        reading = max(0, reading - house.read(found.new_meter_from)) + chance.randint(0, 9)
    bills, before = list(found.bills), found.before
    if before is None:
        before = house.bills[place - 1] if place else None
        if before is not None and chance.random() < 0.2:
            # Not paid, or paid too late: the arrears are right.
            late = bills[0].charged_on + chance.randint(0, 20) * _DAY
            paid = before.amount_paise if chance.random() < 0.5 else None
            before = replace(before, paid_amount_paise=paid, paid_on=late if paid else None)
            bills[0] = _with_arrears(bills[0], before)
    return Evidence(
        bills,
        TariffBasis(RATES, [_used(one) for one in house.bills]),
        _typed(chance, reading, bills[-1]) if found.has_reading else None,
        read_on if found.has_reading else None,
        found.reason,
        found.meter_no,
        before,
    )


def _used(bill: EffectiveBill) -> MonthlyUnits:
    return MonthlyUnits(
        bill.bill_no,
        bill.bill_month,
        bill.period_from,
        bill.period_to,
        bill.current_reading,
        bill.units,
        bill.bill_basis,
    )


def _with_arrears(bill: EffectiveBill, before: EffectiveBill) -> EffectiveBill:
    arrears = before.amount_paise
    return replace(bill, arrears_paise=arrears, amount_paise=bill.amount_paise + arrears)


def _typed(chance: Random, reading: int, bill: EffectiveBill) -> int:
    """Return a reading as a consumer types it: one in seven has an error."""
    digits = str(reading)
    place = chance.randrange(len(digits))
    errors = [
        digits[:place] + digits[place + 1 :],
        digits[:place] + digits[place] + digits[place:],
        digits[:place] + digits[place : place + 2][::-1] + digits[place + 2 :],
        digits[:place] + str(chance.randrange(10)) + digits[place + 1 :],
        digits + str(chance.randrange(10)),
        str(bill.current_reading),
    ]
    return int(chance.choice(errors) or "0") if chance.random() < 1 / 7 else reading


def _slips(reading: int) -> list[int]:
    """Return what a reader types who exchanges two digits, or puts one at another place."""
    digits, found = str(reading), []
    for one in range(len(digits)):
        for other in range(len(digits)):
            exchanged, moved = list(digits), list(digits)
            exchanged[one], exchanged[other] = digits[other], digits[one]
            moved.insert(other, moved.pop(one))
            found += [int("".join(exchanged)), int("".join(moved))]
    return found


def _wrong_digits(reading: int) -> list[int]:
    """Return what a reader types who takes one digit for another."""
    digits = str(reading)
    return [int(digits[:i] + str(n) + digits[i + 1 :]) for i in range(len(digits)) for n in range(10)]


def _noticed(house: Household, readings: Sequence[int]) -> list[int]:
    begin, true = house.bills[-1].current_reading, house.read(house.next_period[1])
    return [one for one in readings if one != true and not begin <= one < begin + NOTICED * (true - begin)]


def _misread(house: Household, readings: Sequence[int], truth: SuggestedVerdict) -> Dispute | None:
    noticed = _noticed(house, readings)
    if not noticed:
        return None
    wrong = house.chance.choice(noticed)
    is_below = wrong < house.bills[-1].current_reading
    basis = "RDF" if is_below else house.chance.choice(["MU", "MU", "MU", "CDF"])
    return Dispute([house.add(basis, wrong)], truth)


def _digits_swapped(house: Household) -> Dispute | None:
    true = house.read(house.next_period[1])
    return _misread(house, _slips(true), SuggestedVerdict.DIGITS_SWAPPED)


def _wrong_digit(house: Household) -> Dispute | None:
    true = house.read(house.next_period[1])
    others = set(_wrong_digits(true)) - set(_slips(true))
    return _misread(house, sorted(others), SuggestedVerdict.NOT_SURE)


def _invented(house: Household) -> Dispute | None:
    begin, true = house.bills[-1].current_reading, house.read(house.next_period[1])
    made_up = begin + round((true - begin) * house.chance.uniform(NOTICED, 4))
    return None if made_up in _slips(true) else _misread(house, [made_up], SuggestedVerdict.NOT_SURE)


def _provisional(house: Household) -> Dispute:
    bases = house.chance.choices(["PROV", "NR", "NA"], k=house.chance.choice([1, 1, 2, 3]))
    return Dispute([house.add(basis) for basis in bases], SuggestedVerdict.PROVISIONAL, "reading_not_taken")


def _reading_above(house: Household) -> Dispute:
    if house.chance.random() < 0.4:
        house.raise_use(house.chance.uniform(1.5, 4))
    return Dispute(
        [house.add()],
        SuggestedVerdict.READING_ABOVE,
        house.chance.choice(["wrong_reading", "high_after_gap"]),
    )


def _meter_replaced(house: Household) -> Dispute:
    first, last = house.next_period
    since = first + house.chance.randint(0, (last - first).days) * _DAY
    basis = house.chance.choice(["RDF", "PROV"])
    reading = house.read(last) - house.read(since) if basis == "RDF" else None
    meter_no = house.chance.choice(["UP2", "UP2", "UP1"])
    return Dispute(
        [house.add(basis, reading)],
        SuggestedVerdict.METER_REPLACED,
        "meter_changed",
        meter_no,
        new_meter_from=since,
    )


def _payment_missing(house: Household) -> Dispute:
    before = house.bills[-1]
    bill = house.add()
    paid_on = bill.charged_on - house.chance.randint(1, 25) * _DAY
    before = replace(before, paid_amount_paise=before.amount_paise, paid_on=paid_on)
    return Dispute(
        [_with_arrears(bill, before)],
        SuggestedVerdict.PAYMENT_MISSING,
        house.chance.choice(["payment_not_posted", "wrong_arrears"]),
        before=before,
        has_reading=house.chance.random() < 0.4,
    )


def _defective(house: Household) -> Dispute:
    return Dispute(
        [house.add(house.chance.choice(["ADF", "IDF", "ASS"]))], SuggestedVerdict.NOT_SURE, "defective_meter"
    )


def _about_else(house: Household) -> Dispute:
    reason = house.chance.choice(["wrong_load", "wrong_category", "duplicate_bill", "other"])
    return Dispute([house.add(house.chance.choice(["MU", "PROV"]))], SuggestedVerdict.NOT_SURE, reason)


def _without_reading(house: Household) -> Dispute:
    return Dispute(
        [house.add(house.chance.choice(["MU", "PROV"]))], SuggestedVerdict.NOT_SURE, has_reading=False
    )


KINDS: Mapping[str, Callable[[Household], Dispute | None]] = {
    "digits swapped": _digits_swapped,
    "provisional, and a reading": _provisional,
    "reading above the bill": _reading_above,
    "meter replaced": _meter_replaced,
    "payment missing": _payment_missing,
    "a wrong digit": _wrong_digit,
    "an invented reading": _invented,
    "a defective meter": _defective,
    "about something else": _about_else,
    "no reading given": _without_reading,
}
