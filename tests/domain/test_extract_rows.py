"""Good, doubtful and bad rows of an extract."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.extracts import EXTRACTS, KnownValues, RowRefused, layout, row_rule
from wss.domain.tariff import Charges, Component, Rate, charge, rates_on

FOLDER = Path(__file__).parents[1] / "extracts"
KNOWN = KnownValues(
    {
        "office": {"A", "A-S1"},
        "subdivision": {"A-S1"},
        "category": {"LMV-1U"},
        "kind": {"*", "BILL_CORRECTION"},
    }
)
GOOD = {
    "connections": {
        "account_no": "1004283671",
        "network": "urban",
        "subdivision_code": "A-S1",
        "consumer_name": "Anita Verma",
        "address": "7, Gram Amarpur",
        "pincode": "226001",
        "mobile": "6000000001",
        "email": "a@example.in",
        "category": "LMV-1U",
        "sanctioned_load_kw": "2.5",
        "billing_unit": "kWh",
        "meter_no": "UP123",
        "multiplying_factor": "1",
        "status": "active",
        "connected_on": "2015-08-14",
    },
    "bills": {
        "bill_no": "251100000000",
        "sbm_bill_no": "S1",
        "account_no": "1004283671",
        "bill_month": "2025-11",
        "period_from": "2025-11-01",
        "period_to": "2025-11-30",
        "previous_reading": "4686",
        "current_reading": "4745",
        "units": "59",
        "bill_basis": "MU",
        "issue_date": "2025-12-06",
        "due_date": "2025-12-20",
        "fixed_charge": "110.00",
        "energy_charge": "324.50",
        "electricity_duty": "21.73",
        "other_charge": "0.00",
        "arrears": "-12.50",
        "amount": "443.73",
        "paid_amount": "0.00",
        "paid_on": "",
        "surcharge": "",
        "multiplying_factor": "1.5",
        "load_kw": "2",
        "category": "LMV-1U",
        "meter_no": "UP123",
    },
    "offices": {
        "code": "A-S1",
        "parent_code": "A",
        "level": "division",
        "name": "One",
        "name_hi": "एक",
        "phone": "",
        "email": "",
        "pooled": "no",
        "close_on_silence": "",
        "payment_rule": "",
        "payment_rule_hi": "",
        "payment_rule_source": "",
        "interim_rule": "",
        "interim_months": "",
        "interim_source": "",
        "interim_source_hi": "",
        "interim_on": "",
        "batch_approval": "",
        "batch_each": "",
        "batch_day": "",
        "batch_maker": "",
        "batch_sample_percent": "",
        "batch_source": "",
    },
    "tariff": {
        "category": "LMV-1U",
        "effective_from": "2023-06-01",
        "component": "energy",
        "slab_from": "0",
        "slab_to": "150",
        "rate_paise": "550",
        "unit": "per unit",
        "source_note": "placeholder",
        "proration": "",
    },
}


def taken(table, **cells):
    """Return the values of a row, by field, and its warnings."""
    row = {**GOOD[table], **cells}
    values, warnings = row_rule(EXTRACTS[table], KNOWN)(list(row.values()))
    return dict(zip(EXTRACTS[table].fields, values, strict=True)), [tuple(one) for one in warnings]


def refusal(table, **cells):
    with pytest.raises(RowRefused) as caught:
        taken(table, **cells)
    return caught.value.column, caught.value.code


def rows_of(name):
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_good_connection_is_imported_unchanged():
    values, warnings = taken("connections")

    assert values["sanctioned_load_w"] == 2500
    assert values["multiplying_factor_milli"] == 1000
    assert values["mobile_on_record"] == "6000000001"
    assert values["connected_on"] == "2015-08-14"
    assert warnings == []


def test_amounts_become_paise():
    values, _ = taken("bills")

    assert (values["energy_charge_paise"], values["arrears_paise"], values["paid_on"]) == (32450, -1250, None)


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("account_no", " 1004 283-671 ", "account_no", "1004283671"),
        ("account_no", "१००४२८३६७१", "account_no", "1004283671"),
        ("mobile", "+91 60000 00001", "mobile_on_record", "6000000001"),
        ("mobile", "06000000001", "mobile_on_record", "6000000001"),
        ("mobile", " ", "mobile_on_record", None),
        ("consumer_name", "=cmd|' /C calc'!A0", "consumer_name", "=cmd|' /C calc'!A0"),
        ("consumer_name", "<script>alert(1)</script>", "consumer_name", "<script>alert(1)</script>"),
        ("consumer_name", " Anita\n\u202eVerma ", "consumer_name", "Anita Verma"),
        ("consumer_name", "क\u094d\u200dष", "consumer_name", "क\u094d\u200dष"),
        ("billing_unit", "KVAH", "billing_unit", "kVAh"),
        ("sanctioned_load_kw", "१०", "sanctioned_load_w", 10_000),
        ("connected_on", "२०१५-०८-१४", "connected_on", "2015-08-14"),
        ("multiplying_factor", "", "multiplying_factor_milli", 1000),
        ("pincode", "", "pincode", ""),
    ],
)
def test_a_cell_is_normalised(column, cell, field, value):
    values, warnings = taken("connections", **{column: cell})

    assert values[field] == value
    assert warnings == []


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("mobile", "05224567890", "mobile_landline"),
        ("mobile", "none", "mobile_not_digits"),
        ("email", "not an address", "email_malformed"),
    ],
)
def test_a_doubtful_cell_is_dropped_with_a_warning_and_the_row_taken(column, cell, code):
    values, warnings = taken("connections", **{column: cell})

    assert values[f"{column}_on_record"] is None
    assert warnings == [(column, code)]


BAD_CELLS = {
    "connections": [
        ("account_no", "12345", "account_no_length"),
        ("account_no", "", "account_no_missing"),
        ("network", "hilly", "unknown_network"),
        ("subdivision_code", "NO-SUCH", "unknown_subdivision"),
        ("subdivision_code", "A", "unknown_subdivision"),
        ("consumer_name", " ", "missing"),
        ("consumer_name", "x" * 201, "too_long"),
        ("consumer_name", "\udcff", "not_text"),
        ("pincode", "12345", "pincode_malformed"),
        ("mobile", "60000", "mobile_length"),
        ("category", "LMV-99", "unknown_category"),
        ("sanctioned_load_kw", "two", "not_a_number"),
        ("sanctioned_load_kw", "-1", "not_a_number"),
        ("billing_unit", "kW", "unknown_unit"),
        ("multiplying_factor", "0", "beyond_reason"),
        ("status", "asleep", "unknown_status"),
        ("connected_on", "31-02-2020", "not_a_date"),
        ("connected_on", "2020-02-31", "not_a_date"),
        ("connected_on", "20200228", "not_a_date"),
        ("connected_on", "", "missing"),
        ("connected_on", "0001-01-01", "beyond_reason"),
    ],
    "bills": [
        ("bill_no", "A" * 21, "bill_no_length"),
        ("bill_month", "2025-13", "not_a_month"),
        ("units", "-5", "not_a_whole_number"),
        ("units", "59.5", "not_a_whole_number"),
        ("bill_basis", "XYZ", "unknown_basis"),
        ("issue_date", "2026-13-01", "not_a_date"),
        ("amount", "1,234.50", "not_an_amount"),
        ("amount", "12.345", "not_an_amount"),
        ("amount", "12345678901234567890.00", "beyond_reason"),
        ("amount", "", "not_an_amount"),
        ("energy_charge", "-1.00", "negative_amount"),
        ("period_to", "2025-10-31", "before_period_from"),
        ("due_date", "2025-12-05", "before_issue_date"),
        ("current_reading", "", "missing"),
    ],
    "tariff": [("unit", "per kW per month", "unknown_unit")],
}


@pytest.mark.parametrize(
    ("table", "column", "cell", "code"), [(table, *row) for table, rows in BAD_CELLS.items() for row in rows]
)
def test_a_bad_cell_refuses_its_row(table, column, cell, code):
    assert refusal(table, **{column: cell}) == (column, code)


def test_an_unmetered_bill_goes_without_readings():
    values, _ = taken("bills", bill_basis="UM", previous_reading="", current_reading="")

    assert (values["previous_reading"], values["current_reading"]) == (0, 0)


def test_only_a_discom_has_no_office_above_it():
    assert refusal("offices", parent_code="") == ("parent_code", "missing")
    assert refusal("offices", level="discom") == ("parent_code", "discom_has_no_parent")


def test_a_payment_rule_is_a_discoms_in_both_languages_and_with_its_source():
    rule = {
        "payment_rule": "Pay on time.",
        "payment_rule_hi": "समय पर जमा करें।",
        "payment_rule_source": "order 7",
    }
    discom = {"level": "discom", "parent_code": ""}

    assert taken("offices", **discom, **rule)[0]["payment_rule_hi"] == "समय पर जमा करें।"
    for name in rule:
        assert refusal("offices", **discom, **{**rule, name: ""}) == (name, "missing")
    assert refusal("offices", **rule) == ("payment_rule", "only_for_discoms")


def test_an_interim_rule_is_a_discoms_with_months_and_source_and_off_until_it_is_switched_on():
    rule = {
        "interim_rule": "average_charged",
        "interim_months": "6",
        "interim_source": "order 9",
        "interim_source_hi": "आदेश 9",
    }
    discom = {"level": "discom", "parent_code": ""}

    row = taken("offices", **discom, **rule)[0]
    assert (row["interim_months"], row["interim_on"]) == (6, False)
    for name in rule:
        assert refusal("offices", **discom, **{**rule, name: ""}) == (name, "missing")
    assert refusal("offices", **discom, interim_on="yes") == ("interim_rule", "missing")
    assert refusal("offices", **discom, **{**rule, "interim_rule": "half"}) == (
        "interim_rule",
        "unknown_rule",
    )
    assert refusal("offices", **rule) == ("interim_rule", "only_for_discoms")


BATCH = {
    "level": "discom", "parent_code": "", "batch_approval": "yes", "batch_each": "2000", "batch_day": "50000",
    "batch_maker": "20000", "batch_sample_percent": "10", "batch_source": "order 8",
}  # fmt: skip


def test_approving_together_is_switched_on_for_a_discom_with_all_its_rules_and_their_source():
    assert taken("offices", **BATCH)[0]["batch_day_paise"] == 50_000_00
    for name in list(BATCH)[3:]:
        assert refusal("offices", **{**BATCH, name: ""}) == (name, "missing")
    assert refusal("offices", **{**BATCH, "level": "zone", "parent_code": "A"})[1] == "only_for_discoms"


@pytest.mark.parametrize("wrong", [{"batch_each": "20000.01"}, {"batch_maker": "50000.01"}])
def test_a_proposal_is_within_its_makers_sum_and_that_within_the_offices(wrong):
    assert refusal("offices", **{**BATCH, **wrong}) == ("batch_day", "sums_out_of_order")


def test_the_documents_that_help_are_named_in_both_languages():
    row = rows_of("catalogue")[0]
    english, hindi = row["documents_help"], row["documents_help_hi"]

    assert english and hindi
    for name in ("documents_help", "documents_help_hi"):
        with pytest.raises(RowRefused, match=name):
            row_rule(EXTRACTS["catalogue"], KNOWN)(list({**row, name: ""}.values()))


def test_a_slab_ends_after_it_begins():
    assert refusal("tariff", slab_from="150", slab_to="150") == ("slab_to", "before_slab_from")


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(RowRefused, match="wrong_number_of_columns"):
        row_rule(EXTRACTS["reasons"], KNOWN)(["one", "two"])


def test_columns_may_be_in_any_order_and_others_are_ignored():
    assert layout(EXTRACTS["reasons"], ["name_hi", " Code ", "reason", "name"]) == (1, 3, 0)


@pytest.mark.parametrize(
    ("header", "code"),
    [(["code", "name"], "column_missing"), (["code", "code"], "column_twice"), ([], "column_missing")],
)
def test_a_header_that_lacks_a_column_refuses_the_file(header, code):
    with pytest.raises(RowRefused) as caught:
        layout(EXTRACTS["reasons"], header)

    assert caught.value.code == code


@pytest.mark.parametrize("table", EXTRACTS)
@given(data=st.data())
def test_no_cell_whatever_breaks_a_rule(table, data):
    check = row_rule(EXTRACTS[table], KNOWN)
    cells = data.draw(st.lists(st.text(max_size=12), min_size=len(EXTRACTS[table].columns), max_size=25))

    try:
        values, _ = check(cells)
    except RowRefused as refused:
        assert refused.code
    else:
        assert len(values) == len(EXTRACTS[table].columns)


def test_every_bill_of_the_extract_recomputes_to_the_paisa():
    rates = [
        Rate(
            row["category"],
            date.fromisoformat(row["effective_from"]),
            Component(row["component"]),
            int(row["rate_paise"]),
            int(row["slab_from"] or 0),
            int(row["slab_to"]) if row["slab_to"] else None,
        )
        for row in rows_of("tariff")
    ]
    connections = {row["account_no"]: row for row in rows_of("connections")}
    for bill in rows_of("bills"):
        connection = connections[bill["account_no"]]
        in_force = rates_on(rates, connection["category"], date.fromisoformat(bill["issue_date"]))
        charges = charge(in_force, int(bill["units"]), int(connection["sanctioned_load_kw"]) * 1000)
        issued = (bill[f"{part}"] for part in ("fixed_charge", "energy_charge", "electricity_duty"))
        assert charges == Charges(*(int(amount.replace(".", "")) for amount in issued)), bill["bill_no"]


def test_the_extract_holds_every_basis():
    assert {row["bill_basis"] for row in rows_of("bills")} == {
        "MU", "MIN", "UM", "ASS", "CEIL", "CDF", "NA", "NR", "PROV", "IDF", "RDF", "ADF",
    }  # fmt: skip


@pytest.mark.parametrize("table", ["connections", "bills"])
def test_good_rows_have_the_same_values_together_as_one_by_one(table):
    rule, cells = row_rule(EXTRACTS[table], KNOWN), list(GOOD[table].values())

    assert rule.values_of_good([cells, cells]) == [rule(cells)[0]] * 2


def test_rows_are_not_parsed_together_when_one_is_refused_or_has_a_warning():
    rule, good = row_rule(EXTRACTS["connections"], KNOWN), GOOD["connections"]

    for bad in ({**good, "more": ""}, {**good, "account_no": "short"}, {**good, "mobile": "0522-2345678"}):
        assert rule.values_of_good([list(good.values()), list(bad.values())]) is None
