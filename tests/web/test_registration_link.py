"""The page of the link by which a consumer continues a registration that the help desk began."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household, given
from tests.fixtures.helpdesk_calls import HELPDESK, helpdesk_staff, verified
from tests.fixtures.registration import otp_sent_to, owners_of, token_in
from tests.fixtures.registration_pages import give_details
from tests.fixtures.site import Visitor
from wss.services.calls.caller_links import register_consumer


@pytest.fixture
def begun(app: Any, frozen_clock: Any) -> Household:
    """Return a household whose registration the help desk has begun."""
    household = a_household(registered=False)
    given(*helpdesk_staff())
    register_consumer(HELPDESK, verified(household))
    frozen_clock.advance(minutes=2)
    return household


def test_looking_at_the_link_uses_nothing_up(begun: Household, visitor: Visitor):
    path = f"/activate/{token_in('register_link')}?lang=en"

    pages = [visitor.get(path) for _ in range(2)]

    assert [page.status for page in pages] == [200, 200]
    assert "Register your connection" in pages[1].text


def test_the_consumer_chooses_mobile_and_password_and_is_registered(begun: Household, visitor: Visitor):
    details = visitor.fill(f"/activate/{token_in('register_link')}")
    assert details.location.endswith("/register/details")
    page = visitor.get("/register/details?lang=en")
    assert "P•••• S••••" in page.text

    give_details(visitor)
    done = visitor.fill("/register/verify", otp=otp_sent_to(MOBILE))

    assert done.location == "/account?registered=1"
    assert len(owners_of(begun.account_no)) == 1
