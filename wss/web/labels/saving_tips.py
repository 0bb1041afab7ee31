"""The words of the tips that follow from bills."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from wss.domain.saving_tips import SavingTip, TipCode
from wss.web.filters import kilowatts, month_of, rupees


def tip_words(tip: SavingTip) -> tuple[str, str, str]:
    """Return a tip in three parts: its heading, what follows from the bills, and what it would have saved."""
    return _WORDS[tip.code](tip)


def _standing_load(tip: SavingTip) -> tuple[str, str, str]:
    return (
        _("Base use: as much as %(watts)s W day and night", watts=tip.figure),
        _(
            "Even in %(month)s, your lowest month, you used about %(units)s units in 30 days. That is as much as "
            "%(watts)s W that are never switched off. Look for what runs all the time, such as an old refrigerator.",
            month=month_of(tip.bill_month),
            units=tip.other,
            watts=tip.figure,
        ),
        _("A fifth less of it would have saved %(rupees)s on these bills.", rupees=rupees(tip.paise)),
    )


def _season(tip: SavingTip) -> tuple[str, str, str]:
    times = f"{tip.figure / 10:g}"
    saved = ngettext(
        "A fifth less of the difference would have saved %(rupees)s on %(num)s bill.",
        "A fifth less of the difference would have saved %(rupees)s on %(num)s bills.",
        tip.bills,
        rupees=rupees(tip.paise),
    )
    if tip.code is TipCode.SUMMER:
        return (
            _("In summer you use %(times)s times as much as in winter", times=times),
            _(
                "From April to September you use about %(units)s units in 30 days. The difference from winter is for "
                "cooling: fans, cooler, air conditioner, refrigerator.",
                units=tip.other,
            ),
            saved,
        )
    return (
        _("In winter you use %(times)s times as much as in summer", times=times),
        _(
            "From November to February you use about %(units)s units in 30 days. The difference from summer is for "
            "heating: geyser, immersion rod, room heater.",
            units=tip.other,
        ),
        saved,
    )


def _slab(tip: SavingTip) -> tuple[str, str, str]:
    return (
        ngettext(
            "%(num)s unit above %(border)s",
            "%(num)s units above %(border)s",
            tip.figure,
            border=tip.other,
        ),
        _(
            "From %(border)s units on each unit costs more. The bill of %(month)s is a little above that.",
            border=tip.other,
            month=month_of(tip.bill_month),
        ),
        ngettext(
            "The units above it cost %(rupees)s on this bill.",
            "On %(num)s bills you were a little above such a border: these units cost %(rupees)s.",
            tip.bills,
            rupees=rupees(tip.paise),
        ),
    )


def _sanctioned_load(tip: SavingTip) -> tuple[str, str, str]:
    return (
        _("Your sanctioned load may be larger than you need"),
        _(
            "You pay the fixed charge for %(load)s. With this load switched on, %(minutes)s minutes a day give all "
            "the units of %(month)s, your highest month. Add up what you switch on at the same time. If it is less, "
            "you can request a lower load.",
            load=kilowatts(tip.other),
            month=month_of(tip.bill_month),
            minutes=tip.figure,
        ),
        _("1 kW less would have saved %(rupees)s on these bills.", rupees=rupees(tip.paise)),
    )


_WORDS: dict[TipCode, Callable[[SavingTip], tuple[str, str, str]]] = {
    TipCode.STANDING_LOAD: _standing_load,
    TipCode.SUMMER: _season,
    TipCode.WINTER: _season,
    TipCode.SLAB: _slab,
    TipCode.SANCTIONED_LOAD: _sanctioned_load,
}
