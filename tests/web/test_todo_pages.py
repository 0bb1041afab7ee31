"""The officers' To-Do list and pending requests, with and without HTMX."""

import secrets
from typing import Any

import pytest

from tests.factories import OFFICE, Household, a_household, a_service_request, given, offices, update_rows
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    consumer_of,
    office_acts,
    resolve,
    the_request,
)
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.clock import now
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Action
from wss.models import Document, Office, ServiceRequest, Staff
from wss.services.mis.sums import rebuild
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest

SHOWN = grouped_complaint_no(NUMBER)
SECOND = complaint_no_from(1_000_000_901)


def test_a_clerk_begins_with_what_is_new_and_what_is_assigned_to_them(clerk: Visitor):
    one_more(1)
    page = clerk.get("/todo")
    assert "New: 2 · Assigned to you: 0" in page.text
    assert captions(page) == {"With your post, not assigned yet": 2}

    office_acts(CLERK, Action.TAKE_UP)

    page = clerk.get("/todo")
    assert "New: 1 · Assigned to you: 1" in page.text
    assert captions(page) == {
        "With your post, not assigned yet": 1,
        "1 request, the earliest to be decided first": 1,
    }
    assert numbers(clerk.get("/todo?user=me&late=1")) == []


def captions(page: Any) -> dict[str, int]:
    """Return the captions of a page's tables, and how many lines each has."""
    tables = page.root.iter("table")
    return {" ".join(each.findtext("caption").split()): len(each.findall("tbody/tr")) for each in tables}


def test_what_is_held_by_another_post_is_not_new_for_a_clerk(clerk: Visitor, another_visitor: Visitor):
    with transaction() as session:
        session.merge(the_request()).holder_role = "sdo"

    assert "New: 0" in clerk.get("/todo").text
    assert "New: 1" in signed_in(another_visitor, "S1").get("/todo").text
    assert numbers(another_visitor.get("/todo?user=new")) == [f"/todo/{NUMBER}"]


def test_the_decider_sees_proposals_of_others(clerk: Visitor, another_visitor: Visitor):
    office_acts(SDO, Action.TAKE_UP)
    office_acts(SDO, Action.PROPOSE)
    sdo, ee = signed_in(another_visitor, "S1").get("/todo").text, signed_in(clerk, "E1")

    assert "For your decision: 0" in sdo
    assert "For your decision: 1" in ee.get("/todo").text
    assert len(numbers(ee.get("/todo?user=decide"))) == 1
    assert signed_in(clerk, "C1").get("/todo?user=decide").status == 422


def test_a_line_shows_enough_to_sort_by(clerk: Visitor, complainant: Household):
    with transaction() as session:
        request = session.merge(the_request())
        request.fields = {"bill_no": [complainant.bill_no], "reading_kwh": 2148}
        request.usual_tenths, request.suggested_verdict = 179, "digits_swapped"
    given(a_document("image/jpeg"), a_document("application/pdf"))

    text = clerk.get("/todo").text

    assert "₹ 750.00 October 2026" in text
    assert "17.9× 2148 kWh 1 photo, 1 document digits swapped" in text


def a_document(media_type: str) -> Document:
    """Return a document of the request."""
    facts = {"label": "a", "size": 10, "scan": "clean", "created_at": now(), "digest": media_type}
    return Document(
        id=secrets.token_hex(16),
        service_request_id=the_request().id,
        media_type=media_type,
        storage_key=media_type,
        **facts,
    )


def test_what_was_said_last_is_marked_in_the_list(clerk: Visitor, complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.ANSWER, remark="2148"))

    assert "In review answered" in clerk.get("/todo").text


def test_requests_to_be_confirmed_are_listed_separately(clerk: Visitor):
    resolve()
    rebuild()

    page = clerk.get("/todo?user=all")

    assert numbers(page) == []
    assert "To be confirmed: 1" in page.text
    assert len(numbers(clerk.get("/todo?user=all&status=resolved"))) == 1
    assert len(numbers(clerk.get("/todo?user=all&status=open"))) == 1


def test_a_request_is_taken_up_from_its_line(clerk: Visitor):
    page = clerk.get("/todo?user=all")

    taken = clerk.send(page, at="/todo", form=f"/todo/{NUMBER}/actions", action="take_up")

    assert the_request().assignee_id == "C1"
    assert taken.location == f"/todo/{NUMBER}?done=take_up&list=/todo?user%3Dall"


def test_a_pending_request_is_taken_up_on_the_way_to_its_revision(clerk: Visitor):
    taken = clerk.send(clerk.get("/pending"), at="/pending", form=f"/todo/{NUMBER}/actions", action="take_up")

    assert taken.location == f"/todo/{NUMBER}/revision?done=take_up&list=/pending"
    assert "You have taken up this request." in clerk.get(taken.location).text


def test_an_officer_begins_with_all(complainant: Household, visitor: Visitor):
    assert SHOWN in signed_in(visitor, "E1").get("/todo").text


