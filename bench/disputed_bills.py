"""Households with a true reading on every day, and their bills."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from wss.domain.billed import EffectiveBill
from wss.domain.tariff import Component, Rate, charge

_BEGUN = date(2020, 1, 1)
RATES = [
    Rate("LMV-1U", _BEGUN, Component.FIXED, 11000),
    Rate("LMV-1U", _BEGUN, Component.ENERGY, 550, 0, 150),
    Rate("LMV-1U", _BEGUN, Component.ENERGY, 600, 150, 300),
    Rate("LMV-1U", _BEGUN, Component.ENERGY, 650, 300),
    Rate("LMV-1U", _BEGUN, Component.DUTY, 500),
]
FACTORS = (1000,) * 18 + (1500, 20000)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Household:
    """A household: its meter's reading at the end of each day, and its bills up to the disputed ones."""

    chance: Random
    factor: int
    load_w: int
    reading_at: dict[date, float]
    periods: Sequence[tuple[date, date]]
    bills: list[EffectiveBill] = field(default_factory=list)

    @property
    def next_period(self) -> tuple[date, date]:
        """Return the period of the next bill."""
        return self.periods[len(self.bills)]

    def raise_use(self, times: float) -> None:
        """Make the use of the next period so many times as high."""
        first, last = self.next_period
        begin, more = self.reading_at[first - _DAY], 0.0
        for day, reading in self.reading_at.items():
            if first <= day <= last:
                more = (reading - begin) * (times - 1)
            if day >= first:
                self.reading_at[day] = reading + more

    def read(self, day: date) -> int:
        """Return what the meter shows at the end of a day."""
        return int(self.reading_at[day])

    def add(self, basis: str = "MU", reading: int | None = None) -> EffectiveBill:
        """Add the next bill, by the true reading or another one; without a reading its units are an average."""
        first, last = self.next_period
        before = self.bills[-1].current_reading if self.bills else self.read(first - _DAY)
        is_read = basis in {"MU", "CDF"}
        now = (self.read(last) if reading is None else reading) if is_read or reading is not None else before
        units = (
            round((now - before) * self.factor / 1000) if is_read else self._average((last - first).days + 1)
        )
        charges = charge(RATES, max(0, units), self.load_w, max(1, round(((last - first).days + 1) / 30.4)))
        bill = EffectiveBill(
            bill_no=f"B{len(self.bills)}",
            bill_month=f"{last:%Y-%m}",
            period_from=first,
            period_to=last,
            charged_on=last + self.chance.randint(2, 7) * _DAY,
            previous_reading=before,
            current_reading=now,
            units=max(0, units),
            bill_basis=basis,
            fixed_charge_paise=charges.fixed,
            energy_charge_paise=charges.energy,
            electricity_duty_paise=charges.duty,
            other_charge_paise=0,
            arrears_paise=0,
            amount_paise=charges.total,
            at_import_factor_milli=self.factor,
            at_import_load_w=self.load_w,
            at_import_category="LMV-1U",
            at_import_meter_no="UP1",
        )
        self.bills.append(bill)
        return bill

    def _average(self, days: int) -> int:
        last = self.bills[-3:]
        covered = sum((one.period_to - one.period_from).days + 1 for one in last)
        return round(sum(one.units for one in last) * days / covered) if last else 100


def household(chance: Random) -> Household:
    """Return a household with 1 to 24 bills, and three more periods."""
    per_day, season = math.exp(chance.gauss(1.4, 0.5)), chance.uniform(0, 0.45)
    reading, day = chance.choice([chance.uniform(50, 900), chance.uniform(900, 60_000)]), date(2024, 1, 1)
    day += chance.randint(0, 365) * _DAY
    periods = _periods(chance, day, chance.randint(4, 27))
    reading_at, month, noise = {day - _DAY: reading}, 0, 1.0
    while day <= periods[-1][1] + timedelta(days=200):
        if day.month != month:
            month = day.month
            noise = math.exp(chance.gauss(0, 0.13)) * chance.choices([1, 0.35, 1.8], [94, 3, 3])[0]
        warm = 1 + season * math.sin((day.timetuple().tm_yday - 75) / 365 * 2 * math.pi)
        reading += per_day * warm * noise * chance.uniform(0.6, 1.4)
        reading_at[day] = reading
        day += _DAY
    made = Household(chance, chance.choice(FACTORS), chance.randint(1, 6) * 1000, reading_at, periods)
    for _period in periods[:-3]:
        made.add("PROV" if made.bills and chance.random() < 0.05 else "MU")
    return made


def _periods(chance: Random, first: date, how_many: int) -> list[tuple[date, date]]:
    """Return periods of about a month; one in twelve has other lengths, from 12 to 95 days."""
    periods = []
    for _each in range(how_many):
        days = chance.randint(12, 95) if chance.random() < 1 / 12 else chance.randint(28, 33)
        periods.append((first, first + (days - 1) * _DAY))
        first += days * _DAY
    return periods
