"""Access of staff: by role and office at each request, closed to all others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint, Flask

from tests.factories import a_household, given, offices, sign_in, sign_in_staff
from tests.fixtures.registration import counted_statements
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import an_employee, change_employee
from wss.clock import now
from wss.web import access
from wss.web.access import current_actor, current_staff, needs_step_up

pytestmark = pytest.mark.extends_app


@pytest.fixture
def sdo_endpoint(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add an endpoint for SDOs, and one that needs a step-up."""
    hall = Blueprint("hall", __name__)
    hall.add_url_rule("/hall", "page", lambda: " ".join((current_actor().role, current_staff().office_path)))
    hall.add_url_rule("/hall/weighty", "weighty", lambda: needs_step_up() or "done")
    app.register_blueprint(hall)
    monkeypatch.setitem(access.ACCESS_TABLE, "hall", frozenset({access.Role.SDO}))
    given(*offices())
    an_employee("E1")
    yield


def test_the_role_opens_the_endpoint(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    assert visitor.get("/hall").text == f"sdo {'/'.join(office.code for office in offices())}"


def test_another_role_gets_404(sdo_endpoint: None, visitor: Visitor):
    an_employee("E2", "billing_clerk")
    sign_in_staff(visitor, "E2")

    assert visitor.get("/hall").status == 404


def test_logged_out_visitors_are_redirected_to_the_staff_login(sdo_endpoint: None, visitor: Visitor):
    page = visitor.get("/hall")

    assert (page.status, page.location) == (303, "/staff/login?next=/hall")


def test_a_page_of_staff_asks_once_who_it_is(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    with counted_statements() as statements:
        visitor.get("/hall")

    assert len(statements) == 1


def test_a_staff_session_opens_no_page_of_consumers(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    assert visitor.get("/account").location == "/login?next=/account"


def test_a_consumer_session_opens_no_page_of_staff(sdo_endpoint: None, visitor: Visitor):
    sign_in(visitor, a_household().consumer)

    assert visitor.get("/hall").location == "/staff/login?next=/hall"


def test_with_the_password_only_the_endpoint_is_closed(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1", second_factor_at=None)

    assert visitor.get("/hall").location == "/staff/totp?next=/hall"


def test_who_has_left_is_signed_out_at_the_next_click(
    sdo_endpoint: None, visitor: Visitor, frozen_clock: Any
):
    sign_in_staff(visitor, "E1")
    visitor.get("/hall")
    change_employee("E1", left_on=frozen_clock.now.date())

    assert visitor.get("/hall").location == "/staff/login?next=/hall"


def test_another_post_counts_at_the_next_click(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")
    visitor.get("/hall")
    change_employee("E1", role="billing_clerk")

    assert visitor.get("/hall").status == 404


def test_another_office_counts_at_the_next_click(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")
    visitor.get("/hall")
    change_employee("E1", office_code=offices()[0].code)

    assert visitor.get("/hall").text == f"sdo {offices()[0].code}"


def test_a_session_expires_after_a_quarter_of_an_hour_without_a_request(
    sdo_endpoint: None, visitor: Visitor, frozen_clock: Any
):
    sign_in_staff(visitor, "E1")
    frozen_clock.advance(minutes=15)

    assert visitor.get("/hall").status == 303


def test_a_session_expires_after_eight_hours(sdo_endpoint: None, visitor: Visitor, frozen_clock: Any):
    sign_in_staff(visitor, "E1")
    for _click in range(49):
        frozen_clock.advance(minutes=10)
        page = visitor.get("/hall")

    assert page.status == 303


def test_before_something_weighty_a_code_is_asked_for(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    assert visitor.get("/hall/weighty").location == "/staff/step-up?next=/hall/weighty"


def test_a_code_given_lately_is_enough_for_something_weighty(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1", stepped_up=True)

    assert visitor.get("/hall/weighty").text == "done"


def test_a_code_of_five_minutes_ago_is_not_enough(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1", stepped_up_at=now() - timedelta(minutes=5))

    assert visitor.get("/hall/weighty").status == 303
