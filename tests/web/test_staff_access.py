"""Access of staff: by role and office at each request, closed to all others."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Blueprint, Flask

from tests.factories import given, offices, sign_in_staff
from tests.fixtures.registration import counted_statements
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import an_employee, change_employee
from wss.clock import now
from wss.domain.actor import Role
from wss.web.access import current_actor, current_staff, needs_step_up
from wss.web.access_table import ACCESS_TABLE

pytestmark = pytest.mark.extends_app


@pytest.fixture
def sdo_endpoint(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add an endpoint for SDOs, and one that needs a step-up."""
    blueprint = Blueprint("blueprint", __name__)
    blueprint.add_url_rule(
        "/hall", "page", lambda: " ".join((current_actor().role, current_staff().office_path))
    )
    blueprint.add_url_rule("/hall/weighty", "weighty", lambda: needs_step_up() or "done")
    app.register_blueprint(blueprint)
    monkeypatch.setitem(ACCESS_TABLE, "blueprint", frozenset({Role.SDO}))
    given(*offices())
    an_employee("E1")
    yield


def test_the_role_opens_the_endpoint(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    assert visitor.get("/hall").text == f"sdo {'/'.join(office.code for office in offices())}"


def test_with_the_password_only_the_endpoint_is_closed(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1", second_factor_at=None)

    assert visitor.get("/hall").location == "/staff/totp?next=/hall"


def test_a_page_of_staff_asks_once_who_it_is(sdo_endpoint: None, visitor: Visitor):
    sign_in_staff(visitor, "E1")

    with counted_statements() as statements:
        visitor.get("/hall")

    assert len(statements) == 1


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        pytest.param({"left_on": date(2026, 11, 24)}, 303, "", id="leaving ends the session"),
        pytest.param({"role": "billing_clerk"}, 404, None, id="the new post counts"),
        pytest.param({"office_code": "PVVNL"}, 200, "sdo PVVNL", id="the new office counts"),
    ],
)
def test_a_change_of_an_employee_counts_at_the_next_click(
    sdo_endpoint: None,
    visitor: Visitor,
    frozen_clock: Any,
    change: dict[str, Any],
    status: int,
    text: str | None,
):
    sign_in_staff(visitor, "E1")
    visitor.get("/hall")
    change_employee("E1", **change)

    page = visitor.get("/hall")

    assert (page.status, page.text if status == 200 else text) == (status, text)


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


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(None, 303, id="no code"),
        pytest.param(timedelta(0), 200, id="a code given just before"),
        pytest.param(timedelta(minutes=5), 303, id="a code of five minutes ago"),
    ],
)
def test_a_weighty_action_needs_a_code_of_the_last_five_minutes(
    sdo_endpoint: None, visitor: Visitor, age: timedelta | None, status: int
):
    sign_in_staff(visitor, "E1", stepped_up_at=None if age is None else now() - age)

    assert visitor.get("/hall/weighty").status == status