def test_ones_own_number_is_filled_in_and_can_be_a_colleagues(complainant: Household, visitor: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    sdo = signed_in(visitor, "S1")

    form = sdo.get("/todo").form("/todo")
    assert (form.fields["user"], form.fields["user_id"]) == (["all"], ["S1"])
    assert SHOWN in sdo.get("/todo?user=me&user_id=C1").text


def test_the_list_shows_late_and_escalated_in_words(clerk: Visitor, frozen_clock: Any):
    with transaction() as session:
        session.merge(the_request()).escalation_level = 2
    rebuild()
    frozen_clock.advance(days=10)
    signed_in(clerk, "C1")

    text = clerk.get("/todo?user=all").text

    assert "2 days overdue" in text
    assert "Level 2: Billing clerk" in text
    assert "Open: 1 · Overdue: 1 · Escalated: 1 · Waiting for the consumer: 0" in text


def test_the_clock_is_stopped_while_the_consumer_is_asked(clerk: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK)

    assert "time limit paused" in clerk.get("/todo").text


def test_a_consumer_is_a_first_name_and_a_letter_and_no_mobile(clerk: Visitor, complainant: Household):
    text = clerk.get("/todo?user=all").html

    assert "Pooja S." in text
    assert "Pooja Sharma" not in text
    assert complainant.connection.mobile_on_record not in text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=NOSUCH", "type"),
        ("user=everybody", "user"),
        ("user=me&user_id=NOBODY", "user_id"),
        ("user=me&user_id=a%20b", "user_id"),
        ("start=yesterday", "start"),
        ("end=2026-13-45T99:99", "end"),
        ("start=2026-11-24T10:00&end=2026-11-24T10:00", "end"),
        ("status=lost", "status"),
        ("account_no=12345", "account_no"),
        ("office=NOSUCH", "office"),
        ("reason=NOSUCH", "reason"),
        ("verdict=perhaps", "verdict"),
        ("photo=1", "photo"),
        ("amount_from=-5", "amount_from"),
        ("amount_to=much", "amount_to"),
        ("amount_to=100&amount_from=200", "amount_to"),
        ("sort=colour", "sort"),
    ],
)
def test_a_wrong_filter_is_shown_at_its_field_and_kept(
    complainant: Household, visitor: Visitor, query: str, field: str
):
    page = signed_in(visitor, "E1").get(f"/todo?{query}")

    assert page.status == 422
    assert page.find(f"f-{field}-e") is not None
    assert page.find("error-summary") is not None
    kept = dict(part.split("=") for part in query.split("&"))[field].replace("%20", " ")
    assert page.form("/todo").fields[field] == [kept]


def test_a_moment_in_the_indian_form_fills_the_field_of_the_browser(clerk: Visitor):
    page = clerk.get("/todo?user=all&start=24-11-2026+10:30")

    assert page.form("/todo").fields["start"] == ["2026-11-24T10:30"]


def test_a_filter_replaces_the_list_in_place(clerk: Visitor):
    part = clerk.get("/todo?user=all", htmx=True)

    assert SHOWN in part.text
    assert part.root.find(".//h1") is None
    assert part.find("todo") is not None


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("type=BILL_CORRECTION", True),
        ("status=registered", True),
        ("status=in_review", False),
        ("late=1", False),
        ("escalated=1", False),
        ("start=2026-11-24T15:30&end=2026-11-24T15:31", True),
        ("end=2026-11-24T15:30", False),
        ("start=24-11-2026+15:30&end=24-11-2026+15:31", True),
        ("end=24-11-2026+15:30", False),
        ("account_no=7950-761-921", True),
        ("account_no=७९५०७६१९२१", True),
        ("account_no=7950761999", False),
        ("reason=wrong_reading", True),
        ("verdict=digits_swapped", True),
        ("verdict=not_sure", False),
        ("photo=yes", True),
        ("photo=no", False),
        ("amount_from=749.99&amount_to=₹+750", True),
        ("amount_from=750.01", False),
    ],
)
def test_the_filters_narrow_the_list(clerk: Visitor, query: str, is_found: bool):
    facts = {
        "dispute_reason": "wrong_reading",
        "suggested_verdict": "digits_swapped",
        "disputed_paise": 750_00,
    }
    update_rows(ServiceRequest, ServiceRequest.complaint_no == NUMBER, **facts, photos=1)

    assert (SHOWN in clerk.get(f"/todo?user=all&{query}").text) is is_found


def test_pages_follow_each_other_and_keep_the_filter(clerk: Visitor):
    for number in range(60):
        one_more(number)

    first = clerk.get("/todo?user=all&type=BILL_CORRECTION")
    following = next(link for link in first.links if "after=" in link)
    second = clerk.get(following)

    assert "type=BILL_CORRECTION" in following
    assert (len(numbers(first)), len(numbers(second))) == (50, 11)
    assert not set(numbers(first)) & set(numbers(second))


@pytest.mark.parametrize("path", ["/todo?user=all&type=BILL_CORRECTION", "/pending"])
def test_the_head_of_a_column_is_a_link_to_its_order(clerk: Visitor, path: str):
    for number in range(3):
        one_more(number, disputed_paise=number)

    page = clerk.get(next(link for link in clerk.get(path).links if "sort=amount" in link))

    assert "4 requests, largest amount first" in page.text
    assert [head.get("aria-sort") for head in page.root.iter("th") if head.get("aria-sort")] == ["descending"]
    assert numbers(page)[0].startswith(f"/todo/{complaint_no_from(1_000_002_002)}")


