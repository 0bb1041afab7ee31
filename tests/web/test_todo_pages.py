"""The To-Do list and the pending requests as officers meet them, with and without HTMX."""

import re
from typing import Any

import pytest

from tests.factories import OFFICE, Household, a_household, a_service_request, given, offices
from tests.fixtures.at_desk import signed_in
from tests.fixtures.officers import CLERK, DIVISION, NUMBER, SDO, office_acts, the_request
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Action
from wss.models import Office, ServiceRequest, Staff
from wss.services.mis import rebuild

SHOWN = grouped_complaint_no(NUMBER)
SECOND = complaint_no_from(1_000_000_901)


@pytest.fixture
def clerk(complaining: Household, visitor: Visitor) -> Visitor:
    """The clerk of the office, signed in, reading English."""
    return signed_in(visitor, "C1")


def test_a_clerk_begins_with_what_is_assigned_to_them(clerk: Visitor):
    assert SHOWN not in clerk.get("/todo").text
    assert SHOWN in clerk.get("/todo?user=all").text

    office_acts(CLERK, Action.TAKE_UP)

    assert SHOWN in clerk.get("/todo").text


def test_an_officer_begins_with_all(complaining: Household, visitor: Visitor):
    assert SHOWN in signed_in(visitor, "E1").get("/todo").text


def test_ones_own_number_is_filled_in_and_can_be_a_colleagues(complaining: Household, visitor: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    sdo = signed_in(visitor, "S1")

    form = sdo.get("/todo").form("/todo")
    assert (form.fields["user"], form.fields["user_id"]) == (["all"], ["S1"])
    assert SHOWN in sdo.get("/todo?user=me&user_id=C1").text


def test_the_list_tells_late_and_escalated_in_words(clerk: Visitor, standing_clock: Any):
    with transaction() as session:
        session.merge(the_request()).escalation_level = 2
    rebuild()
    standing_clock.advance(days=10)
    signed_in(clerk, "C1")

    text = clerk.get("/todo?user=all").text

    assert "2 days late" in text
    assert "Level 2: Billing clerk" in text
    assert "1 open, 1 late , 1 escalated , 0 waiting for the consumer" in text


def test_what_is_counted_is_what_the_list_shows(clerk: Visitor, another_visitor: Visitor):
    rebuild()
    sdo = signed_in(another_visitor, "S1")
    seen = []
    for actor, action in ((CLERK, None), (CLERK, Action.TAKE_UP), (CLERK, Action.ASK)):
        if action:
            office_acts(actor, action)
        seen.append((counts_on(sdo.get("/todo")), len(numbers(sdo.get("/todo")))))
    seen.append((counts_on(clerk.get("/todo")), len(numbers(clerk.get("/todo")))))

    assert seen == [((1, 0, 0, 0), 1), ((1, 0, 0, 0), 1), ((1, 0, 0, 1), 1), ((1, 0, 0, 1), 1)]


def counts_on(page: Any) -> tuple[int, ...]:
    """Open, late, escalated, waiting, as the page says."""
    found = re.search(r"(\d+) open, (\d+) late ?, (\d+) escalated ?, (\d+) waiting", page.text)
    assert found is not None
    return tuple(int(each) for each in found.groups())


def test_the_clock_stands_while_the_consumer_is_asked(clerk: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK)

    assert "clock stopped" in clerk.get("/todo").text


def test_a_consumer_is_a_first_name_and_a_letter_and_no_mobile(clerk: Visitor, complaining: Household):
    text = clerk.get("/todo?user=all").html

    assert "Pooja S." in text
    assert "Pooja Sharma" not in text
    assert complaining.connection.mobile_on_record not in text


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
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_kept(
    complaining: Household, visitor: Visitor, query: str, field: str
):
    page = signed_in(visitor, "E1").get(f"/todo?{query}")

    assert page.status == 422
    assert page.find(f"f-{field}-e") is not None
    assert page.find("error-summary") is not None
    kept = dict(part.split("=") for part in query.split("&"))[field].replace("%20", " ")
    assert page.form("/todo").fields[field] == [kept]


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
        ("account_no=7950-761-921", True),
        ("account_no=७९५०७६१९२१", True),
        ("account_no=7950761999", False),
    ],
)
def test_the_filters_of_the_billing_system_narrow_the_list(clerk: Visitor, query: str, is_found: bool):
    assert (SHOWN in clerk.get(f"/todo?user=all&{query}").text) is is_found


