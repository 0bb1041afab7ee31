"""The pages of a logged-in consumer: own connections, bills and requests, and no others."""

from tests.factories import Household, a_service_request, given, request_row
from tests.fixtures.site import Visitor


def test_the_account_page_shows_connections_and_requests(consumer_visitor: Visitor, family: Household):
    a_service_request(family)

    page = consumer_visitor.get("/account")

    assert page.status == 200
    assert "7950 761 921" in page.text and "100 0000 0016" in page.text
    assert f"/account/{family.account_no}" in page.links


def test_what_waits_for_the_consumer_comes_first(consumer_visitor: Visitor, family: Household):
    waits, newer = "10000000016", "10000000024"
    a_service_request(family, waits, status="info_requested")
    given(request_row(family, newer))

    page = consumer_visitor.get("/account")

    assert [link for link in page.links if "/requests/100" in link] == [
        f"/requests/{waits}",
        f"/requests/{newer}",
    ]
    assert page.text.index("100 0000 0016") < page.text.index("My connections")
    assert page.text.index("New complaint or request") < page.text.index("100 0000 0024")


def test_a_consumer_without_requests_is_informed_of_it(consumer_visitor: Visitor):
    assert "No complaints or requests yet." in consumer_visitor.get("/account").text


def test_a_service_chosen_before_signing_in_leads_to_its_form(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get("/account?request=BILL_CORRECTION")

    assert page.location.startswith(f"/account/{family.account_no}/requests/new?")


def test_a_connection_shows_its_details(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(f"/account/{family.account_no}")

    assert "Pooja Sharma" in page.text and "UP32550680" in page.text and "05222140891" in page.text


def test_the_mobile_on_record_is_masked(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(f"/account/{family.account_no}")

    assert "••••••••10" in page.text and "8539436110" not in page.html


def test_bills_are_listed_newest_first(consumer_visitor: Visitor, family: Household):
    text = consumer_visitor.get(f"/account/{family.account_no}/bills").text

    assert text.index("October 2026") < text.index("September 2026") < text.index("August 2026")


def test_a_bill_is_shown_line_by_line_with_its_basis_explained(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(f"/account/{family.account_no}/bills/{family.bill_no}")

    assert "₹ 494.28" in page.text and "₹ 750.00" in page.text
    assert "The meter was read. The units are the difference between the two readings." in page.text
    assert any("bill_no=" + family.bill_no in link for link in page.links)


def test_a_disputed_bill_says_in_which_complaint(consumer_visitor: Visitor, family: Household):
    a_service_request(family)

    page = consumer_visitor.get(f"/account/{family.account_no}/bills/{family.bill_no}")

    assert "/requests/10000000016" in page.links
    assert not any("requests/new" in link for link in page.links)


def test_every_page_of_a_signed_in_consumer_is_kept_nowhere(consumer_visitor: Visitor, family: Household):
    a_service_request(family)
    account = f"/account/{family.account_no}"

    for address in ("/account", account, f"{account}/bills", f"{account}/requests", "/requests/10000000016"):
        assert consumer_visitor.get(address).headers["Cache-Control"] == "no-store"
