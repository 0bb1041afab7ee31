"""Synthetic connections and bills: any number of them, the same for the same seed, without real data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from wss.demo.demo_size import DEMO_LOGINS
from wss.demo.places import name_and_address
from wss.domain.extracts.billing import BillBasis
from wss.domain.tariff import WATTS_PER_KW, Charges, Rate, charge, rates_on

MONTHS = 12
OWN_FACTS = 5
Row = tuple[str, ...]

# Use by the month, against the average month: coolers and fans from April to September, little in winter.
SEASON = (0.76, 0.72, 0.78, 1.02, 1.3, 1.42, 1.36, 1.28, 1.16, 0.92, 0.74, 0.76)
# These connections are neighbours, whose last bills are all provisional: the reader did not come.
CLUSTER = range(DEMO_LOGINS, DEMO_LOGINS + 24)
_CLUSTER_PLACE, _CLUSTER_PINCODE = "मोहल्ला नगला पदी, दयालबाग, आगरा", "282005"
_LOADS_KW = (1, 1, 1, 2, 2, 2, 3, 4, 5)
_LARGE_LOADS_KW = (5, 10, 25, 50)
_CEILING_PER_KW = 800

_WORTH_DISPUTING = ((10, BillBasis.PROVISIONAL), (11, BillBasis.NOT_READ))
# How a meter develops over the year: which basis from which month on, else metered. Weighted: most meters are fine.
_WEIGHTS, _METER_HISTORIES = zip(
    (60, ()),
    (8, _WORTH_DISPUTING),
    (5, ((4, BillBasis.NOT_ACCESSIBLE), (5, BillBasis.PROVISIONAL), (11, BillBasis.METERED))),
    (6, ((8, BillBasis.IDENTIFIED_DEFECTIVE), (10, BillBasis.ASSESSED))),
    (5, ((11, BillBasis.READING_DEFECTIVE),)),
    (4, ((11, BillBasis.CEILING_DEFECT),)),
    (3, ((10, BillBasis.CEILING),)),
    (4, ((7, BillBasis.APPEARS_DEFECTIVE), (9, BillBasis.METERED))),
    (3, ((6, BillBasis.MINIMUM),)),
    (2, ((0, BillBasis.UNMETERED),)),
    strict=True,
)
_STICKS = {
    BillBasis.IDENTIFIED_DEFECTIVE,
    BillBasis.ASSESSED,
    BillBasis.MINIMUM,
    BillBasis.UNMETERED,
    BillBasis.APPEARS_DEFECTIVE,
}


@dataclass(frozen=True)
class SyntheticWorld:
    """The inputs for synthetic connections: seed, sub-divisions, rates, today's date, the last month billed."""

    seed: int
    subdivisions: Sequence[str]
    rates: Sequence[Rate]
    today: date
    last_month: date

    def months(self) -> list[date]:
        """Return the first days of the months billed, oldest first."""
        number = self.last_month.year * 12 + self.last_month.month - 1
        return [date(at // 12, at % 12 + 1, 1) for at in range(number - MONTHS + 1, number + 1)]


def last_billed_month(today: date) -> date:
    """Return the last month whose bills are all issued: bills follow within a week of the month's end."""
    end_of_last = (today - timedelta(days=7)).replace(day=1) - timedelta(days=1)
    return end_of_last.replace(day=1)


def connection(world: SyntheticWorld, index: int) -> Row:
    """Return a connection by its index, as a row of connections.csv."""
    chance = Random(f"{world.seed}:{index}")  # noqa: S311  nothing secret hangs on it
    network = ("urban", "rural")[index % 2]
    home = "LMV-1U" if network == "urban" else "LMV-1R"
    category = home if index < CLUSTER.stop else chance.choices((home, "LMV-2", "LMV-6"), (84, 12, 4))[0]
    load = chance.choice(_LOADS_KW if category.startswith("LMV-1") else _LARGE_LOADS_KW)
    subdivision = world.subdivisions[index % len(world.subdivisions)]
    name, address, pincode = name_and_address(chance, network, subdivision)
    if index in CLUSTER:
        subdivision = world.subdivisions[0]
        address, pincode = f"{index * 7}, {_CLUSTER_PLACE}", _CLUSTER_PINCODE
    has_mobile = index < DEMO_LOGINS or chance.random() < 0.8
    has_email = index < DEMO_LOGINS or chance.random() < 0.3
    return (
        account_no(world, index),
        network,
        subdivision,
        name,
        address,
        pincode,
        mobile_of(world, index) if has_mobile else "",
        f"c{index}@example.in" if has_email else "",
        category,
        str(load),
        "kVAh" if load >= 25 else "kWh",
        f"UP{chance.randrange(10_000_000, 99_999_999)}",
        "1",
        "disconnected" if index >= CLUSTER.stop and chance.random() < 0.04 else "active",
        (date(2003, 1, 1) + timedelta(days=chance.randrange(8000))).isoformat(),
    )


def account_no(world: SyntheticWorld, index: int) -> str:
    """Return an account number: ten digits in urban networks, twelve in rural ones.

    The step has no common divisor with the range, so that no number occurs twice.
    """
    if index % 2 == 0:
        return str(1_000_000_000 + (world.seed * 611_953 + index * 4_178_903_411) % 9_000_000_000)
    return str(400_000_000_000 + (world.seed * 611_953 + index * 41_789_034_101) % 500_000_000_000)


def mobile_of(world: SyntheticWorld, index: int) -> str:
    """Return the mobile number of a connection."""
    return f"6{(world.seed * 7_919 + index * 104_729) % 1_000_000_000:09d}"


def bill_no(month: date, index: int) -> str:
    """Return the number of a connection's bill for a month."""
    return f"{month:%y%m}{index:08d}"


def bills(world: SyntheticWorld, index: int, of: Row) -> Iterator[Row]:
    """Yield the bills of a connection, as rows of bills.csv, oldest first."""
    chance = Random(f"{world.seed}:{index}:bills")  # noqa: S311
    load_w, category = int(of[9]) * WATTS_PER_KW, of[8]
    meter_history = dict(
        _WORTH_DISPUTING if index < DEMO_LOGINS else chance.choices(_METER_HISTORIES, _WEIGHTS)[0]
    )
    if index in CLUSTER:
        meter_history = {MONTHS - 1: BillBasis.PROVISIONAL}
    usual = max(12, int(int(of[9]) * chance.randrange(25, 70)))
    reading, basis, arrears = chance.randrange(100, 9000), BillBasis.METERED, 0
    # Who pays a bill pays the arrears in it: the bills before are paid with it.
    unpaid: list[tuple[Row, int]] = []
    for number, month in enumerate(world.months()):
        basis = meter_history.get(number, basis if basis in _STICKS else BillBasis.METERED)
        units, current = _consumption(basis, _use_in(month, usual, chance), reading, int(of[9]))
        issued = _next_month(month) + timedelta(days=chance.randrange(1, 6))
        charges = charge(rates_on(world.rates, category, issued), units, load_w)
        amount = charges.total + arrears
        paid_on = issued + timedelta(days=chance.randrange(2, 25))
        is_paid = chance.random() < 0.85 and paid_on <= world.today
        row = (
            bill_no(month, index),
            f"S{number:02d}{index:08d}" if index % 4 else "",
            of[0],
            f"{month:%Y-%m}",
            month.isoformat(),
            (_next_month(month) - timedelta(days=1)).isoformat(),
            *_readings(basis, reading, current),
            str(units),
            basis.value,
            issued.isoformat(),
            (issued + timedelta(days=14)).isoformat(),
            *money_columns(charges, arrears),
            rupees(amount),
        )
        unpaid.append((row, amount))
        if is_paid:
            yield from (_with_payment(*each, paid_on) for each in unpaid)
            unpaid.clear()
        reading, arrears = current, 0 if is_paid else amount
    yield from (_with_payment(row, 0, None) for row, _ in unpaid)


def _use_in(month: date, usual: int, chance: Random) -> int:
    return round(usual * SEASON[month.month - 1] * chance.randrange(80, 120) / 100)


def _with_payment(row: Row, paid_paise: int, paid_on: date | None) -> Row:
    """Return a bill with its payment; the facts as of its issue are those of the connection."""
    return (*row, rupees(paid_paise), paid_on.isoformat() if paid_on else "", *("",) * OWN_FACTS)


def rupees(paise: int) -> str:
    """Format an amount in paise as extracts have it."""
    return f"{paise // 100}.{paise % 100:02d}"


def _consumption(basis: BillBasis, units: int, reading: int, load_kw: int) -> tuple[int, int]:
    """Return the units billed and the next reading: only the units of a metered bill are those of the meter."""
    if basis is BillBasis.METERED:
        return units, reading + units
    if basis is BillBasis.CEILING_DEFECT:
        excess = _CEILING_PER_KW * load_kw + units
        return excess, reading + excess
    if basis is BillBasis.CEILING:
        return _CEILING_PER_KW * load_kw, reading + _CEILING_PER_KW * load_kw + units
    if basis is BillBasis.READING_DEFECTIVE:
        return units, max(0, reading - units)
    return (0 if basis is BillBasis.MINIMUM else units), reading


def _readings(basis: BillBasis, previous: int, current: int) -> tuple[str, str]:
    return ("", "") if basis is BillBasis.UNMETERED else (str(previous), str(current))


def money_columns(charges: Charges, arrears: int) -> tuple[str, ...]:
    """Return the charges and arrears of a bill as its extract has them."""
    parts = (charges.fixed, charges.energy, charges.duty, 0, arrears)
    return tuple(rupees(part) for part in parts)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
