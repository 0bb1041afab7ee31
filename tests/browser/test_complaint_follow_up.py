"""A complaint to its end, in both languages, with and without scripts: every step of its consumer."""

import pytest
from playwright.sync_api import expect

from tests.factories import MOBILE, Household, a_household, a_service_request, bill_correction, given
from tests.fixtures.browser_user import BrowserUser
from tests.fixtures.complaint_handling import NUMBER, ask, path_of, resolve, staff_of_the_office
from tests.fixtures.page_checks import faults_of

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
TIMELINE = f"/requests/{NUMBER}"
DONE = "#done"


@pytest.fixture
def home(browser_user: BrowserUser) -> Household:
    """A household whose complaint is registered; its consumer is signed in."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    browser_user.is_logged_in(own.consumer)
    return own


def status(browser_user: BrowserUser, text: str) -> None:
    browser_user.reads(text, "main .tag")


def unfold(browser_user: BrowserUser, step: str) -> None:
    """Open what hides the form of a step."""
    browser_user.page.locator("details", has=browser_user.page.locator(f"[value={step}]")).locator(
        "summary"
    ).click()


@pytest.mark.usefixtures("home")
def test_documents_are_added_a_question_answered_and_the_complaint_withdrawn(browser_user: BrowserUser):
    browser_user.goes_to(TIMELINE)
    browser_user.chooses_a_photo()
    browser_user.sends(f"form[action='{TIMELINE}/documents'] .btn", DONE)
    browser_user.reads("The document is with the complaint now.", DONE)
    expect(browser_user.page.locator(".tl a", has_text="meter.jpg")).to_be_visible()
    ask()
    browser_user.goes_to(TIMELINE)
    status(browser_user, "Information asked of you")
    browser_user.sees("Please send a photo of the meter.")
    browser_user.sends("[value=answer]", "#answer-remark-e")
    browser_user.reads("Write your answer, or add a document", "#error-summary")
    browser_user.sends("[value=answer]", DONE, **{"answer-remark": "मीटर बाहर है।"})
    browser_user.reads("Your answer is with the office.", DONE)
    browser_user.goes_to(TIMELINE)
    unfold(browser_user, "withdraw")

    browser_user.sends("[value=withdraw]", DONE)

    browser_user.reads("The complaint is withdrawn.", DONE)
    status(browser_user, "Withdrawn")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_confirmed_rated_and_opened_again(browser_user: BrowserUser):
    resolve()
    browser_user.goes_to(TIMELINE)
    status(browser_user, "Resolved")
    browser_user.sends("[value=confirm]", DONE)
    browser_user.reads("Thank you. The complaint is closed, as you confirmed.", DONE)
    browser_user.goes_to(TIMELINE)
    browser_user.sends("[value=rate]", "#rate-rating .msg")
    browser_user.page.check("[name=rating][value='2']")
    browser_user.sends("[value=rate]", DONE)
    browser_user.reads("Thank you for your rating.", DONE)
    browser_user.goes_to(TIMELINE)
    unfold(browser_user, "reopen")
    browser_user.sends("[value=reopen]", "#reopen-remark-e")

    browser_user.sends("[value=reopen]", DONE, **{"reopen-remark": "रीडिंग अभी भी गलत है।"})

    browser_user.reads("The complaint is open again, one level up.", DONE)
    status(browser_user, "Reopened")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_refused(browser_user: BrowserUser):
    resolve()
    browser_user.goes_to(TIMELINE)
    unfold(browser_user, "refuse")
    browser_user.sends("[value=refuse]", "#refuse-remark-e")

    browser_user.sends("[value=refuse]", DONE, **{"refuse-remark": "रीडिंग अभी भी गलत है।"})

    browser_user.reads("The office has been told that it is not settled.", DONE)
    browser_user.sees("रीडिंग अभी भी गलत है।", ".tl")


@pytest.mark.usefixtures("home")
def test_a_complaint_is_tracked_without_signing_in(browser_user: BrowserUser):
    browser_user.page.context.clear_cookies(name="wss")
    browser_user.goes_to("/")
    browser_user.presses("form[action='/track'] .btn", complaint_no=NUMBER, mobile_last4="0000")
    browser_user.reads(
        "Complaint number and mobile do not fit together. Both stand in the SMS or on the slip.",
        "#error-summary",
    )

    browser_user.presses("form[action^='/track'] .btn", mobile_last4=MOBILE[-4:])

    browser_user.reads("Registered", "main .tag")
    browser_user.does_not_see("Pooja", "body")
    browser_user.does_not_see("Kumarpur", "body")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_confirms_or_refuses(browser_user: BrowserUser):
    resolve()
    browser_user.page.context.clear_cookies(name="wss")
    link = path_of("resolved")
    browser_user.goes_to(link)
    browser_user.reads("Is your complaint settled?", "h1")
    # Each answer in both languages, with scripts and without.
    if (browser_user.language == "hi") ^ browser_user.scripts:
        browser_user.presses("[value=confirm]")
        browser_user.reads("Thank you. The complaint is closed.", "h1")
    else:
        browser_user.page.click("summary")
        browser_user.presses("[value=refuse]")
        browser_user.presses("[value=refuse]", remark="रीडिंग अभी भी गलत है।")
        browser_user.reads("The complaint is open again", "h1")

    browser_user.goes_to(link)

    browser_user.reads("This link is over", "h1")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_answers_and_takes_a_photo_after_that(browser_user: BrowserUser):
    ask()
    browser_user.page.context.clear_cookies(name="wss")
    link = path_of("question")
    browser_user.goes_to(link)
    browser_user.sees("Please send a photo of the meter.")
    browser_user.presses()
    browser_user.reads("Write your answer, or add a document", "#error-summary")
    assert (
        faults_of(browser_user.page, f"question-{browser_user.language}", scripts=browser_user.scripts) == []
    )
    browser_user.presses(remark="मीटर बाहर है।")
    browser_user.reads("Your answer is with the office.", "h1")
    browser_user.goes_to(link)
    browser_user.chooses_a_photo()
    browser_user.presses()
    browser_user.goes_to(link)

    browser_user.reads("Received so far: %(number)s", number=1)
    assert (
        faults_of(
            browser_user.page, f"question-answered-{browser_user.language}", scripts=browser_user.scripts
        )
        == []
    )
