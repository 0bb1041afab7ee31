"""A bill explained line by line: to its consumer, to 1912 for a verified caller, and to the office of its complaint."""

from datetime import date

import pytest

from tests.factories import Household, a_bill, a_connection, given
from tests.fixtures.bill_revision import change
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.helpdesk_calls import opened, verified
from tests.fixtures.high_bill import make_high
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.web.test_helpdesk_pages import seated
from wss.models import Bill

OTHER_ACCOUNT, OTHER_BILL = "7950761939", "101000000099"


def path_of(family: Household, bill_no: str = "") -> str:
    return f"/account/{family.account_no}/bills/{bill_no or family.bill_no}/explained"


def explained(visitor: Visitor, family: Household, bill_no: str = "") -> Page:
    return visitor.get(path_of(family, bill_no))


def facts_of(page: Page) -> list[str]:
    """Return the text of each row."""
    rows = page.root.iterfind(".//{*}dl/{*}div")
    return [" ".join("".join(row.itertext()).split()) for row in rows]


def insert_a_year_ago(family: Household) -> None:
    """Insert the bill of October 2025: 1 kW, 100 units at 5.50, 5 % duty, arrears of 7.00."""
    given(
        a_bill(
            "101000000090",
            family.account_no,
            bill_month="2025-10",
            period_from=date(2025, 10, 1),
            period_to=date(2025, 10, 30),
            issue_date=date(2025, 11, 6),
            load_w=1000,
            category="LMV-1U",
            fixed_charge_paise=110_00,
            energy_charge_paise=550_00,
            electricity_duty_paise=33_00,
            arrears_paise=7_00,
            amount_paise=700_00,
        )
    )


def test_the_bill_leads_to_its_lines_which_sum_to_the_total(consumer_visitor: Visitor, family: Household):
    make_high(family)

    assert (
        path_of(family) in consumer_visitor.get(f"/account/{family.account_no}/bills/{family.bill_no}").links
    )
    assert facts_of(explained(consumer_visitor, family))[:8] == [
        "Fixed charge2 kW × ₹ 110.00 × 1 month₹ 220.00",
        "Units up to 150150 units × ₹ 5.50₹ 825.00",
        "Units above 150, up to 300150 units × ₹ 6.00₹ 900.00",
        "Units above 300508 units × ₹ 6.50₹ 3,302.00",
        "Electricity duty5 % tax on fixed charge and units: ₹ 5,247.00₹ 262.35",
        "Total₹ 5,509.35",
        "Left to payNo payment is recorded.₹ 5,509.35",
        "Period01-10-2026 – 30-10-2026: 30 days, counted as 1 month",
    ]


def test_the_difference_is_shared_out_to_its_factors(consumer_visitor: Visitor, family: Household):
    make_high(family)
    insert_a_year_ago(family)

    page = explained(consumer_visitor, family)

    assert facts_of(page)[-3:] == [
        "Load2 kW instead of 1 kW+₹ 115.50",
        "Units808 instead of 100+₹ 4,700.85",
        "Arrears₹ 0.00 instead of ₹ 7.00−₹ 7.00",
    ]
    assert "₹ 4,809.35 more than in October 2025" in page.text
    assert "The same in both: Tariff, Category, Days." in page.text


def test_what_the_tariff_does_not_give_is_said(consumer_visitor: Visitor, family: Household):
    make_high(family)
    facts = {"load_w": 2000, "category": "LMV-1U", "fixed_charge_paise": 230_00, "amount_paise": 5519_35}
    change(Bill, family.bill_no, **facts)

    page = explained(consumer_visitor, family)

    assert (
        "Fixed charge: not explainedThe stored tariff does not give this part of the bill.₹ 10.00"
        in facts_of(page)
    )
    assert "The tariff stored here does not give all of this bill." in page.text


def test_the_bar_names_its_parts_and_what_was_taken_off(consumer_visitor: Visitor, family: Household):
    make_high(family)
    facts = {"load_w": 2000, "category": "LMV-1U", "arrears_paise": -509_35, "amount_paise": 5000_00}
    change(Bill, family.bill_no, **facts)

    words = (
        "From left to right: Fixed charge 4 %, Energy charge 91 %, Electricity duty 5 %. "
        "Taken off: Arrears ₹ 509.35."
    )
    assert words in " ".join(explained(consumer_visitor, family).text.split())


