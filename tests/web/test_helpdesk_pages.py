"""The help desk's pages: from the search to the complaint number, what is shown when, and which calls are listed."""

import pytest

from tests.factories import (
    MOBILE,
    Household,
    a_household,
    a_service_request,
    bill_correction,
    given,
    sign_in_staff,
)
from tests.fixtures.browser_visitor import hindi
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, ask
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    OWN_MOBILE,
    agreed,
    audited_actions,
    drafted,
    helpdesk_staff,
    opened,
    otp_of,
    verified,
    wrong,
)
from tests.fixtures.pages import Page
from tests.fixtures.registration import messages, rows
from tests.fixtures.site import Visitor
from wss.models import Call, Otp, ServiceRequest
from wss.services.calls.submission import register_for_caller

OPENED = {"q": "7950761921", "call_reason": "bill"}


@pytest.fixture
def desk(visitor: Visitor, home_on_record: Household) -> Visitor:
    """Return an employee of the help desk, in English; a registered household with a mobile exists."""
    return seated(visitor, "H1")


def seated(visitor: Visitor, employee_id: str) -> Visitor:
    sign_in_staff(visitor, employee_id)
    visitor.get("/helpdesk?lang=en")
    return visitor


def press(desk: Visitor, page: str, action: str, **typed: str) -> Page:
    """Fill in the form of an action on a call's page and send it."""
    seen = desk.get(page)
    token = seen.form(having="csrf_token").fields["csrf_token"][0]
    return desk.post(page, {"csrf_token": token, "action": action, **typed})


def test_a_call_leads_from_the_box_to_the_complaint_number(desk: Visitor, home_on_record: Household):
    call = desk.fill("/helpdesk", **OPENED).location
    press(desk, call, "send_otp")
    press(desk, call, "verify", otp=otp_of("call_otp"))
    form = press(desk, call, "start_request", relation="self", consent="1").location
    check = desk.fill(form, reason="wrong_reading", reading_kwh="1050").location
    read_back = desk.get(check)
    registered = desk.send(read_back, check, form=check).location

    [request] = rows(ServiceRequest)
    groups = f"{request.complaint_no[:3]}, {request.complaint_no[3:7]}, {request.complaint_no[7:]}"
    page = desk.get(registered).text
    assert (groups in page, request.channel, request.fields["bill_no"]) == (
        True,
        "1912",
        [home_on_record.bill_no],
    )
    assert [message.recipient for message in messages("request_registered_1912")] == [MOBILE]


def test_the_text_to_read_back_is_in_the_language_of_the_call(desk: Visitor, home_on_record: Household):
    call_id = agreed(home_on_record)
    drafted(home_on_record, call_id)

    sentences = desk.get(f"/helpdesk/calls/{call_id}/check").root.iter("blockquote")

    words = [(one.get("lang"), " ".join(one.itertext())) for one in sentences]
    assert [language for language, _ in words] == ["hi"]
    assert "समस्या यह है: बिल में रीडिंग ग़लत है।" in words[0][1]


@pytest.mark.parametrize(
    ("q", "reason", "at"),
    [
        ("7950761921", "", "call_reason"),
        ("795076192%", "bill", "q"),
        ("79507", "bill", "q"),
        ("", "bill", "q"),
        ("7950761922", "bill", "q"),
    ],
)
def test_nothing_is_opened_without_a_reason_and_a_whole_number(desk: Visitor, q: str, reason: str, at: str):
    page = desk.fill("/helpdesk", q=q, call_reason=reason)

    assert (page.status, f"#{at}" in page.links, rows(Call)) == (422, True, [])


def test_before_the_caller_is_verified_everything_is_masked(desk: Visitor, home_on_record: Household):
    a_service_request(home_on_record, consumer_id=home_on_record.consumer and home_on_record.consumer.id)
    call_id = opened(home_on_record)

    page = desk.get(f"/helpdesk/calls/{call_id}").text

    assert "P•••• S••••" in page
    assert "100 0000 0016" in page
    assert [word for word in ("Pooja", "406", "UP32550680", MOBILE, "It is registered") if word in page] == []


