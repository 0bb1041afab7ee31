"""A complaint to its end, in both languages, with and without scripts: every step of its consumer."""

import pytest
from playwright.sync_api import expect

from tests.factories import MOBILE, Household, a_household, a_service_request, bill_correction, given
from tests.fixtures.browser_user import Walker
from tests.fixtures.complaint_handling import NUMBER, ask, path_of, resolve, staff_of_the_office
from tests.fixtures.page_checks import faults_of

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
TIMELINE = f"/requests/{NUMBER}"
DONE = "#done"


@pytest.fixture
def home(walker: Walker) -> Household:
    """A household whose complaint is registered; its consumer is signed in."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    walker.is_let_in(own.consumer)
    return own


def status(walker: Walker, text: str) -> None:
    walker.reads(text, "main .tag")


def unfold(walker: Walker, step: str) -> None:
    """Open what hides the form of a step."""
    walker.page.locator("details", has=walker.page.locator(f"[value={step}]")).locator("summary").click()


@pytest.mark.usefixtures("home")
def test_documents_are_added_a_question_answered_and_the_complaint_withdrawn(walker: Walker):
    walker.goes_to(TIMELINE)
    walker.chooses_a_photo()
    walker.sends(f"form[action='{TIMELINE}/documents'] .btn", DONE)
    walker.reads("The document is with the complaint now.", DONE)
    expect(walker.page.locator(".tl a", has_text="meter.jpg")).to_be_visible()
    ask()
    walker.goes_to(TIMELINE)
    status(walker, "Information asked of you")
    walker.sees("Please send a photo of the meter.")
    walker.sends("[value=answer]", "#answer-remark-e")
    walker.reads("Write your answer, or add a document", "#error-summary")
    walker.sends("[value=answer]", DONE, **{"answer-remark": "मीटर बाहर है।"})
    walker.reads("Your answer is with the office.", DONE)
    walker.goes_to(TIMELINE)
    unfold(walker, "withdraw")

    walker.sends("[value=withdraw]", DONE)

    walker.reads("The complaint is withdrawn.", DONE)
    status(walker, "Withdrawn")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_confirmed_rated_and_opened_again(walker: Walker):
    resolve()
    walker.goes_to(TIMELINE)
    status(walker, "Resolved")
    walker.sends("[value=confirm]", DONE)
    walker.reads("Thank you. The complaint is closed, as you confirmed.", DONE)
    walker.goes_to(TIMELINE)
    walker.sends("[value=rate]", "#rate-rating .msg")
    walker.page.check("[name=rating][value='2']")
    walker.sends("[value=rate]", DONE)
    walker.reads("Thank you for your rating.", DONE)
    walker.goes_to(TIMELINE)
    unfold(walker, "reopen")
    walker.sends("[value=reopen]", "#reopen-remark-e")

    walker.sends("[value=reopen]", DONE, **{"reopen-remark": "रीडिंग अभी भी गलत है।"})

    walker.reads("The complaint is open again, one level up.", DONE)
    status(walker, "Reopened")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_refused(walker: Walker):
    resolve()
    walker.goes_to(TIMELINE)
    unfold(walker, "refuse")
    walker.sends("[value=refuse]", "#refuse-remark-e")

    walker.sends("[value=refuse]", DONE, **{"refuse-remark": "रीडिंग अभी भी गलत है।"})

    walker.reads("The office has been told that it is not settled.", DONE)
    walker.sees("रीडिंग अभी भी गलत है।", ".tl")


@pytest.mark.usefixtures("home")
def test_a_complaint_is_tracked_without_signing_in(walker: Walker):
    walker.page.context.clear_cookies(name="wss")
    walker.goes_to("/")
    walker.presses("form[action='/track'] .btn", complaint_no=NUMBER, mobile_last4="0000")
    walker.reads(
        "Complaint number and mobile do not fit together. Both stand in the SMS or on the slip.",
        "#error-summary",
    )

    walker.presses("form[action^='/track'] .btn", mobile_last4=MOBILE[-4:])

    walker.reads("Registered", "main .tag")
    walker.does_not_see("Pooja", "body")
    walker.does_not_see("Kumarpur", "body")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_confirms_or_refuses(walker: Walker):
    resolve()
    walker.page.context.clear_cookies(name="wss")
    link = path_of("resolved")
    walker.goes_to(link)
    walker.reads("Is your complaint settled?", "h1")
    # Each answer in both languages, with scripts and without.
    if (walker.language == "hi") ^ walker.scripts:
        walker.presses("[value=confirm]")
        walker.reads("Thank you. The complaint is closed.", "h1")
    else:
        walker.page.click("summary")
        walker.presses("[value=refuse]")
        walker.presses("[value=refuse]", remark="रीडिंग अभी भी गलत है।")
        walker.reads("The complaint is open again", "h1")

    walker.goes_to(link)

    walker.reads("This link is over", "h1")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_answers_and_takes_a_photo_after_that(walker: Walker):
    ask()
    walker.page.context.clear_cookies(name="wss")
    link = path_of("question")
    walker.goes_to(link)
    walker.sees("Please send a photo of the meter.")
    walker.presses()
    walker.reads("Write your answer, or add a document", "#error-summary")
    assert faults_of(walker.page, f"question-{walker.language}", scripts=walker.scripts) == []
    walker.presses(remark="मीटर बाहर है।")
    walker.reads("Your answer is with the office.", "h1")
    walker.goes_to(link)
    walker.chooses_a_photo()
    walker.presses()
    walker.goes_to(link)

    walker.reads("Received so far: %(number)s", number=1)
    assert faults_of(walker.page, f"question-answered-{walker.language}", scripts=walker.scripts) == []