def test_rates_that_began_within_the_period_are_named(consumer_visitor: Visitor, family: Household):
    make_high(family)
    change(Bill, family.bill_no, period_from=date(2023, 5, 20))

    assert "rates since 01-06-2023. They are newer" in explained(consumer_visitor, family).text


def test_without_a_tariff_the_bill_is_shown_as_billed(consumer_visitor: Visitor, family: Household):
    page = explained(consumer_visitor, family)

    assert facts_of(page)[1].startswith("Energy chargeAs on the bill. It cannot be checked")
    assert "No bill for October 2025 is stored here to compare with." in page.text


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("MU", "it must show 17688 or more"),
        ("PROV", "Otherwise the next reading corrects the units."),
        ("IDF", "Register a complaint about the meter"),
        ("CEIL", "and the load with your connection"),
        ("MIN", "You need not do anything if the load is right."),
        ("UM", "If you have a meter"),
    ],
)
def test_each_basis_says_what_to_do(consumer_visitor: Visitor, family: Household, basis: str, words: str):
    make_high(family)
    change(Bill, family.bill_no, bill_basis=basis)

    assert words in explained(consumer_visitor, family).text


def test_a_replaced_bill_leads_to_the_bill_in_force(consumer_visitor: Visitor, family: Household):
    make_high(family)
    given(a_bill("101000000091", family.account_no, revises=family.bill_no))

    page = explained(consumer_visitor, family)

    assert "This bill is no longer valid." in page.text
    assert path_of(family, "101000000091") in page.links
    assert not any("/requests/new" in link for link in page.links)


def test_a_bill_of_another_connection_is_not_found(consumer_visitor: Visitor, family: Household):
    given(a_connection(OTHER_ACCOUNT))
    given(a_bill(OTHER_BILL, OTHER_ACCOUNT))

    assert explained(consumer_visitor, family, OTHER_BILL).status == 404


def test_the_office_of_a_complaint_opens_it_from_request_and_revision(clerk: Visitor, complainant: Household):
    address = f"/todo/{NUMBER}/bills/{complainant.bill_no}"
    given(a_connection(OTHER_ACCOUNT))
    given(a_bill(OTHER_BILL, OTHER_ACCOUNT))

    assert address in clerk.get(f"/todo/{NUMBER}?lang=en").links
    assert address in clerk.get(f"/todo/{NUMBER}/revision").links
    assert "Line by line" in clerk.get(address).text
    assert clerk.get(f"/todo/{NUMBER}/bills/{OTHER_BILL}").status == 404


def test_the_helpdesk_opens_it_after_the_caller_is_verified(visitor: Visitor, home_on_record: Household):
    desk, bill_no = seated(visitor, "H1"), home_on_record.bill_no

    before = opened(home_on_record)
    assert desk.get(f"/helpdesk/calls/{before}/bills/{bill_no}").status == 404
    call = f"/helpdesk/calls/{verified(home_on_record)}"
    assert f"{call}/bills/{bill_no}" in desk.get(call).links
    assert "Line by line" in desk.get(f"{call}/bills/{bill_no}").text
    given(a_connection(OTHER_ACCOUNT))
    given(a_bill(OTHER_BILL, OTHER_ACCOUNT))
    assert desk.get(f"{call}/bills/{OTHER_BILL}").status == 404


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_page_with_most_lines_stays_small(consumer_visitor: Visitor, family: Household, language: str):
    make_high(family)
    insert_a_year_ago(family)
    facts = {"load_w": 2000, "category": "LMV-1U", "fixed_charge_paise": 230_00, "other_charge_paise": -1_00}
    facts |= {
        "arrears_paise": 12_00,
        "surcharge_paise": 3_00,
        "paid_amount_paise": 5_00,
        "paid_on": date(2026, 11, 9),
    }
    change(Bill, family.bill_no, bill_basis="PROV", **facts)
    consumer_visitor.client.set_cookie("wss_language", language)
    consumer_visitor.get("/account")

    answer = consumer_visitor.client.get(path_of(family), headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) + len(str(answer.headers)) <= 5_000