def test_a_verified_caller_gets_the_status_of_a_request(desk: Visitor, home_on_record: Household):
    a_service_request(home_on_record)

    page = desk.get(f"/helpdesk/calls/{verified(home_on_record)}").text

    assert hindi()["It is registered. The office %(office)s will look at it."].partition("%")[0] in page


def test_a_colleagues_call_is_not_there(another_visitor: Visitor, desk: Visitor, home_on_record: Household):
    call_id = agreed(home_on_record)
    colleague = seated(another_visitor, "H2")
    token = colleague.get("/helpdesk").form(having="q").fields["csrf_token"][0]

    paths = [
        f"/helpdesk/calls/{call_id}{page}" for page in ("", "/request", "/check", "/registered/10000000016")
    ]
    seen = [colleague.get(path).status for path in paths]
    sent = [colleague.post(path, {"csrf_token": token, "action": "end"}).status for path in paths[:3]]

    assert (set(seen), set(sent)) == ({404}, {404})


def test_the_third_wrong_code_closes_the_call(desk: Visitor, home_on_record: Household):
    call = f"/helpdesk/calls/{opened(home_on_record)}"
    press(desk, call, "send_otp")
    code = wrong(otp_of("call_otp"))

    pages = [press(desk, call, "verify", otp=code) for _ in range(3)]

    assert [page.status for page in pages] == [422, 422, 409]
    assert "1 attempt is left" in pages[1].text
    assert home_on_record.account_no not in desk.get(call).html


def test_a_reopened_call_asks_for_the_code_that_was_sent(desk: Visitor, home_on_record: Household):
    call = f"/helpdesk/calls/{opened(home_on_record)}"
    press(desk, call, "send_otp")

    page = desk.get(call)

    assert "otp" in page.form(having="otp").names
    assert rows(Otp)[0].reference_no in page.text


