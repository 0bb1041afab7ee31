"""The pages of a logged-in consumer: own connections, bills and requests, and no others."""

from typing import Any

import pytest

from tests.factories import (
    Household,
    a_household,
    a_service_request,
    bill_correction,
    given,
    sign_in,
)
from tests.fixtures.site import Visitor


@pytest.fixture
def household(app: Any) -> Household:
    """Return a registered household and the catalogue's bill correction."""
    given(*bill_correction())
    return a_household()


@pytest.fixture
def consumer_visitor(visitor: Visitor, household: Household) -> Visitor:
    """Return the household's consumer, logged in, reading English."""
    sign_in(visitor, household.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def test_the_account_page_shows_connections_and_requests(consumer_visitor: Visitor, household: Household):
    a_service_request(household)

    page = consumer_visitor.get("/account")

    assert page.status == 200
    assert "7950 761 921" in page.text and "100 0000 0016" in page.text
    assert f"/account/{household.account_no}" in page.links


def test_a_consumer_without_requests_is_informed_of_it(consumer_visitor: Visitor):
    assert "No service request yet." in consumer_visitor.get("/account").text


def test_a_service_chosen_before_signing_in_leads_to_its_form(
    consumer_visitor: Visitor, household: Household
):
    page = consumer_visitor.get("/account?request=BILL_CORRECTION")

    assert page.location.startswith(f"/account/{household.account_no}/requests/new?")


def test_a_connection_shows_its_details(consumer_visitor: Visitor, household: Household):
    page = consumer_visitor.get(f"/account/{household.account_no}")

    assert "Pooja Sharma" in page.text and "UP32550680" in page.text and "05222140891" in page.text


def test_the_mobile_on_record_is_masked(consumer_visitor: Visitor, household: Household):
    page = consumer_visitor.get(f"/account/{household.account_no}")

    assert "••••••••10" in page.text and "8539436110" not in page.html


def test_bills_are_listed_newest_first(consumer_visitor: Visitor, household: Household):
    text = consumer_visitor.get(f"/account/{household.account_no}/bills").text

    assert text.index("October 2026") < text.index("September 2026") < text.index("August 2026")


def test_a_bill_is_shown_line_by_line_with_its_basis_explained(
    consumer_visitor: Visitor, household: Household
):
    page = consumer_visitor.get(f"/account/{household.account_no}/bills/{household.bill_no}")

    assert "₹ 494.28" in page.text and "₹ 750.00" in page.text
    assert "The meter was read. The units are the difference between the two readings." in page.text
    assert any("bill_no=" + household.bill_no in link for link in page.links)


def test_a_bill_can_be_downloaded(consumer_visitor: Visitor, household: Household):
    page = consumer_visitor.get(f"/account/{household.account_no}/bills/{household.bill_no}.pdf")

    assert page.response.data.startswith(b"%PDF-")
    assert page.headers["Content-Disposition"].startswith("attachment; ")


def test_a_disputed_bill_says_in_which_complaint(consumer_visitor: Visitor, household: Household):
    a_service_request(household)

    page = consumer_visitor.get(f"/account/{household.account_no}/bills/{household.bill_no}")

    assert "/requests/10000000016" in page.links
    assert not any("requests/new" in link for link in page.links)


def test_every_page_of_a_signed_in_consumer_is_kept_nowhere(consumer_visitor: Visitor, household: Household):
    a_service_request(household)
    account = f"/account/{household.account_no}"

    for address in ("/account", account, f"{account}/bills", f"{account}/requests", "/requests/10000000016"):
        assert consumer_visitor.get(address).headers["Cache-Control"] == "no-store"


OTHERS = [
    "/account/{account_no}",
    "/account/{account_no}/bills",
    "/account/{account_no}/bills/{bill_no}",
    "/account/{account_no}/bills/{bill_no}.pdf",
    "/account/{account_no}/requests",
    "/account/{account_no}/requests/new",
    "/account/{account_no}/requests/check",
    "/requests/{complaint_no}",
    "/requests/{complaint_no}?v=1",
    "/requests/{complaint_no}/registered",
    "/requests/{complaint_no}/slip.pdf",
    "/requests/{complaint_no}/documents/00000000000000000000000000000000",
]


@pytest.mark.parametrize("address", OTHERS)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_another_consumers_does_not_exist(consumer_visitor: Visitor, address: str, htmx: bool):
    other = a_household("7950761939")
    a_service_request(other, "10000000024")
    names = {"account_no": other.account_no, "bill_no": other.bill_no, "complaint_no": "10000000024"}

    assert consumer_visitor.get(address.format(**names), htmx=htmx).status == 404


@pytest.mark.parametrize("address", OTHERS)
def test_another_connections_bill_is_not_found_under_ones_own(
    consumer_visitor: Visitor, household: Household, address: str
):
    other = a_household("7950761939")
    own = {"account_no": household.account_no, "bill_no": other.bill_no, "complaint_no": "10000000099"}

    if "bill_no" in address or "complaint_no" in address:
        assert consumer_visitor.get(address.format(**own)).status == 404


def test_a_former_owners_requests_are_gone_for_them(consumer_visitor: Visitor, household: Household):
    from wss.db import transaction
    from wss.models import Ownership

    a_service_request(household)
    second = a_household("7950761939", registered=False)
    with transaction() as session:
        ownership = session.query(Ownership).one()
        ownership.account_no = second.account_no

    assert consumer_visitor.get("/requests/10000000016").status == 404
    assert consumer_visitor.get(f"/account/{household.account_no}").status == 404
