"""Staff login pages: password, second factor, recovery codes, step-up, logout."""

import re
from typing import Any

import pytest

from tests.factories import STAFF_PASSWORD, a_credential, given, offices
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import (
    EMPLOYEE,
    OWN_PASSWORD,
    an_employee,
    an_enrolled_employee,
    code,
    give_code,
    give_password,
    log_in_staff,
)
from wss.services.login.staff_credentials import Enrolment, enrol
from wss.web import staff_menu


@pytest.fixture
def enrolled(database: Any, frozen_clock: FrozenClock) -> None:
    """Insert an employee who has used an authenticator for a long time."""
    an_enrolled_employee()


@pytest.fixture
def employee(enrolled: None, visitor: Visitor) -> Visitor:
    """Return the browser of an enrolled employee who has just logged in."""
    log_in_staff(visitor)
    return visitor


@pytest.fixture
def enrolment(database: Any, visitor: Visitor) -> Enrolment:
    """Return what a new employee was handed, who has given the first password in this browser."""
    given(*offices())
    an_employee()
    enrolled = enrol(EMPLOYEE)
    give_password(visitor, enrolled.password)
    return enrolled


def recovery_codes(visitor: Visitor) -> list[str]:
    """Return ten new recovery codes from the page."""
    page = visitor.fill("/staff/codes", form="/staff/codes")
    return re.findall(r"\b[A-Z2-9]{5} [A-Z2-9]{5}\b", page.text)


def test_password_and_code_log_in(enrolled: None, visitor: Visitor):
    log_in_staff(visitor)

    assert visitor.get("/staff/security").status == 200


def test_after_the_password_only_the_code_is_asked_for(enrolled: None, visitor: Visitor):
    page = give_password(visitor)

    assert page.location == "/staff/totp"
    assert visitor.get("/staff/security").location == "/staff/totp?next=/staff/security"


def test_after_the_login_the_requested_page_opens(enrolled: None, visitor: Visitor):
    page = visitor.fill("/staff/login?next=/staff/security", employee_id=EMPLOYEE, password=STAFF_PASSWORD)
    page = visitor.fill(page.location, code=code())

    assert page.location == "/staff/security"


def test_no_page_of_another_site_is_gone_on_to(enrolled: None, visitor: Visitor):
    give_password(visitor)

    page = visitor.fill("/staff/totp?next=https://example.in/", code=code())

    assert page.location == "/staff"


def test_unknown_employees_and_wrong_passwords_are_answered_alike(enrolled: None, visitor: Visitor):
    wrong = give_password(visitor, "three green lamps at noon")
    unknown = give_password(visitor, employee_id="E99999")

    assert (wrong.status, unknown.status) == (422, 422)
    assert wrong.find("error-summary").text == unknown.find("error-summary").text


def test_after_five_wrong_passwords_the_page_says_when_to_come_back(enrolled: None, visitor: Visitor):
    for _try in range(5):
        give_password(visitor, "three green lamps at noon")

    page = give_password(visitor)

    assert (page.status, page.headers["Retry-After"].isdigit()) == (429, True)


