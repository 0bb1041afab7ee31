"""What is owed for a late decision: on the timeline, in the claim, for the office, in the MIS and in the petition."""

from typing import Any

import pytest

from tests.factories import Household, a_household, a_service_request, sign_in, sign_in_staff
from tests.fixtures.complaint_handling import DIVISION, NUMBER, resolve, rows
from tests.fixtures.helpdesk_calls import agreed
from tests.fixtures.late_decisions import CLAIM_KIND, switch_on_compensation
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Resolution
from wss.models import ServiceRequest
from wss.services.requests.form_drafts import new_form_token

SUM = "Late by 3 days. Owed to you so far: ₹ 150.00."
BASIS = "₹ 50.00 for each day after the limit. At most ₹ 500.00. Source: order 11."


def words(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


@pytest.fixture
def late(complainant: Household, visitor: Visitor, frozen_clock: Any) -> Household:
    """Provide the household whose complaint is three days late, its consumer logged in."""
    switch_on_compensation()
    frozen_clock.advance(days=11)
    sign_in(visitor, complainant.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return complainant


def form_of(late: Household) -> str:
    return f"/account/{late.account_no}/requests/new?request={CLAIM_KIND}&late={NUMBER}"


def claim(visitor: Visitor, late: Household, **typed: str) -> Page:
    """Open the form, send it as it is filled in but for what is typed, and return the answer."""
    form = visitor.get(form_of(late))
    token = form.form(having="form_token").fields["form_token"]
    fields = {"form_token": token, **typed}
    return visitor.send(form, f"/account/{late.account_no}/requests/new", **fields)


def register(visitor: Visitor, late: Household) -> Page:
    check = visitor.get(claim(visitor, late).location)
    token = check.form(having="form_token").fields["form_token"]
    return visitor.send(check, f"/account/{late.account_no}/requests/check", form_token=token)


def test_the_timeline_says_what_is_owed_by_which_rule_and_leads_to_the_claim(
    visitor: Visitor, late: Household
):
    page = visitor.get(f"/requests/{NUMBER}")

    assert SUM in words(page) and BASIS in words(page)
    assert "The company has not confirmed this rule yet." in page.text
    assert form_of(late) in page.links


def test_the_claim_is_filled_in_with_number_days_and_sum_and_registered_once(
    visitor: Visitor, late: Household
):
    assert "The decision is 3 days late. I claim ₹ 150.00." in words(visitor.get(form_of(late)))

    number = register(visitor, late).location.split("/")[2]

    [_first, claimed] = rows(ServiceRequest)
    assert claimed.complaint_no == number and claimed.fields["late_complaint"] == NUMBER
    assert f"/requests/{number}" in visitor.get(f"/requests/{NUMBER}").links
    assert visitor.get(form_of(late)).location.startswith(f"/requests/{number}")


def test_of_two_claims_in_two_windows_the_second_is_refused_when_it_is_registered(
    visitor: Visitor, late: Household
):
    tokens = [new_form_token(), new_form_token()]
    checks = [visitor.get(claim(visitor, late, form_token=token).location) for token in tokens]
    at = f"/account/{late.account_no}/requests/check"

    first, second = (
        visitor.send(check, at, form_token=token) for check, token in zip(checks, tokens, strict=True)
    )

    assert (first.status, second.status) == (303, 409)
    assert "This has already been claimed in request" in second.text
    assert len(rows(ServiceRequest)) == 2


@pytest.mark.parametrize("number", ["100 0000 0016", "abc", NUMBER[:-1]])
def test_a_number_for_which_nothing_is_owed_is_refused_and_kept(
    visitor: Visitor, late: Household, number: str
):
    page = claim(visitor, late, late_complaint=number)

    assert page.status == 422
    assert page.find("late_complaint-e") is not None
    assert page.form(having="form_token").fields["late_complaint"] == [number]


def test_the_late_complaint_of_another_consumer_cannot_be_claimed(visitor: Visitor, late: Household):
    other = a_household(account_no="2345678901", subdivision_code=late.connection.subdivision_code)
    number = complaint_no_from(1_000_000_901)
    a_service_request(other, number)

    page = claim(visitor, late, late_complaint=number)

    assert page.status == 422 and "Nothing is owed under this number." in page.text


def test_without_a_rate_the_claim_is_not_offered(visitor: Visitor, complainant: Household, frozen_clock: Any):
    switch_on_compensation(is_on=False)
    frozen_clock.advance(days=11)
    sign_in(visitor, complainant.consumer)

    assert not any(CLAIM_KIND in link for link in visitor.get(f"/requests/{NUMBER}").links)
    new = visitor.get(f"/account/{complainant.account_no}/requests/new")
    assert not any(CLAIM_KIND in link for link in new.links)


def test_the_office_sees_the_sum_on_the_request_and_on_the_claim(
    visitor: Visitor, another_visitor: Visitor, late: Household
):
    number = register(visitor, late).location.split("/")[2]
    officer = signed_in(another_visitor, "E1")

    for page in (officer.get(f"/todo/{NUMBER}"), officer.get(f"/todo/{number}")):
        assert "₹ 150.00 for 3 days after the limit" in words(page)


def test_the_mis_adds_up_what_the_offices_owe(another_visitor: Visitor, late: Household):
    officer = signed_in(another_visitor, "E1")

    page = officer.get("/mis/owed")
    listed = officer.get("/mis/requests?figure=late")

    assert "₹ 150.00" in words(page) and f"/mis/requests?office={DIVISION}&figure=late" in page.links
    assert "₹ 150.00" in words(listed)
    assert officer.get("/mis/owed?office=PVVNL").status == 404


def test_the_petition_has_the_sum_as_page_and_leads_to_the_pdf(visitor: Visitor, late: Household):
    resolve(resolution=Resolution.REFUSED)

    page = visitor.get(f"/requests/{NUMBER}/petition")

    assert "For 3 days of delay ₹ 150.00 is owed to me." in words(page)
    assert (late.bill_no in page.text and "The office took it up" in page.text) or late.bill_no in page.text
    assert f"/requests/{NUMBER}/petition.pdf" in page.links


def test_1912_claims_for_a_caller(visitor: Visitor, home_on_record: Household, frozen_clock: Any):
    a_service_request(home_on_record, NUMBER)
    switch_on_compensation()
    frozen_clock.advance(days=11)
    call = f"/helpdesk/calls/{agreed(home_on_record)}"
    sign_in_staff(visitor, "H1")
    form = visitor.get(f"{call}/request?request_type=Compensation&request={CLAIM_KIND}&lang=en")

    wrong = visitor.send(form, f"{call}/request", form=f"{call}/request", late_complaint="100 0000 0016")
    sent = visitor.send(form, f"{call}/request", form=f"{call}/request", late_complaint=NUMBER)

    assert wrong.status == 422 and "Nothing is owed under this number." in wrong.text
    assert sent.location == f"{call}/check"
