"""The explanation of a bill: figures computed by hand, to the paisa, and what the tariff does not give."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.domain.test_revision import RATES, a_bill
from wss.domain.bill_explanation import DifferenceFactor, ExplainedLine, difference, explain
from wss.domain.bill_lines import BillComponent
from wss.domain.billed import EffectiveBill
from wss.domain.extracts import EXTRACTS, KnownValues, row_rule
from wss.domain.proration import Proration
from wss.domain.tariff import Component, Rate

EXTRACT_FOLDER = Path(__file__).parents[1] / "extracts"
FACTORS = DifferenceFactor
# 2 kW, September 2026 (30 days), 200 units: 220.00 + 825.00 + 300.00 and 5 % duty 67.25.
BEFORE = a_bill(
    bill_no="B9",
    bill_month="2026-09",
    period_from=date(2026, 9, 1),
    period_to=date(2026, 9, 30),
    charged_on=date(2026, 10, 6),
    units=200,
    load_w=2000,
    category="LMV-1U",
    fixed_charge_paise=220_00,
    energy_charge_paise=1125_00,
    electricity_duty_paise=67_25,
    amount_paise=1412_25,
)


def parts(lines: tuple[ExplainedLine, ...]) -> list[tuple[str, int | None, int]]:
    """Return line, rate and paise."""
    return [(one.line.value, one.by_tariff and one.by_tariff.rate.rate_paise, one.paise) for one in lines]


def test_a_bill_is_explained_row_by_row():
    found = explain(
        a_bill(arrears_paise=-100_50, other_charge_paise=20_00, surcharge_paise=7_25, amount_paise=5667_10),
        RATES,
    )

    # 4 kW * 110.00; 150 * 5.50, 150 * 6.00, 508 * 6.50; 5 % of 5,467.00.
    assert parts(found.lines) == [
        ("fixed_charge", 11000, 440_00),
        ("energy_charge", 550, 825_00),
        ("energy_charge", 600, 900_00),
        ("energy_charge", 650, 3302_00),
        ("electricity_duty", 500, 273_35),
        ("other_charge", None, 20_00),
        ("surcharge", None, 7_25),
        ("arrears", None, -100_50),
    ]
    assert (found.unexplained, found.months) == ((), 1)


def test_parts_of_months_have_parts_of_slabs_that_sum_to_the_rounded_charge():
    rates = [
        Rate("LMV-1U", date(2023, 6, 1), Component.ENERGY, 333, 0, 100, Proration.DAYS_30),
        Rate("LMV-1U", date(2023, 6, 1), Component.ENERGY, 777, 100, None, Proration.DAYS_30),
    ]

    first, second = explain(a_bill(units=150, load_w=0, category="LMV-1U"), rates).lines[:2]

    # 31/30 months: 103 1/3 units at 3.33 are 344.10, 46 2/3 at 7.77 are 362.60.
    assert (first.paise, second.paise) == (344_10, 362_60)


def test_what_the_tariff_does_not_give_is_a_line_of_its_own():
    found = explain(
        a_bill(load_w=4000, category="LMV-1U", fixed_charge_paise=450_00, amount_paise=5750_36), RATES
    )

    assert parts(found.unexplained) == [("fixed_charge", None, 10_00), ("amount", None, 1)]


def test_without_a_tariff_the_charges_are_as_billed():
    found = explain(a_bill(category="LMV-9"), RATES)

    assert not found.has_tariff
    assert [one.paise for one in found.lines] == [440_00, 5027_00, 273_35]


def test_each_factor_has_its_share_in_the_order_of_the_factors():
    newer = [
        Rate("LMV-1U", date(2026, 11, 1), Component.ENERGY, 560, 0, 150),
        Rate("LMV-1U", date(2026, 11, 1), Component.ENERGY, 600, 150, 300),
        Rate("LMV-1U", date(2026, 11, 1), Component.ENERGY, 650, 300),
    ]
    # Two months of 400 units for 4 kW of LMV-2: 2,640.00 + 3,000.00 and 7.5 % duty 423.00; arrears 100.00.
    bill = a_bill(
        period_from=date(2026, 9, 1),
        units=400,
        load_w=4000,
        category="LMV-2",
        fixed_charge_paise=2640_00,
        energy_charge_paise=3000_00,
        electricity_duty_paise=423_00,
        arrears_paise=100_00,
        amount_paise=6163_00,
    )

    found = difference(bill, BEFORE, [*RATES, *newer])

    # Tariff: 150 * 0.10. Load: 2 kW * 110.00. Both with 5 % duty: 1,412.25, 1,428.00, 1,659.00.
    # Category: 1,320.00 + 1,500.00 and 7.5 %: 3,031.50. Two months: 2,640.00 + 1,500.00 and 7.5 %: 4,450.50.
    # Units: 200 * 7.50 and 7.5 %.
    assert [(one.factor, one.paise) for one in found.factors] == [
        (FACTORS.TARIFF, 15_75),
        (FACTORS.LOAD, 231_00),
        (FACTORS.CATEGORY, 1372_50),
        (FACTORS.PERIOD, 1419_00),
        (FACTORS.UNITS, 1612_50),
    ]
    assert parts(found.others) == [("arrears", None, 100_00)]
    assert found.paise == 6163_00 - 1412_25


def test_without_a_tariff_for_both_the_charges_differ_as_billed():
    found = difference(a_bill(category="LMV-9"), BEFORE, RATES)

    assert not found.has_tariff
    assert [one.paise for one in found.others] == [220_00, 3902_00, 206_10]
    assert found.factors == ()


def test_every_bill_of_the_extracts_is_explained_to_the_paisa_with_its_differences():
    rates, count = _rates_of_extract(), 0
    for bills in _bills_of_extract():
        for place, bill in enumerate(bills):
            found = explain(bill, rates)
            assert (sum(one.paise for one in found.lines), found.unexplained) == (bill.amount_paise, ())
            for before in bills[max(0, place - 1) : place] + bills[:1]:
                why = difference(bill, before, rates)
                assert sum(one.paise for one in (*why.factors, *why.others)) == why.paise
                assert {one.line for one in why.others} <= {BillComponent.OTHER_CHARGE, BillComponent.ARREARS}
            count += 1
    assert count >= 360


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (EXTRACT_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _rates_of_extract() -> list[Rate]:
    return [
        Rate(
            row["category"],
            date.fromisoformat(row["effective_from"]),
            Component(row["component"]),
            int(row["rate_paise"]),
            int(row["slab_from"] or 0),
            int(row["slab_to"]) if row["slab_to"] else None,
        )
        for row in _rows("tariff")
    ]


def _bills_of_extract() -> list[list[EffectiveBill]]:
    """Return the bills of each connection as the import reads them, oldest first."""
    rule, extract = row_rule(EXTRACTS["bills"], KnownValues()), EXTRACTS["bills"]
    supplies = {row["account_no"]: row for row in _rows("connections")}
    found: dict[str, list[EffectiveBill]] = {}
    for row in _rows("bills"):
        values = dict(
            zip(extract.fields, rule([row.get(one.name, "") for one in extract.columns])[0], strict=True)
        )
        dates = {name: date.fromisoformat(values[name]) for name in ("period_from", "period_to")}
        supply = supplies[row["account_no"]]
        facts = {
            "charged_on": date.fromisoformat(row["issue_date"]),
            "at_import_load_w": int(float(supply["sanctioned_load_kw"]) * 1000),
            "at_import_category": supply["category"],
        }
        own = {name: value for name, value in values.items() if name in EffectiveBill.__slots__}
        found.setdefault(row["account_no"], []).append(a_bill(**{**own, **dates, **facts}))
    return list(found.values())
