"""A complaint to its end, in both languages, with and without scripts: every step of its consumer."""

import pytest
from playwright.sync_api import expect

from tests.factories import MOBILE, Household, a_household, a_service_request, bill_correction, given
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.complaint_handling import NUMBER, ask, path_of, resolve, staff_of_the_office
from tests.fixtures.page_checks import faults_of

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
TIMELINE = f"/requests/{NUMBER}"
DONE = "#done"


@pytest.fixture
def home(browser_visitor: BrowserVisitor) -> Household:
    """Provide a household with a registered complaint, whose consumer is logged in."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    browser_visitor.is_logged_in(own.consumer)
    return own


def status(browser_visitor: BrowserVisitor, text: str) -> None:
    browser_visitor.reads(text, "main .tag")


def unfold(browser_visitor: BrowserVisitor, step: str) -> None:
    """Open the element that hides the form of a step."""
    browser_visitor.page.locator("details", has=browser_visitor.page.locator(f"[value={step}]")).locator(
        "summary"
    ).click()


@pytest.mark.usefixtures("home")
def test_documents_are_added_a_question_answered_and_the_complaint_withdrawn(browser_visitor: BrowserVisitor):
    browser_visitor.goes_to(TIMELINE)
    browser_visitor.chooses_a_photo()
    browser_visitor.sends(f"form[action='{TIMELINE}/documents'] .btn", DONE)
    browser_visitor.reads("Your document has been added to the complaint.", DONE)
    expect(browser_visitor.page.locator(".tl a", has_text="meter.jpg")).to_be_visible()
    ask()
    browser_visitor.goes_to(TIMELINE)
    status(browser_visitor, "Your reply needed")
    browser_visitor.sees("Please send a photo of the meter.")
    browser_visitor.sends("[value=answer]", "#answer-remark-e")
    browser_visitor.reads("Write your answer, or add a document", "#error-summary")
    browser_visitor.sends("[value=answer]", DONE, **{"answer-remark": "मीटर बाहर है।"})
    browser_visitor.reads("Your answer has been sent to the office.", DONE)
    browser_visitor.goes_to(TIMELINE)
    unfold(browser_visitor, "withdraw")

    browser_visitor.sends("[value=withdraw]", DONE)

    browser_visitor.reads("The complaint has been withdrawn.", DONE)
    status(browser_visitor, "Withdrawn")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_confirmed_rated_and_opened_again(browser_visitor: BrowserVisitor):
    resolve()
    browser_visitor.goes_to(TIMELINE)
    status(browser_visitor, "No revision needed")
    browser_visitor.sends("[value=confirm]", DONE)
    browser_visitor.reads("Thank you. The complaint is closed, as you confirmed.", DONE)
    browser_visitor.goes_to(TIMELINE)
    browser_visitor.sends("[value=rate]", "#rate-rating .msg")
    browser_visitor.page.check("[name=rating][value='2']")
    browser_visitor.sends("[value=rate]", DONE)
    browser_visitor.reads("Thank you for your rating.", DONE)
    browser_visitor.goes_to(TIMELINE)
    unfold(browser_visitor, "reopen")
    browser_visitor.sends("[value=reopen]", "#reopen-remark-e")

    browser_visitor.sends("[value=reopen]", DONE, **{"reopen-remark": "रीडिंग अभी भी गलत है।"})

    browser_visitor.reads("The complaint has been reopened and sent to a senior officer.", DONE)
    status(browser_visitor, "Reopened")


@pytest.mark.usefixtures("home")
def test_a_resolution_is_refused(browser_visitor: BrowserVisitor):
    resolve()
    browser_visitor.goes_to(TIMELINE)
    unfold(browser_visitor, "refuse")
    browser_visitor.sends("[value=refuse]", "#refuse-remark-e")

    browser_visitor.sends("[value=refuse]", DONE, **{"refuse-remark": "रीडिंग अभी भी गलत है।"})

    browser_visitor.reads(
        "The complaint has been sent to the %(post)s, who will look at it.",
        DONE,
        post=browser_visitor.says("Executive engineer"),
    )
    browser_visitor.sees("रीडिंग अभी भी गलत है।", ".tl")


@pytest.mark.usefixtures("home")
def test_a_complaint_is_tracked_without_signing_in(browser_visitor: BrowserVisitor):
    browser_visitor.page.context.clear_cookies(name="wss")
    browser_visitor.goes_to("/")
    browser_visitor.presses("form[action='/track'] .btn", complaint_no=NUMBER, mobile_last4="0000")
    browser_visitor.reads(
        "The complaint number and the mobile digits do not match. The complaint number is in the SMS "
        "and on the slip. Use the mobile number that received the SMS.",
        "#error-summary",
    )

    browser_visitor.presses("form[action^='/track'] .btn", mobile_last4=MOBILE[-4:])

    browser_visitor.reads("Registered", "main .tag")
    browser_visitor.does_not_see("Pooja", "body")
    browser_visitor.does_not_see("Kumarpur", "body")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_confirms_or_refuses(browser_visitor: BrowserVisitor):
    resolve()
    browser_visitor.page.context.clear_cookies(name="wss")
    link = path_of("resolved")
    browser_visitor.goes_to(link)
    browser_visitor.reads("Do you agree with this decision?", "h1")
    # Each answer is given in both languages, with scripts and without.
    if (browser_visitor.language == "hi") ^ browser_visitor.scripts:
        browser_visitor.presses("[value=confirm]")
        browser_visitor.reads("Thank you. It is now closed.", "h1")
    else:
        browser_visitor.page.click("summary")
        browser_visitor.presses("[value=refuse]")
        browser_visitor.presses("[value=refuse]", remark="रीडिंग अभी भी गलत है।")
        browser_visitor.reads("It has been reopened", "h1")

    browser_visitor.goes_to(link)

    browser_visitor.reads("This link has expired", "h1")


@pytest.mark.usefixtures("home")
def test_the_link_of_the_sms_answers_and_takes_a_photo_after_that(browser_visitor: BrowserVisitor):
    ask()
    browser_visitor.page.context.clear_cookies(name="wss")
    link = path_of("question")
    browser_visitor.goes_to(link)
    browser_visitor.sees("Please send a photo of the meter.")
    browser_visitor.presses()
    browser_visitor.reads("Write your answer, or add a document", "#error-summary")
    assert (
        faults_of(
            browser_visitor.page, f"question-{browser_visitor.language}", scripts=browser_visitor.scripts
        )
        == []
    )
    browser_visitor.presses(remark="मीटर बाहर है।")
    browser_visitor.reads("Your answer has been sent to the office.", "h1")
    browser_visitor.goes_to(link)
    browser_visitor.chooses_a_photo()
    browser_visitor.presses()
    browser_visitor.goes_to(link)

    browser_visitor.reads("Received so far: %(number)s", number=1)
    assert (
        faults_of(
            browser_visitor.page,
            f"question-answered-{browser_visitor.language}",
            scripts=browser_visitor.scripts,
        )
        == []
    )
