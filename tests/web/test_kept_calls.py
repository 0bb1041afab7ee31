"""Forms that the help desk sends just after a session has ended: kept on the call, for the same employee only."""

from urllib.parse import parse_qs, urlsplit

from tests.factories import Household, sign_in_staff
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.helpdesk_calls import agreed
from tests.fixtures.pages import Page
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.models import Draft

FIELDS = {"reason": "wrong_reading", "remarks": "The meter hangs outside."}


def sent_too_late(
    clock: FrozenClock, desk: Visitor, home: Household, minutes: int = 16, **fields: str
) -> tuple[str, Page]:
    """Open the form of a call, let the session expire, and send it; return the form's address and the response."""
    form = f"/helpdesk/calls/{agreed(home)}/request"
    sign_in_staff(desk, "H1")
    page = desk.get(form)
    clock.advance(minutes=minutes)
    return form, desk.send(page, form, **{**FIELDS, **fields})


def test_the_login_leads_back_to_the_draft_of_the_call(
    visitor: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    _form, answered = sent_too_late(frozen_clock, visitor, home_on_record)
    assert answered.location.startswith("/staff/login?next=/helpdesk/calls/1/request")
    sign_in_staff(visitor, "H1")

    page = visitor.get(parse_qs(urlsplit(answered.location).query)["next"][0])

    assert page.form(having="form_token").fields["remarks"] == ["The meter hangs outside."]


def test_a_forged_form_is_kept_nowhere(
    visitor: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    _form, answered = sent_too_late(frozen_clock, visitor, home_on_record, csrf_token="forged")

    assert (answered.location, rows(Draft)) == ("/staff/login?over=time", [])


def test_an_ended_call_accepts_nothing_more(
    visitor: Visitor, home_on_record: Household, frozen_clock: FrozenClock
):
    _form, answered = sent_too_late(frozen_clock, visitor, home_on_record, minutes=31)

    assert (answered.location, rows(Draft)) == ("/staff/login?over=time", [])


def test_a_logout_leaves_no_draft(visitor: Visitor, home_on_record: Household):
    form = f"/helpdesk/calls/{agreed(home_on_record)}/request"
    sign_in_staff(visitor, "H1")
    page = visitor.get(form)
    visitor.fill(form, form="/staff/logout")

    answered = visitor.send(page, form, **FIELDS)

    assert (answered.status in (303, 400), rows(Draft)) == (True, [])