def test_a_reopened_call_offers_a_code_once_the_former_has_expired(
    desk: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    call = f"/helpdesk/calls/{opened(home_on_record)}"
    press(desk, call, "send_otp")
    frozen_clock.advance(minutes=10, seconds=1)

    page = desk.get(call)

    assert "We will send an OTP to the mobile number on record" in page.text


def test_no_request_is_begun_without_the_callers_consent(desk: Visitor, home_on_record: Household):
    call = f"/helpdesk/calls/{verified(home_on_record)}"

    page = press(desk, call, "start_request", relation="self")

    assert (page.status, "#consent" in page.links) == (422, True)
    assert desk.get(f"{call}/request").location == call


def test_the_form_for_a_caller_speaks_of_the_consumer(desk: Visitor, home_on_record: Household):
    page = desk.get(f"/helpdesk/calls/{agreed(home_on_record)}/request?request=BILL_CORRECTION")

    assert "Anything else the consumer wants to say" in page.text
    assert "want to tell us" not in page.text


def test_what_a_broken_call_left_is_gone_on_with(
    desk: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    drafted(home_on_record, agreed(home_on_record, COLLEAGUE), COLLEAGUE)
    frozen_clock.advance(minutes=2)
    call_id = agreed(home_on_record)

    page = desk.get(f"/helpdesk/calls/{call_id}")

    assert "half-filled request: Bill correction" in page.text
    assert desk.get(f"/helpdesk/calls/{call_id}/check").status == 200


def test_without_a_mobile_bill_name_and_the_callers_own_number_prove(
    visitor: Visitor, home_without_mobile: Household
):
    desk = seated(visitor, "H1")
    call = f"/helpdesk/calls/{opened(home_without_mobile)}"
    answers = {
        "bill_no": home_without_mobile.bill_no,
        "spoken_name": "Sharma Pooja",
        "caller_mobile": OWN_MOBILE,
    }

    press(desk, call, "verify", **answers)
    page = press(desk, call, "verify", otp=otp_of("call_own_otp"))

    assert "The caller is verified" in desk.get(page.location).text


def test_an_empty_form_of_facts_has_errors_at_its_fields_and_costs_no_attempt(
    visitor: Visitor, home_without_mobile: Household
):
    desk = seated(visitor, "H1")
    call = f"/helpdesk/calls/{opened(home_without_mobile)}"

    page = press(desk, call, "verify", bill_no="", spoken_name="", caller_mobile="")

    assert page.status == 422
    assert "Enter a bill number" in page.text
    assert "Enter the name the caller gives" in page.text
    assert "attempts are left" not in page.text


def test_a_resolution_is_confirmed_by_a_code_of_its_own(
    desk: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    a_service_request(home_on_record, status="resolved", resolution="not_needed")
    call = f"/helpdesk/calls/{verified(home_on_record)}"
    frozen_clock.advance(minutes=2)
    answers = {"complaint_no": "10000000016", "answer": "confirm"}

    asked = press(desk, call, "confirm_resolution", **answers)
    done = press(desk, call, "confirm_resolution", **answers, otp=otp_of("call_confirm_otp"))

    assert asked.find("otp-10000000016") is not None
    assert "The request is closed" in desk.get(done.location).text
    assert audited_actions("confirm_told") == [(HELPDESK.id, "request:10000000016")]


def test_a_new_otp_is_asked_for_without_trying_the_one_in_the_field(
    desk: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    a_service_request(home_on_record, status="resolved", resolution="not_needed")
    call = f"/helpdesk/calls/{verified(home_on_record)}"
    frozen_clock.advance(minutes=2)
    answers = {"complaint_no": "10000000016", "answer": "confirm"}
    press(desk, call, "confirm_resolution", **answers)
    frozen_clock.advance(minutes=2)

    again = press(desk, call, "confirm_resolution", **answers, otp="000000", new_otp="1")

    assert again.status == 200 and again.find("otp-10000000016") is not None
    assert [one.wrong_tries for one in rows(Call)] == [0]
    assert len(messages("call_confirm_otp")) == 2


def test_an_address_without_a_page_shows_the_office_to_staff(desk: Visitor):
    page = desk.get("/nosuchpage")

    assert page.status == 404 and "/helpdesk" in page.links
    assert "Go to your start page" in page.text


def test_of_several_connections_one_is_chosen_before_anything_is_opened(desk: Visitor):
    a_household("7950761940", registered=False, mobile_on_record=MOBILE)
    call = desk.fill("/helpdesk", q=MOBILE, call_reason="bill").location
    offered = desk.get(call).form(having="account_no")

    press(desk, call, "choose", account_no="7950761940")

    assert audited_actions("view") == [(HELPDESK.id, "connection:7950761940")]
    assert "P•••• S••••" in desk.get(call).text
    assert offered.action == call


def test_a_call_that_was_not_ended_is_found_again_at_the_desk(desk: Visitor, home_on_record: Household):
    going, ended = opened(home_on_record), opened(home_on_record)
    press(desk, f"/helpdesk/calls/{ended}", "end")

    links = desk.get("/helpdesk").links

    assert [link for link in links if "/calls/" in link] == [f"/helpdesk/calls/{going}"]


def test_documents_follow_by_a_link_for_the_request_of_this_call(desk: Visitor, home_on_record: Household):
    call_id = agreed(home_on_record)
    number = register_for_caller(HELPDESK, call_id, drafted(home_on_record, call_id))

    press(desk, f"/helpdesk/calls/{call_id}", "send_documents_link", complaint_no=number)

    assert [message.recipient for message in messages("documents_link")] == [MOBILE]


@pytest.mark.parametrize(("registered", "done"), [(True, "mobile_change_link"), (False, "register_link")])
def test_what_only_the_consumer_may_finish_is_begun_by_a_link(
    visitor: Visitor, database: object, frozen_clock: FrozenClock, registered: bool, done: str
):
    given(*bill_correction())
    home = a_household(registered=registered)
    given(*helpdesk_staff())
    desk = seated(visitor, "H1")
    call = f"/helpdesk/calls/{verified(home)}"

    for action in ("start_mobile_change", "register_consumer"):
        press(desk, call, action)

    assert [message.recipient for message in messages("mobile_change_link", "register_link")] == [MOBILE]
    assert [message.notice for message in messages("mobile_change_link", "register_link")] == [done]


def test_a_caller_without_any_number_is_served_and_counted(desk: Visitor):
    nothing = desk.fill("/helpdesk", q="7950761922", call_reason="bill")
    assert nothing.status == 422
    token = nothing.form(having="csrf_token").fields["csrf_token"][0]
    typed = {"csrf_token": token, "q": "7950761922", "call_reason": "bill", "language": "hi"}

    call = desk.post("/helpdesk", {**typed, "action": "without_number"}).location
    sent = press(desk, call, "send_link", caller_mobile=OWN_MOBILE)

    assert "on its way" in desk.get(sent.location).text
    assert [one.recipient for one in messages("registration_link")] == [OWN_MOBILE]
    assert OWN_MOBILE not in sent.location
    assert [(one.call_reason, one.account_no) for one in rows(Call)] == [("bill", None)]


def test_the_callers_language_is_hindi_whatever_the_employee_reads(desk: Visitor):
    fields = desk.get("/helpdesk").form(having="q").fields

    assert fields["language"] == ["hi"]


def test_number_and_digits_show_the_status_and_nothing_of_the_consumer(
    desk: Visitor, home_on_record: Household
):
    a_service_request(home_on_record, consumer_id=home_on_record.consumer and home_on_record.consumer.id)
    call = f"/helpdesk/calls/{opened(home_on_record, q='10000000016', reason='status')}"

    page = press(desk, call, "track", complaint_no="100 0000 0016", mobile_last4=MOBILE[-4:])

    spoken = hindi()["It is registered. The office %(office)s will look at it."].partition("%")[0]
    assert (page.status, spoken in page.text) == (200, True)
    assert not {"Pooja Sharma", MOBILE} & {word for word in ("Pooja Sharma", MOBILE) if word in page.text}
    wrong_digits = press(desk, call, "track", complaint_no="100 0000 0016", mobile_last4="0000")
    assert (wrong_digits.status, "#complaint_no" in wrong_digits.links) == (422, True)


def test_a_second_otp_has_to_wait(desk: Visitor, home_on_record: Household):
    call = f"/helpdesk/calls/{opened(home_on_record)}"
    press(desk, call, "send_otp")

    page = press(desk, call, "send_otp")

    assert (page.status, "has already been sent. You can send another in" in page.text) == (429, True)


def test_a_status_tried_too_often_is_not_said_to_be_about_otps(desk: Visitor, home_on_record: Household):
    a_service_request(home_on_record)
    call = f"/helpdesk/calls/{opened(home_on_record)}"
    wrong_digits = {"complaint_no": NUMBER, "mobile_last4": "0000"}

    pages = [press(desk, call, "track", **wrong_digits) for _ in range(6)]

    assert (pages[-1].status, "Too many attempts. Try again in" in pages[-1].text) == (429, True)


def test_the_question_of_the_office_is_read_out_and_answered(visitor: Visitor, complainant: Household):
    given(*helpdesk_staff())
    ask()
    desk = seated(visitor, "H1")
    call = f"/helpdesk/calls/{verified(complainant)}"
    assert "Please send a photo of the meter." in desk.get(call).text

    empty = press(desk, call, "answer_question", complaint_no=NUMBER, answer=" ")
    assert (empty.status, f"#answer-{NUMBER}" in empty.links) == (422, True)
    press(desk, call, "answer_question", complaint_no=NUMBER, answer="It shows 1060.")
    press(desk, call, "remind", complaint_no=NUMBER)

    after = desk.get(call).text
    assert "Please send a photo of the meter." not in after
    assert "called 1 time" in after


def test_a_dead_number_leads_to_the_counter(desk: Visitor, home_on_record: Household):
    call = f"/helpdesk/calls/{opened(home_on_record, reason='mobile')}"

    answers = press(desk, call, "report_dead_number", bill_no=home_on_record.bill_no, spoken_name="पूजा शर्मा")

    page = desk.get(answers.location).text
    counter = hindi()["Please go to the counter of this office: %(office)s."].partition("%")[0]
    assert counter in page
    assert (
        hindi()["Take your last bill, a photo identity card and the phone with the new number with you."]
        in page
    )
    assert "Pooja Sharma" not in page
    another = desk.get(f"/helpdesk/calls/{opened(home_on_record)}").text
    assert counter not in another
