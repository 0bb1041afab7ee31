"""The supervisor's page: the results of a day's calls, alarms, and the disputes that wait for a decision."""

import pytest

from tests.factories import (
    ACCOUNT_NO_RURAL,
    Household,
    a_consumer,
    a_household,
    a_service_request,
    an_ownership,
    given,
    sign_in_staff,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    SUPERVISOR,
    agreed,
    drafted,
    opened,
    otp_of,
    verified,
    wrong,
)
from tests.fixtures.pages import Page
from tests.fixtures.registration import messages, rows, values_of
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.actor import Actor
from wss.models import Event, ServiceRequest
from wss.queries.service_requests import visible_request
from wss.services.calls.caller_links import register_consumer, send_documents_link, send_link
from wss.services.calls.submission import register_for_caller
from wss.services.calls.verification import CallerProof, send_otp, verify
from wss.services.requests._freeze import set_frozen
from wss.services.requests.disputes import dispute
from wss.services.shared.audit import record

PAGE = "/helpdesk/supervisor"
TODAY = "?day=2026-11-24"


@pytest.fixture
def home(home_on_record: Household) -> Household:
    """Return a registered household that calls are about, and the help desk."""
    return home_on_record


@pytest.fixture
def supervisor(visitor: Visitor, home: Household) -> Visitor:
    """Return the supervisor, logged in, reading English."""
    sign_in_staff(visitor, SUPERVISOR.id)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def look(supervisor: Visitor, more: str = "") -> Page:
    """Return the current page; logs the supervisor in again because time may have passed."""
    sign_in_staff(supervisor, SUPERVISOR.id)
    return supervisor.get(f"{PAGE}{more}")


def lodge(home: Household, actor: Actor = HELPDESK) -> str:
    call_id = agreed(home, actor)
    return register_for_caller(actor, call_id, drafted(home, call_id, actor))


def disputed(home: Household, actor: Actor = HELPDESK, remark: str = "I never called.\nWho was it?") -> str:
    """Lodge a request on a call and freeze it by the link of its SMS."""
    number = lodge(home, actor)
    path = values_of(messages("request_registered_1912")[-1])["dispute_path"]
    assert dispute(path.rpartition("/")[2], remark)
    return number


