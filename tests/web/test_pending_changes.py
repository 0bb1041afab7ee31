"""A change that grants rights is pending on its own page until a second administrator has decided."""

import pytest

from tests.factories import given, offices, sign_in_staff
from tests.fixtures.complaint_handling import rows
from tests.fixtures.staff_login import code
from tests.web.test_admin_pages import make_change, upload
from wss.gateways.message_texts import FOLDER
from wss.models import ApprovalLimit, PendingChange, Staff

PROMOTED = "employee_id,name,role,office_code,mobile,email\nC1,Chetan Das,ee,PVVNL-Z06-C1-D1,,\n"


@pytest.fixture
def administrators(visitor, another_visitor, frozen_clock):
    """Return two administrators who have just given a code; a clerk exists."""
    given(
        *offices(),
        Staff(employee_id="C1", name="Chetan Das", role="billing_clerk", office_code="PVVNL-Z06-C1-D1-S2"),
        *(Staff(employee_id=one, name=one, role="admin", office_code="PVVNL") for one in ("A1", "A2")),
    )
    for browser, employee_id in ((visitor, "A1"), (another_visitor, "A2")):
        sign_in_staff(browser, employee_id, stepped_up=True)
        browser.client.set_cookie("wss_language", "en")
    return visitor, another_visitor


def proposed(first):
    """Return the page of a promotion that the first administrator has uploaded and confirmed."""
    return make_change(first, upload(first, "staff", PROMOTED)).location.partition("?")[0]


def decided(browser, address, action, **typed):
    page = browser.get(address)
    fingerprint = page.form(having="fingerprint").fields["fingerprint"][0]
    return browser.send(page, at="", form=address, action=action, fingerprint=fingerprint, **typed)


def role_of_clerk():
    return next(one.role for one in rows(Staff) if one.employee_id == "C1")


def test_what_would_change_says_that_it_waits(administrators):
    first, _ = administrators

    page = first.get(upload(first, "staff", PROMOTED).location)

    assert "1 row needs a second administrator" in page.text


def test_the_second_administrator_sees_who_becomes_what_and_confirms(administrators):
    first, second = administrators
    address = proposed(first)

    assert address in second.get("/admin").links
    page = second.get(address)
    assert all(words in page.text for words in ("Chetan Das (C1)", "Billing clerk", "Executive engineer"))
    assert (decided(second, address, "confirm").status, role_of_clerk()) == (303, "ee")


def test_a_text_with_a_link_is_shown_to_both_administrators(administrators):
    first, second = administrators
    own = (FOLDER / "mobile_coming" / "en" / "sms.txt").read_text(encoding="utf-8").strip()
    text = f'notice,language,part,text\nmobile_coming,en,sms,"{own} Thank you."\n'

    address = make_change(first, upload(first, "texts", text)).location.partition("?")[0]

    assert [browser.get(address).status for browser in (first, second)] == [200, 200]


def test_a_raised_limit_is_shown_in_rupees(administrators):
    first, second = administrators
    given(ApprovalLimit(role="sdo", max_amount_paise=25_000_00, source_note="placeholder"))
    text = "role,max_amount,source_note\nsdo,150000.00,placeholder\nee,,placeholder\n"

    page = second.get(make_change(first, upload(first, "limits", text)).location)

    assert all(words in page.text for words in ("25,000.00", "1,50,000.00", "no limit"))


def test_the_maker_confirms_nothing_and_is_informed_of_it(administrators):
    first, _ = administrators

    page = decided(first, proposed(first), "confirm")

    assert (page.status, "another administrator must decide" in page.text, role_of_clerk()) == (
        409,
        True,
        "billing_clerk",
    )


def test_refusing_needs_a_reason_and_keeps_what_was_typed(administrators):
    first, second = administrators
    address = proposed(first)

    assert decided(second, address, "refuse", reason=" ").status == 422
    assert decided(second, address, "refuse", reason="Not before 1 December").status == 303
    assert "Not before 1 December" in first.get(address).text


def test_confirming_needs_a_fresh_code(administrators, frozen_clock):
    first, second = administrators
    address = proposed(first)
    frozen_clock.advance(minutes=6)

    answer = decided(second, address, "confirm")

    assert answer.location == f"/staff/step-up?next={address}&again=1"
    assert role_of_clerk() == "billing_clerk"


def test_a_code_on_the_page_decides_and_a_wrong_one_keeps_the_reason(administrators, frozen_clock):
    first, second = administrators
    address = proposed(first)
    frozen_clock.advance(minutes=6)

    wrong = decided(second, address, "refuse", reason="Not yet", code="000000")

    assert (wrong.status, wrong.form(having="reason").fields["reason"]) == (422, ["Not yet"])
    assert decided(second, address, "refuse", reason="Not yet").status == 422
    assert decided(second, address, "confirm", code=code()).status == 303
    assert role_of_clerk() == "ee"


def test_the_maker_withdraws_without_a_code(administrators, frozen_clock):
    first, _ = administrators
    address = proposed(first)
    frozen_clock.advance(minutes=6)

    assert decided(first, address, "withdraw").status == 303
    assert [one.state for one in rows(PendingChange)] == ["withdrawn"]


def test_a_table_that_changed_in_the_meantime_answers_409_with_what_changed(administrators):
    first, second = administrators
    address = proposed(first)
    make_change(
        first,
        upload(
            first,
            "staff",
            PROMOTED.replace("ee,", "billing_clerk,").replace("-D1,", "-D1-S2,").replace("Das", "Ram"),
        ),
    )
    page = second.get(address)
    assert all(words in page.text for words in ("The table has changed since", "Chetan Das → Chetan Ram"))

    assert decided(second, address, "confirm").status == 409


def test_an_own_row_is_refused_by_name(administrators):
    first, _ = administrators

    page = upload(first, "staff", PROMOTED.replace("C1,Chetan Das", "A1,A1"))

    assert (page.status, "A1: employee_id: this is your own row" in page.text) == (422, True)


def test_an_only_administrator_reads_what_to_do(administrators):
    first, _ = administrators
    make_change(
        first,
        upload(
            first,
            "staff",
            PROMOTED.replace("email", "email,left_on").replace(
                "C1,Chetan Das,ee,PVVNL-Z06-C1-D1,,", "A2,A2,admin,PVVNL,,,2026-11-24"
            ),
        ),
    )

    assert "You are the only administrator of PVVNL" in first.get("/admin").text


def test_a_change_of_another_discom_is_not_there(administrators):
    first, second = administrators
    address = proposed(first)
    given(*offices("DVVNL-Z01"), Staff(employee_id="D1", name="D1", role="admin", office_code="DVVNL"))
    sign_in_staff(second, "D1", stepped_up=True)

    assert second.get(address).status == 404
    assert address not in second.get("/admin").links
