"""The page of tips that follow from bills."""

from datetime import date

from tests.factories import Household, a_bill, a_household, address_correction, given, sign_in
from tests.fixtures.bill_revision import tariff_and_limits
from tests.fixtures.site import Visitor


def some_bills(*units: int) -> None:
    """Insert the bills of the months before August 2026, the newest last."""
    given(
        *(
            a_bill(
                f"T{number}",
                bill_month=f"2026-{month:02}",
                period_from=date(2026, month, 1),
                period_to=date(2026, month, 28),
                units=used,
            )
            for number, (month, used) in enumerate(zip(range(8 - len(units), 8), units, strict=True))
        )
    )


def tips_of(visitor: Visitor, home: Household) -> str:
    """Return the text of the page for the consumer of a household."""
    sign_in(visitor, home.consumer)
    return visitor.get(f"/account/{home.account_no}/tips?lang=en").text


def test_a_tip_names_what_it_would_have_saved(visitor: Visitor) -> None:
    tariff_and_limits()
    home = a_household()
    some_bills(100, 100, 158)

    text = tips_of(visitor, home)

    # 8 units above 150 at 6.00 and 5 % duty.
    assert "8 units above 150" in text
    assert "The units above it cost ₹ 50.40 on this bill." in text


def test_a_load_that_is_larger_than_needed_leads_to_the_request_for_a_smaller_one(visitor: Visitor) -> None:
    tariff_and_limits()
    home = a_household(sanctioned_load_w=10_000)
    given(
        *(
            a_bill(
                f"T{month}",
                bill_month=f"{year}-{month:02}",
                period_from=date(year, month, 1),
                period_to=date(year, month, 28),
                units=30,
            )
            for year, month in [(2025, 11), (2025, 12), *((2026, month) for month in range(1, 8))]
        )
    )
    load_change = address_correction()
    load_change.code, load_change.fields = "LOAD_CHANGE", "new_load_kw"
    given(load_change)
    sign_in(visitor, home.consumer)

    links = visitor.get(f"/account/{home.account_no}/tips").links

    assert any("request=LOAD_CHANGE" in link for link in links)


def test_where_nothing_follows_the_page_says_so(visitor: Visitor) -> None:
    tariff_and_limits()
    home = a_household()
    some_bills(8, 6, 4)

    assert "Nothing in your bills shows where you could save." in tips_of(visitor, home)


def test_too_few_readings_and_a_missing_tariff_are_named_as_the_reason(visitor: Visitor) -> None:
    home = a_household()

    assert "There are no rates for your category on record" in tips_of(visitor, home)
    tariff_and_limits()
    assert "Tips need 6 of the last 12 bills with a meter reading. There are 3." in tips_of(visitor, home)