def table(page: Page, caption: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first cell."""
    [found] = [one for one in page.root.iter("table") if one.findtext("caption") == caption]
    lines = [[" ".join("".join(cell.itertext()).split()) for cell in line] for line in found.iter("tr")]
    return {head: cells for head, *cells in lines}


def figures(page: Page) -> dict[str, dict[str, str]]:
    """Return the results of the calls: for each employee, the numbers by their column heads."""
    lines = table(page, "Call outcomes by employee")
    heads = lines.pop("Employee")
    return {who: dict(zip(heads, numbers, strict=True)) for who, numbers in lines.items()}


def decide(supervisor: Visitor, number: str, action: str, reason: str = "The son had called.") -> Page:
    form = f"{PAGE}/disputes/{number}"
    return supervisor.fill(PAGE, form=form, action=action, reason=reason)


def test_calls_are_reported_by_employee_and_hour(
    supervisor: Visitor, home: Household, frozen_clock: FrozenClock
):
    opened(home)
    frozen_clock.advance(hours=1)
    opened(home)
    opened(home, COLLEAGUE)

    by_hour = table(look(supervisor), "Calls by employee and hour")

    assert by_hour == {
        "Employee": ["15–16", "16–17"],
        "H1 H1": ["1", "1"],
        "H2 H2": ["0", "1"],
        "All": ["1", "2"],
    }


def test_what_came_of_the_calls_is_counted(supervisor: Visitor, home: Household):
    opened(home)
    lodge(home)
    call_id = opened(home, COLLEAGUE)
    send_otp(COLLEAGUE, call_id)
    for _ in range(3):
        verify(COLLEAGUE, call_id, CallerProof(otp=wrong(otp_of("call_otp"))))

    results = figures(look(supervisor))

    names = ("Calls", "Records opened", "Callers verified", "Wrong OTPs", "Calls closed after 3 wrong OTPs")
    assert [results["H1 H1"][name] for name in names] == ["2", "2", "1", "0", "0"]
    assert [results["H2 H2"][name] for name in names] == ["1", "1", "0", "3", "1"]
    assert (results["All"]["Requests registered"], results["All"]["Records opened, no request"]) == ("1", "2")


def test_links_are_counted_when_sent_and_when_followed(supervisor: Visitor, frozen_clock: FrozenClock):
    other = a_household(ACCOUNT_NO_RURAL, registered=False)
    call_id = opened(other)
    send_link(HELPDESK, call_id)
    call_id = verified(other)
    register_consumer(HELPDESK, call_id)
    before = figures(look(supervisor))["H1 H1"]
    frozen_clock.advance(hours=3)
    given(an_ownership(given(a_consumer()), ACCOUNT_NO_RURAL, created_at=frozen_clock.now))

    after = figures(look(supervisor))["H1 H1"]

    assert (before["Links sent"], before["Links used"]) == ("2", "0")
    assert (after["Links sent"], after["Links used"]) == ("2", "2")


def test_a_link_for_documents_is_used_once_some_have_come(
    supervisor: Visitor, home: Household, frozen_clock: FrozenClock
):
    call_id = agreed(home)
    number = register_for_caller(HELPDESK, call_id, drafted(home, call_id))
    send_documents_link(HELPDESK, call_id, number)
    before = figures(look(supervisor))["H1 H1"]["Links used"]
    [request] = rows(ServiceRequest)
    frozen_clock.advance(minutes=5)
    given(
        Event(
            service_request_id=request.id,
            number=2,
            action="answer",
            status="in_review",
            role="consumer",
            details={"documents": ["0" * 32]},
            at=frozen_clock.now,
        )
    )

    assert (before, figures(look(supervisor))["H1 H1"]["Links used"]) == ("0", "1")


def test_another_day_is_shown_by_itself(supervisor: Visitor, home: Household, frozen_clock: FrozenClock):
    opened(home)
    frozen_clock.advance(days=1)
    opened(home)
    opened(home)

    assert figures(look(supervisor, TODAY))["All"]["Calls"] == "1"
    assert figures(look(supervisor))["All"]["Calls"] == "2"
    assert "No calls." in look(supervisor, "?day=2026-11-23").text


@pytest.mark.parametrize("day", ["2026-11-25", "9999-12-31", "yesterday", "", "2026-11-31"])
def test_days_to_come_and_what_is_no_day_are_today(supervisor: Visitor, home: Household, day: str):
    opened(home)

    assert figures(look(supervisor, f"?day={day}"))["All"]["Calls"] == "1"


def test_a_day_is_one_of_uttar_pradesh(supervisor: Visitor, home: Household, frozen_clock: FrozenClock):
    frozen_clock.advance(hours=8, minutes=29)
    opened(home)
    frozen_clock.advance(minutes=2)
    opened(home)

    assert figures(look(supervisor, TODAY))["All"]["Calls"] == "1"


def test_alarms_say_who_and_how_many(supervisor: Visitor, home: Household, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wss.services.calls._opening.RECORDS_A_DAY", 2)
    for _ in range(3):
        opened(home)
    with transaction():
        record(HELPDESK, "alarm", "limit:otp_send_budget")

    page = look(supervisor)

    assert "Records opened in one day: 3" in page.text and "Today's OTP limit is used up" in page.text
    assert "No alarms." in look(supervisor, "?day=2026-11-23").text


def test_a_dispute_shows_the_call_and_what_the_consumer_says(supervisor: Visitor, home: Household):
    number = disputed(home)

    page = look(supervisor)

    for results in (
        number[:3],
        "Bill correction",
        "a family member of the consumer",
        "OTP to the consumer's mobile",
        "I never called.",
    ):
        assert results in page.text
    assert [
        word for word in ("Pooja", "Kumarpur", home.connection.mobile_on_record or "-") if word in page.html
    ] == []


def test_what_is_said_in_a_dispute_is_only_text(supervisor: Visitor, home: Household):
    number = disputed(home, remark="<img src=x onerror=alert(1)>{{7*7}}")

    page = decide(supervisor, number, "lift", reason=" ")
    wrong_page = decide(
        supervisor, number, "lift", reason="</textarea><script>alert(1)</script>" + "x" * 1000
    )

    assert "<img src=x" not in page.html and "{{7*7}}" in page.text
    assert "<script>alert" not in wrong_page.html


def test_lifted_it_is_off_the_list_and_the_consumer_notified(supervisor: Visitor, home: Household):
    number = disputed(home)

    page = decide(supervisor, number, "lift")

    assert (page.status, page.location) == (303, f"{PAGE}?done=lift")
    after = supervisor.get(page.location).text
    assert "Work on it will continue" in after and "There are no disputes." in after
    assert len(messages("dispute_lifted")) == 1


def test_ended_it_is_withdrawn(supervisor: Visitor, home: Household):
    decide(supervisor, disputed(home), "cancel")

    assert [(one.status, one.frozen) for one in rows(ServiceRequest)] == [("withdrawn", False)]


@pytest.mark.parametrize("reason", [" ", "x" * 1001], ids=["no reason", "a reason that is too long"])
def test_a_reason_that_is_not_taken_is_kept_and_nothing_is_decided(
    supervisor: Visitor, home: Household, reason: str
):
    number = disputed(home)

    page = decide(supervisor, number, "cancel", reason=reason)

    assert page.status == 422 and page.find(f"reason-{number}-e") is not None
    assert rows(ServiceRequest)[0].frozen and reason in page.html


def test_the_employee_on_the_call_does_not_decide_the_dispute(supervisor: Visitor, home: Household):
    number = disputed(home, SUPERVISOR)

    page = decide(supervisor, number, "lift")

    assert page.status == 409 and "You took the call" in page.text
    assert rows(ServiceRequest)[0].frozen


def test_a_dispute_that_has_been_decided_is_reported(supervisor: Visitor, home: Household):
    number = disputed(home)
    page = look(supervisor)
    form = f"{PAGE}/disputes/{number}"
    supervisor.send(page, PAGE, form=form, action="lift", reason="The son had called.")

    late = supervisor.send(page, PAGE, form=form, action="cancel", reason="Nobody had called.")

    assert late.status == 409 and "has changed since you opened the page" in late.text
    assert rows(ServiceRequest)[0].status == "registered"


def test_a_resolved_one_cannot_be_ended(supervisor: Visitor, home: Household):
    number = disputed(home)
    with transaction() as session:
        session.query(ServiceRequest).update({"status": "resolved"})

    page = look(supervisor)

    assert "It is already resolved" in page.text and 'value="cancel"' not in page.html
    assert supervisor.post(f"{PAGE}/disputes/{number}", {"action": "cancel"}).status == 400


def test_what_was_frozen_without_a_call_is_listed_too(supervisor: Visitor, home: Household):
    a_service_request(home, NUMBER)
    with transaction():
        set_frozen(HELPDESK, visible_request(HELPDESK, NUMBER, rows(ServiceRequest)[0].registered_at), True)

    assert NUMBER[:3] in look(supervisor).text and decide(supervisor, NUMBER, "lift").status == 303


@pytest.mark.parametrize("action", ["", "freeze", "withdraw"])
def test_any_other_action_is_none(supervisor: Visitor, home: Household, action: str):
    assert decide(supervisor, disputed(home), action).status == 422