def test_an_engineer_looks_into_one_office(complaining: Household, visitor: Visitor):
    engineer = signed_in(visitor, "E1")

    assert SHOWN in engineer.get(f"/todo?office={OFFICE}").text
    assert engineer.get(f"/todo?office={OFFICE[:-2]}S9").status == 422


def test_pages_follow_each_other_and_keep_the_filter(clerk: Visitor, complaining: Household):
    for number in range(60):
        one_more(number)

    first = clerk.get("/todo?user=all&type=BILL_CORRECTION")
    following = next(link for link in first.links if "after=" in link)
    second = clerk.get(following)

    assert "type=BILL_CORRECTION" in following
    assert (len(numbers(first)), len(numbers(second))) == (50, 11)
    assert not set(numbers(first)) & set(numbers(second))


def one_more(number: int) -> None:
    """One more request, about no bill."""
    row = the_request()
    columns = {
        column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"
    }
    fresh = {"complaint_no": complaint_no_from(1_000_002_000 + number), "form_token": f"{number:043}"}
    given(ServiceRequest(**{**columns, **fresh}))


def numbers(page: Any) -> list[str]:
    """The complaint numbers that a page links to."""
    return [link for link in page.links if link.startswith("/todo/")]


def test_a_pooled_office_hands_out_what_is_next(clerk: Visitor):
    pool()
    page = clerk.get("/todo")

    opened = clerk.send(page, at="/todo/next")

    assert opened.location == f"/todo/{NUMBER}?done=take_up"
    assert (the_request().status, the_request().assignee_id) == ("in_review", "C1")
    nothing = clerk.get(clerk.send(clerk.get("/todo"), at="/todo/next").location)
    assert "Nothing waits" in nothing.text


def test_only_clerks_of_pooled_offices_see_the_button(clerk: Visitor, another_visitor: Visitor):
    assert not [form for form in clerk.get("/todo").forms if form.action == "/todo/next"]
    pool()
    sdo = signed_in(another_visitor, "S1")
    assert not [form for form in sdo.get("/todo").forms if form.action == "/todo/next"]


def pool() -> None:
    """Let the office hand out what is next."""
    with transaction() as session:
        session.get_one(Office, OFFICE).pooled = True


def test_pending_shows_billing_requests_that_are_not_decided(clerk: Visitor):
    assert f"/todo/{NUMBER}" in " ".join(clerk.get("/pending").links)
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    office_acts(SDO, Action.APPROVE)

    assert f"/todo/{NUMBER}" not in " ".join(clerk.get("/pending").links)


def test_pending_is_searched_by_account_number(clerk: Visitor, complaining: Household):
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


def test_another_division_sees_nothing_of_it(complaining: Household, visitor: Visitor):
    beside = f"{DIVISION[:-1]}2"
    given(offices(beside)[-1], Staff(employee_id="E2", name="E2", role="ee", office_code=beside))
    engineer = signed_in(visitor, "E2")

    assert SHOWN not in engineer.get("/todo?user=all").text
    assert SHOWN not in engineer.get("/todo?account_no=7950761921").text
    assert SHOWN not in engineer.get("/pending").text


def test_an_employee_number_with_a_slash_has_a_list_too(complaining: Household, visitor: Visitor):
    given(Staff(employee_id="UP/1234", name="A. Rao", role="billing_clerk", office_code=OFFICE))
    page = signed_in(visitor, "UP/1234").get("/todo")

    assert page.status == 200
    assert page.form(having="user_id").fields["user_id"] == ["UP/1234"]
