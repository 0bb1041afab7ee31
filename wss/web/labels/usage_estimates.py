"""The words of the calculator's result: names of appliances, lines of the charges, units with a decimal."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import gettext as _

from wss.domain.appliance_use import ApplianceUse, half_up
from wss.domain.tariff import ChargeLine, Component
from wss.web.filters import kilowatts, rupees
from wss.web.labels.appliances import APPLIANCES
from wss.web.labels.requests import localized_name


def name_of_use(use: ApplianceUse) -> str:
    """Return the name of an appliance with its watts, hours and count: Ceiling fan: 75 W × 12 hours × 2."""
    known = APPLIANCES.get(use.code)
    hours = f"{use.minutes_a_day / 60:.2f}".rstrip("0").rstrip(".")
    return _(
        "%(name)s: %(watts)s W × %(hours)s hours × %(count)s",
        name=localized_name(known) if known else _("Another appliance"),
        watts=use.watts,
        hours=hours,
        count=use.count,
    )


def decimal_units(units: Fraction) -> str:
    """Return units with at most one decimal, rounded half up: 54, 1.5."""
    tenths = half_up(units * 10)
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")


def charge_words(line: ChargeLine) -> str:
    """Return what a line of the charges is computed from: Units 151 to 300: 20 × ₹ 6.00."""
    rate = rupees(line.rate.rate_paise)
    if line.rate.component is Component.FIXED:
        return _("Fixed charge: %(load)s × %(rate)s", load=kilowatts(int(line.quantity)), rate=rate)
    if line.rate.component is Component.DUTY:
        percent = f"{line.rate.rate_paise / 100:g}"
        return _(
            "Electricity duty: %(percent)s%% of %(sum)s", percent=percent, sum=rupees(int(line.quantity))
        )
    first = line.rate.slab_from + 1
    if line.rate.slab_to is None:
        slab = _("Units from %(first)s", first=first)
    else:
        slab = _("Units %(first)s to %(last)s", first=first, last=line.rate.slab_to)
    return f"{slab}: {decimal_units(Fraction(line.quantity))} × {rate}"
