"""An officer's filter survives tabs, steps and errors, and leads only to a list."""

import pytest

from tests.factories import a_household, a_service_request, update_rows
from tests.fixtures.complaint_handling import CLERK, DIVISION, NUMBER, office_acts, the_request
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import PATH, signed_in, token_of
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.domain.lifecycle import Action
from wss.models import ServiceRequest

SECOND = complaint_no_from(1_000_000_901)
FILTER = "/todo?user=all&start=2026-11-01T10:00&type=BILL_CORRECTION"
KEPT = "list=/todo?type%3DBILL_CORRECTION%26user%3Dall%26start%3D2026-11-01T10:00"
BACK = f"/todo?type=BILL_CORRECTION&user=all&start=2026-11-01T10:00#r-{NUMBER}"


def way_back(page: Page) -> str:
    """Return the address of the link above the heading."""
    return next(link for link in page.links if f"#r-{NUMBER}" in link)


def test_every_tab_leads_back_to_the_filtered_list(clerk: Visitor):
    opened = next(link for link in clerk.get(FILTER).links if link.startswith(PATH))
    page = clerk.get(opened)
    tabs = [link for link in page.links if link.startswith(PATH) and "/reveal" not in link]

    assert {way_back(clerk.get(tab)) for tab in tabs} == {BACK}
    assert {link.partition("?")[0].removeprefix(PATH) for link in tabs} >= {
        "",
        "/keys",
        "/documents",
        "/timeline",
        "/revision",
    }


def test_steps_taken_and_refused_lead_back_to_the_filtered_list(clerk: Visitor):
    taken = clerk.send(clerk.get(f"{PATH}?{KEPT}"), at=PATH, action="take_up")
    lacking = clerk.send(clerk.get(taken.location), at=PATH, assignee="")
    stale = {"action": "ask", "remark": "?", "version": "1", "csrf_token": token_of(clerk)}
    too_late = clerk.post(lacking.form(having="assignee").action, stale)

    assert way_back(clerk.get(taken.location)) == BACK
    assert (lacking.status, way_back(lacking)) == (422, BACK)
    assert (too_late.status, way_back(too_late)) == (409, BACK)


def test_giving_a_code_leads_back_with_the_filter(clerk: Visitor, another_visitor: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    sdo = signed_in(another_visitor, "S1")

    sent = sdo.send(sdo.get(f"{PATH}?list=/todo?user%3Ddecide"), at=PATH, action="approve")

    assert sent.form(having="code").action == f"{PATH}/actions?list=/todo?user%3Ddecide"


def test_what_is_forwarded_leads_to_the_filtered_list(clerk: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    page = clerk.get(f"{PATH}?{KEPT}")

    sent = clerk.send(page, at=PATH, office=DIVISION, remark="Theirs.")

    assert sent.location is not None
    assert sent.location.startswith("/todo?type=BILL_CORRECTION&user=all&start=")
    assert "has been forwarded" in clerk.get(sent.location).text


@pytest.mark.parametrize(
    "sent",
    [
        "https://evil.example/todo",
        "//evil.example",
        "/todo/../admin",
        "/staff/logout",
        "/todo?x=1",
        "x" * 700,
    ],
)
def test_what_is_no_list_of_ours_leads_to_the_list_as_it_opens(clerk: Visitor, sent: str):
    page = Page(clerk.client.get(PATH, query_string={"list": sent}))

    assert way_back(page) == f"/todo#r-{NUMBER}"


def test_typed_words_are_not_passed_on(clerk: Visitor):
    page = Page(clerk.client.get(PATH, query_string={"list": "/todo?user=all&account_no=पूजा शर्मा"}))

    assert way_back(page) == f"/todo?user=all#r-{NUMBER}"


def test_after_a_step_the_next_of_the_list_and_of_the_post_are_offered(clerk: Visitor):
    a_service_request(a_household("7950761922"), SECOND, promised_on=the_request().promised_on)
    office_acts(CLERK, Action.TAKE_UP)
    page = clerk.get(f"{PATH}?{KEPT}")

    sent = clerk.send(page, at=PATH, remark="Which meter?", action="ask")

    done = clerk.get(sent.location)
    assert f"Next in your list: {grouped_complaint_no(SECOND)}" in done.text
    assert clerk.send(done, at="/todo/next").location == f"/todo/{SECOND}?done=take_up&{KEPT}"


def test_order_and_amount_are_kept_as_they_were_read(clerk: Visitor):
    update_rows(ServiceRequest, ServiceRequest.complaint_no == NUMBER, disputed_paise=750_00)
    opened = next(
        link
        for link in clerk.get("/todo?user=all&sort=amount&amount_to=₹ 1,000").links
        if link.startswith(PATH)
    )

    assert way_back(clerk.get(opened)) == f"/todo?user=all&amount_to=1000&sort=amount#r-{NUMBER}"


def test_the_next_of_the_list_is_that_of_its_order(clerk: Visitor):
    third = complaint_no_from(1_000_000_902)
    for number, (complaint_no, paise) in enumerate([(SECOND, 100), (third, 300)]):
        a_service_request(a_household(f"795076193{number}"), complaint_no, disputed_paise=paise)
    update_rows(ServiceRequest, ServiceRequest.complaint_no == NUMBER, disputed_paise=200)
    office_acts(CLERK, Action.TAKE_UP)
    page = clerk.get(f"{PATH}?list=/todo?user%3Dall%26sort%3Damount")

    sent = clerk.send(page, at=PATH, remark="Which meter?", action="ask")

    assert f"Next in your list: {grouped_complaint_no(SECOND)}" in clerk.get(sent.location).text


def test_what_waits_for_the_consumer_is_not_offered_as_the_next(clerk: Visitor):
    a_service_request(
        a_household("7950761922"), SECOND, promised_on=the_request().promised_on, status="info_requested"
    )
    office_acts(CLERK, Action.TAKE_UP)
    page = clerk.get(f"{PATH}?{KEPT}")

    sent = clerk.send(page, at=PATH, remark="Which meter?", action="ask")

    assert "Next in your list" not in clerk.get(sent.location).text
