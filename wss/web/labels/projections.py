"""The projection of the next bill in words, compared with the budget; and what prevents a projection."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.number_words import grouped_rupees
from wss.domain.projection import Projection, ProjectionObstacle
from wss.services.alerts.readings import NextBill
from wss.web.filters import month_of

OBSTACLES: dict[ProjectionObstacle, LazyString] = {
    ProjectionObstacle.BELOW_LAST: _l(
        "This is lower than the reading on your last bill. Check every digit on the meter. If the meter was replaced,"
        " wait for the next bill."
    ),
    ProjectionObstacle.DOUBTFUL: _l(
        "This is more than your load can use in this time. Check every digit on the meter, and leave out the digit"
        " after the decimal point."
    ),
    ProjectionObstacle.NO_BILL: _l("There is no bill yet. After the first one you can type a reading here."),
    ProjectionObstacle.NOT_READ: _l(
        "Your last bill is not based on a meter reading, so the next one cannot be projected from yours."
    ),
    ProjectionObstacle.TOO_EARLY: _l("Your last bill ends today. Type a reading from tomorrow on."),
    ProjectionObstacle.TOO_LATE: _l(
        "Your next bill should be here by now. You can type a reading again after it."
    ),
}


def obstacle_words(obstacle: ProjectionObstacle | None) -> LazyString | None:
    """Return what prevents a projection, in words."""
    return OBSTACLES[obstacle] if obstacle else None


def projection_lines(next_bill: NextBill) -> list[str]:
    """Return the projection in sentences: what was used, what the bill will be, between what it lies."""
    found = next_bill.projection
    if found is None:
        return []
    return [line for line in (_used(found), _expected(found), _range(found)) if line]


def budget_words(next_bill: NextBill) -> str:
    """Return the comparison with the budget; empty without a budget or a projection."""
    found, budget = next_bill.projection, next_bill.budget
    if found is None or not budget.is_set:
        return ""
    if budget.paise is not None and found.expected.paise is None:
        return _(
            "The tariff of your connection is not known here. Give the budget in units instead of rupees."
        )
    limit = (
        whole_rupees(budget.paise) if budget.paise is not None else _("%(units)s units", units=budget.units)
    )
    if next_bill.is_above_budget:
        return _("This will probably be more than your budget of %(limit)s.", limit=limit)
    if next_bill.may_be_above_budget:
        return _("This may be more than your budget of %(limit)s.", limit=limit)
    return _("This is within your budget of %(limit)s.", limit=limit)


def whole_rupees(paise: int) -> str:
    """Return an amount that is not exact to the paisa in whole rupees: ₹ 1,235."""
    return "₹ " + grouped_rupees((paise + 50) // 100 * 100)[: -len(".00")]


def _used(found: Projection) -> str:
    return _(
        "By your reading %(reading)s you have used %(units)s units in %(days)s days since the last bill.",
        reading=found.given.reading,
        units=found.used,
        days=found.days,
    )


def _expected(found: Projection) -> str:
    month, units = month_of(found.bill_month), found.expected.units
    if found.expected.paise is None:
        return _("The bill for %(month)s will be about %(units)s units.", month=month, units=units)
    return _(
        "The bill for %(month)s will be about %(units)s units: %(amount)s, without arrears.",
        month=month,
        units=units,
        amount=whole_rupees(found.expected.paise),
    )


def _range(found: Projection) -> str:
    """Return between what the bill lies; nothing on the last day, when both ends are the same."""
    low, high = found.low, found.high
    if low == high:
        return ""
    if low.paise is None or high.paise is None:
        return _("It may be between %(low)s and %(high)s units.", low=low.units, high=high.units)
    return _(
        "It may be between %(low)s and %(high)s.", low=whole_rupees(low.paise), high=whole_rupees(high.paise)
    )


PROJECTION_LABELS: dict[str, Any] = {
    word.__name__: word for word in (obstacle_words, projection_lines, budget_words)
}