def test_a_first_password_is_changed_before_the_authenticator_is_set_up(database: Any, visitor: Visitor):
    given(*offices())
    an_employee()

    page = give_password(visitor, enrol(EMPLOYEE).password)

    assert page.location == "/staff/password"
    page = visitor.fill(page.location, password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    assert page.location == "/staff/totp"


def test_who_has_no_authenticator_is_shown_what_to_set_it_up_by(enrolment: Enrolment, visitor: Visitor):
    page = visitor.get("/staff/totp")

    assert enrolment.totp_secret in page.text.replace(" ", "")
    assert "<svg" in page.html


def test_who_has_an_authenticator_never_sees_its_key_again(enrolled: None, visitor: Visitor):
    give_password(visitor)

    assert "<svg" not in visitor.get("/staff/totp").html


def test_the_first_code_sets_the_authenticator_up_and_leads_to_recovery_codes(
    enrolment: Enrolment, visitor: Visitor
):
    visitor.fill("/staff/password", password=OWN_PASSWORD, password_again=OWN_PASSWORD)

    page = give_code(visitor, code(enrolment.totp_secret))

    assert page.location == "/staff/codes"
    assert len(set(recovery_codes(visitor))) == 10


def test_a_code_given_before_the_first_password_is_changed_opens_nothing_else(
    enrolment: Enrolment, visitor: Visitor
):
    page = give_code(visitor, code(enrolment.totp_secret))

    assert page.location == "/staff/password"
    assert visitor.get("/staff/security").location == "/staff/password?next=/staff/security"


def test_a_recovery_code_works_once(employee: Visitor, another_visitor: Visitor):
    spare = recovery_codes(employee)[0]
    give_password(another_visitor)

    first = give_code(another_visitor, spare.lower())
    give_password(another_visitor)
    second = give_code(another_visitor, spare)

    assert (first.status, second.status) == (303, 422)


def test_a_wrong_code_is_refused_at_its_field(enrolled: None, visitor: Visitor):
    give_password(visitor)

    page = give_code(visitor, code(ahead=9))

    assert page.status == 422
    assert page.title.startswith("ग़लती:")


def test_the_cookie_is_new_after_each_step(enrolled: None, visitor: Visitor, frozen_clock: FrozenClock):
    seen = []
    visitor.get("/staff/login")
    for step in (lambda: give_password(visitor), lambda: give_code(visitor)):
        step()
        seen.append(visitor.cookies()["wss"])
    frozen_clock.advance(minutes=1)
    give_code(visitor, at="/staff/step-up")
    seen.append(visitor.cookies()["wss"])

    assert len(set(seen)) == 3


def test_an_id_from_before_the_second_factor_is_worth_nothing(
    enrolled: None, visitor: Visitor, another_visitor: Visitor
):
    give_password(visitor)
    another_visitor.client.set_cookie("wss", visitor.cookies()["wss"])

    give_code(visitor)

    assert another_visitor.get("/staff/totp").location == "/staff/login?next=/staff/totp"


def test_a_code_once_more_leads_to_what_was_wanted(employee: Visitor, frozen_clock: FrozenClock):
    frozen_clock.advance(minutes=1)

    page = employee.fill("/staff/step-up?next=/staff/security", code=code())

    assert page.location == "/staff/security"


def test_recovery_codes_need_a_code_of_the_last_five_minutes(employee: Visitor, frozen_clock: FrozenClock):
    frozen_clock.advance(minutes=5)

    page = employee.fill("/staff/codes", form="/staff/codes")

    assert page.location == "/staff/step-up?next=/staff/codes&again=1"


def test_after_a_code_the_page_says_to_press_the_button_again(employee: Visitor, frozen_clock: FrozenClock):
    frozen_clock.advance(minutes=5)
    asked = employee.fill("/staff/codes", form="/staff/codes").location

    page = employee.fill(f"{asked}&lang=en", code=code())

    assert page.location == "/staff/codes?coded=1"
    assert "The code is correct. Now press the button again." in employee.get(page.location).text


def test_another_password_ends_every_other_session(
    employee: Visitor, another_visitor: Visitor, frozen_clock: FrozenClock
):
    frozen_clock.advance(minutes=1)
    log_in_staff(another_visitor)
    fields = {"password": OWN_PASSWORD, "password_again": OWN_PASSWORD}

    page = another_visitor.fill("/staff/security", current_password=STAFF_PASSWORD, **fields)

    assert page.status == 303
    assert (employee.get("/staff/security").status, another_visitor.get("/staff/security").status) == (
        303,
        200,
    )


def test_another_password_needs_the_present_one(employee: Visitor):
    fields = {"password": OWN_PASSWORD, "password_again": OWN_PASSWORD}

    page = employee.fill("/staff/security", current_password="three green lamps at noon", **fields)

    assert page.status == 422


def test_a_short_password_and_ones_own_name_are_refused(database: Any, visitor: Visitor):
    given(*offices())
    an_employee(name="Kamalakanthan Rao")
    enrolment = enrol(EMPLOYEE)
    give_password(visitor, enrolment.password)

    answers = [
        visitor.fill("/staff/password", password=word, password_again=word).status
        for word in ("5 green lamps", "kamalakanthan1", enrolment.password)
    ]

    assert answers == [422, 422, 422]


def test_signing_out_ends_the_session(employee: Visitor, another_visitor: Visitor):
    another_visitor.client.set_cookie("wss", employee.cookies()["wss"])

    page = employee.fill("/staff/security", form="/staff/logout")

    assert page.location == "/staff/login"
    assert another_visitor.get("/staff/security").status == 303


@pytest.mark.parametrize(("role", "page"), [("sdo", "/todo"), ("helpdesk", "/helpdesk"), ("admin", "/admin")])
def test_every_employee_is_led_to_their_first_page(database: Any, visitor: Visitor, role: str, page: str):
    an_enrolled_employee(role=role)
    log_in_staff(visitor)

    assert visitor.get("/staff").location == page


def test_an_employee_without_a_page_is_informed_of_it(employee: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(staff_menu, "MENU", {})

    page = employee.get("/staff")

    assert page.status == 200
    assert "A. Rao" in page.text


def test_the_trial_site_shows_the_code_of_an_authenticator(enrolled: None, visitor: Visitor):
    give_password(visitor)

    assert give_code(visitor, visitor.client.get(f"/dev/totp/{EMPLOYEE}").text).status == 303


def test_the_trial_site_shows_the_next_code_once_one_is_used(employee: Visitor, another_visitor: Visitor):
    give_password(another_visitor)

    assert give_code(another_visitor, employee.client.get(f"/dev/totp/{EMPLOYEE}").text).status == 303


def test_who_has_an_authenticator_gives_its_code_before_changing_a_password(database: Any, visitor: Visitor):
    given(*offices())
    an_employee(left_on=None)
    given(a_credential(EMPLOYEE, must_change=True))
    give_password(visitor)

    assert give_code(visitor).location == "/staff/password"
