"""The staff's pages of revised bills that the billing system has refused, and their resending."""

from typing import Any

import pytest

from tests.factories import Household, given, sign_in_staff
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.pages import lines_of
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.gateways.senders import SendFailed
from wss.models import BillingPost, Staff
from wss.services.revisions.billing_posts import BillingPosts

PAGE = "/messages"


@pytest.fixture
def head_office(taken_up: Household, visitor: Visitor) -> Visitor:
    """Return an employee of the head office, logged in, reading English, above the office that revises a bill."""
    given(Staff(employee_id="Z1", name="Z1", role="head_office", office_code="PVVNL", mobile="9026114400"))
    sign_in_staff(visitor, "Z1")
    visitor.client.set_cookie("wss_language", "en")
    return visitor


@pytest.fixture
def refused(head_office: Visitor, taken_up: Household) -> BillingPost:
    """Return the revised bill, which the billing system refuses."""

    class Refusing:
        def take_revision(self, payload: dict[str, Any]) -> None:
            raise SendFailed("gateway 422", again=False)

    proposed(taken_up)
    approve()
    BillingPosts(Refusing()).deliver_due()
    [post] = rows(BillingPost)
    return post


def test_where_all_have_arrived_nothing_is_said_of_them(head_office: Visitor):
    assert 'id="bills"' not in head_office.get(PAGE).html


def test_refused_revised_bills_are_reported_by_reason_and_one_by_one(
    head_office: Visitor, refused: BillingPost
):
    page = head_office.get(PAGE)

    why, number = "billing system answered 422", refused.revised_bill_no
    assert lines_of(page, -2) == [[why, "1", f"Send all again: {why}"]]
    assert lines_of(page, -1) == [["24-11-2026, 15:30", number, why, f"Send again: {number}"]]


def test_a_refused_revised_bill_is_posted_again(head_office: Visitor, refused: BillingPost):
    page = head_office.fill(PAGE, form=f"{PAGE}/bills/{refused.id}/replay")

    assert (page.status, page.location) == (303, f"{PAGE}?bills=1")
    text = head_office.get(page.location).text
    assert "1 bill is being sent again." in text and "1 is being sent." in text


def test_all_revised_bills_of_a_reason_are_posted_again(head_office: Visitor, refused: BillingPost):
    page = head_office.fill(PAGE, form=f"{PAGE}/bills/replay")

    assert "1 bill is being sent again." in head_office.get(page.location).text
    assert rows(BillingPost)[0].state == "waiting"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("/bills/{id}/replay", "This bill has since been sent again"),
        ("/bills/replay", "These bills have since been sent again"),
    ],
)
def test_the_page_says_that_a_revised_bill_has_been_resent(
    head_office: Visitor, refused: BillingPost, form: str, words: str
):
    page = head_office.get(PAGE)
    form = PAGE + form.format(id=refused.id)
    head_office.send(page, PAGE, form=form)

    answer = head_office.send(page, PAGE, form=form)

    assert answer.status == 409
    assert words in " ".join("".join(answer.find("barred").itertext()).split())