def one_more(number: int, **facts: Any) -> None:
    """Insert one more request, about no bill."""
    row = the_request()
    columns = {
        column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"
    }
    fresh = {"complaint_no": complaint_no_from(1_000_002_000 + number), "form_token": f"{number:043}"}
    given(ServiceRequest(**{**columns, **fresh, **facts}))


def numbers(page: Any) -> list[str]:
    """Return the complaint numbers that a page links to."""
    return [link.partition("?")[0] for link in page.links if link.startswith("/todo/")]


def test_a_pooled_office_assigns_the_next_request(clerk: Visitor):
    pool()
    page = clerk.get("/todo")

    opened = clerk.send(page, at="/todo/next")

    assert opened.location == f"/todo/{NUMBER}?done=take_up"
    assert (the_request().status, the_request().assignee_id) == ("in_review", "C1")
    nothing = clerk.get(clerk.send(page, at="/todo/next").location)
    assert "There is no new request" in nothing.text


def test_in_a_pooled_office_nothing_is_taken_up_from_its_line(clerk: Visitor):
    pool()

    assert [form.action for form in clerk.get("/todo").forms if form.action.endswith("/actions")] == []


def pool() -> None:
    """Give the office a pooled queue."""
    with transaction() as session:
        session.get_one(Office, OFFICE).pooled = True


def test_pending_shows_billing_requests_that_are_not_decided(clerk: Visitor):
    assert f"/todo/{NUMBER}" in " ".join(clerk.get("/pending").links)
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    office_acts(SDO, Action.APPROVE)

    assert f"/todo/{NUMBER}" not in " ".join(clerk.get("/pending").links)


def test_pending_is_searched_by_account_number(clerk: Visitor):
    second = a_household("7950761922")
    a_service_request(second, SECOND)

    found = clerk.get("/pending?account_no=7950761922").text

    assert grouped_complaint_no(SECOND) in found
    assert SHOWN not in found
    assert clerk.get("/pending?account_no=123").status == 422
    assert "No billing request is pending here" in clerk.get("/pending?account_no=7950761999").text


@pytest.mark.parametrize("path", ["/todo", "/todo?user=all", "/pending", "/todo?user=all&late=1"])
def test_the_lists_speak_hindi(clerk: Visitor, path: str):
    clerk.get("/todo?lang=hi")

    page = clerk.get(path)

    assert page.root.get("lang") == "hi"
    assert "शिकायत" in page.text or "कोई" in page.text


def test_another_division_sees_nothing_of_it(complainant: Household, visitor: Visitor):
    beside = f"{DIVISION[:-1]}2"
    given(offices(beside)[-1], Staff(employee_id="E2", name="E2", role="ee", office_code=beside))
    engineer = signed_in(visitor, "E2")

    assert SHOWN not in engineer.get("/todo?user=all").text
    assert SHOWN not in engineer.get("/todo?account_no=7950761921").text
    assert SHOWN not in engineer.get("/pending").text


def test_an_employee_number_with_a_slash_has_a_list_too(complainant: Household, visitor: Visitor):
    given(Staff(employee_id="UP/1234", name="A. Rao", role="billing_clerk", office_code=OFFICE))
    page = signed_in(visitor, "UP/1234").get("/todo")

    assert page.status == 200
    assert page.form(having="user_id").fields["user_id"] == ["UP/1234"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("start=yesterday", "Created from: Enter date and time"),
        ("status=lost", "Status: Choose one from the list"),
        ("start=24-11-2026+15:31&end=24-11-2026+15:30", "later than “Created from”"),
    ],
)
def test_an_error_of_the_filter_names_its_field(clerk: Visitor, query: str, words: str):
    page = clerk.get(f"/todo?user=all&{query}")

    assert page.status == 422
    assert words in page.text


@pytest.mark.parametrize(("query", "is_said"), [("user=all&user_id=S1", True), ("user=me&user_id=C1", False)])
def test_an_employee_id_that_does_not_count_is_named(clerk: Visitor, query: str, is_said: bool):
    assert ("The employee ID counts only" in clerk.get(f"/todo?{query}").text) is is_said


@pytest.mark.parametrize(("role", "is_offered"), [("billing_clerk", True), ("sdo", False), ("se", False)])
def test_what_a_senior_post_has_is_named_and_not_offered_to_a_clerk(
    clerk: Visitor, role: str, is_offered: bool
):
    update_rows(ServiceRequest, ServiceRequest.complaint_no == NUMBER, holder_role=role)

    page = clerk.get("/todo?user=all&status=open")

    actions = [form.action.partition("?")[0] for form in page.forms]
    assert (f"/todo/{NUMBER}/actions" in actions) is is_offered
    says_whose = "has this request. Work on it only if they ask you to." in clerk.get(f"/todo/{NUMBER}").text
    assert says_whose is not is_offered
