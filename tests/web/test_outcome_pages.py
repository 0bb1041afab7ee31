"""The decision is shown above the question whether it settles the complaint: timeline, link, SMS and 1912."""

from typing import Any

import pytest

from tests.factories import Household, given, sign_in, sign_in_staff
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.browser_visitor import hindi
from tests.fixtures.complaint_handling import CLERK, NUMBER, SDO, office_acts, path_of
from tests.fixtures.helpdesk_calls import helpdesk_staff, verified
from tests.fixtures.registration import messages, values_of
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.lifecycle import Action, Resolution
from wss.domain.outcome import BillOutcome, RequestOutcome
from wss.models import Bill, BillingPost, Office
from wss.queries.reference import bump_reference_version
from wss.web.labels.outcomes import outcome_sentences
from wss.web.language import in_language

TIMELINE = f"/requests/{NUMBER}"
SETTLED = "Is your problem solved?"
AGREED = "Do you agree with this decision?"


@pytest.fixture
def revised(taken_up: Household, visitor: Visitor) -> Visitor:
    """Return the consumer, logged in, whose bill of 5,509.35 is revised to 1,462.65."""
    proposed(taken_up)
    approve()
    assert taken_up.consumer is not None
    sign_in(visitor, taken_up.consumer)
    visitor.get(f"{TIMELINE}?lang=en")
    return visitor


@pytest.mark.parametrize("at", ["timeline", "link"])
def test_old_and_new_amount_and_the_sum_to_pay_are_above_the_question(revised: Visitor, at: str):
    page = revised.get(TIMELINE if at == "timeline" else path_of("resolved"))

    above = page.text.partition(f"{SETTLED} ")[0]
    for words in ("₹ 5,509.35", "₹ 1,462.65", "To pay by 09-12-2026", "The photo shows 17088."):
        assert words in above


@pytest.mark.parametrize("at", ["timeline", "link"])
def test_yes_and_no_look_alike(revised: Visitor, at: str):
    page = revised.get(TIMELINE if at == "timeline" else path_of("resolved"))

    assert '<button class="btn b2" name="action" value="confirm">' in page.html
    assert '<summary class="btn b2">No, still a problem</summary>' in page.html


def test_what_was_paid_too_much_is_said_to_come_back(revised: Visitor, taken_up: Household):
    with transaction() as session:
        bill = session.query(Bill).filter(Bill.revises == taken_up.bill_no).one()
        bill.paid_amount_paise = 5509_35

    text = revised.get(path_of("resolved")).text

    assert "your next bill will be less by ₹ 4,046.70" in text


def test_the_sms_and_the_letter_name_both_amounts(revised: Visitor):
    values = values_of(messages("resolved_revised")[-1])

    assert (values["issued"], values["revised"]) == ("5,509.35", "1,462.65")
    assert (values["to_pay"], values["comes_back"], values["due_on"]) == ("1,462.65", "", "09-12-2026")


def test_the_timeline_says_what_was_decided(revised: Visitor):
    text = revised.get(TIMELINE).text

    assert "The office has decided" in text and "The bill has been revised Bill of October" in text
    assert "Bill of October 2026: now ₹ 1,462.65 instead of ₹ 5,509.35." in text


def test_it_is_said_until_the_billing_system_has_taken_the_bill(revised: Visitor):
    untaken = "The revised bill is not in the billing system yet."
    before = revised.get(TIMELINE).text
    with transaction() as session:
        session.query(BillingPost).update({"state": "delivered"})

    assert untaken in before
    assert untaken not in revised.get(TIMELINE).text


def test_silence_closes_only_after_the_billing_system_has_taken_the_bill(revised: Visitor):
    waits = "we close it after that, but not before the billing system has the revised bill."
    with transaction() as session:
        session.query(Office).filter_by(code="PVVNL").update({"close_on_silence": True})
        bump_reference_version()
    before = revised.get(TIMELINE).text
    with transaction() as session:
        session.query(BillingPost).update({"state": "delivered"})

    assert waits in before
    assert waits not in revised.get(TIMELINE).text


def test_a_refusal_shows_the_reason_and_the_way_to_the_forum(complainant: Household, visitor: Visitor):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.REFUSED, remark="The meter was tested.")
    office_acts(SDO, Action.APPROVE, remark="")

    above, _, below = visitor.get(f"{path_of('resolved_refused')}?lang=en").text.partition(f"{AGREED} ")

    assert "The meter was tested." in above and "consumer forum (CGRF)" in above
    assert "The bill does not change" in above
    assert "press “No, I do not agree”" in above
    assert "Yes, I agree (complaint closes)" in below and "No, I do not agree (a senior" in below


def test_a_caller_hears_that_silence_closes_once_the_billing_system_has_the_bill(
    taken_up: Household, visitor: Visitor
):
    given(*helpdesk_staff())
    proposed(taken_up)
    approve()
    with transaction() as session:
        session.query(Office).filter_by(code="PVVNL").update({"close_on_silence": True})
        bump_reference_version()
    call_id = verified(taken_up)
    sign_in_staff(visitor, "H1")
    stays = hindi()["Please tell us by %(day)s. If you do not answer, it stays open."]

    text = visitor.get(f"/helpdesk/calls/{call_id}?lang=en").text

    assert "09-12-2026" in text
    assert stays % {"day": "09-12-2026"} not in text


def test_the_help_desk_reads_out_what_was_decided(taken_up: Household, visitor: Visitor):
    given(*helpdesk_staff())
    proposed(taken_up)
    approve()
    call_id = verified(taken_up)
    sign_in_staff(visitor, "H1")

    text = visitor.get(f"/helpdesk/calls/{call_id}?lang=en").text

    stays = hindi()["Please tell us by %(day)s. If you do not answer, it stays open."]
    for words in ("5,509", "1,462", "“The photo shows 17088.”", stays % {"day": "09-12-2026"}):
        assert words in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (RequestOutcome(Resolution.REVISED), ["Decision: done as you asked."]),
        (
            RequestOutcome(Resolution.NOT_NEEDED, (), [BillOutcome("1", "2026-10", 100_00, 100_00, 0, 0)]),
            ["Your bill does not change. It is 100 rupees.", "You still have to pay 100 rupees."],
        ),
        (
            RequestOutcome(
                Resolution.REVISED,
                (),
                [
                    BillOutcome("1", "2026-09", 300_05, 100_00, 0, 400_00),
                    BillOutcome("2", "2026-10", 100_00, 100_00, 0, 0),
                ],
            ),
            [
                "Your bill of September 2026 was 300 rupees and 5 paise. It is now 100 rupees.",
                "200 rupees too much",
            ],
        ),
    ],
)
def test_a_decision_is_spoken_to_the_listener_in_whole_sentences(
    app: Any, frozen_clock: Any, outcome: RequestOutcome, words: list[str]
):
    with app.test_request_context("/"), in_language("en"):
        text = " ".join(outcome_sentences(outcome))

    assert [each for each in words if each not in text] == []
    assert "₹" not in text
