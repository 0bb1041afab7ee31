"""The commands about staff: enrolment, and the demo logins of a trial site."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.factories import given, offices
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import EMPLOYEE, OWN_PASSWORD, an_employee, code, give_code, give_password
from wss.demo.login_list import PASSWORD, TOTP_SECRET, staff_logins


@pytest.fixture
def employed(app: Any) -> Any:
    """Insert an employee into the table of staff."""
    given(*offices())
    an_employee()
    return app.test_cli_runner()


def test_an_enrolled_employee_walks_in_with_what_the_command_printed(employed: Any, visitor: Visitor):
    enrolment = json.loads(employed.invoke(args=["staff", "enrol", EMPLOYEE, "--json"]).stdout)

    give_password(visitor, enrolment["password"], enrolment["employee_id"])
    visitor.fill("/staff/password", password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    give_code(visitor, code(enrolment["totp_secret"]))

    assert sorted(enrolment) == ["employee_id", "password", "totp_secret"]
    assert visitor.get("/staff/security").status == 200


def test_for_people_the_command_says_what_is_what(employed: Any):
    printed = employed.invoke(args=["staff", "enrol", EMPLOYEE]).stdout

    assert [line.split(":")[0] for line in printed.splitlines()] == [
        "Employee ID",
        "First password, to be changed at the first login",
        "Key for the authenticator app",
    ]


def test_who_is_not_in_the_table_is_not_enrolled(employed: Any):
    answer = employed.invoke(args=["staff", "enrol", "E99999", "--json"])

    assert (answer.exit_code, "E99999" in answer.stderr) == (1, True)


def test_a_trial_site_shows_staff_logins_that_work(app: Any, visitor: Visitor):
    printed = (
        app.test_cli_runner().invoke(args=["demo", "load", "--connections", "8", "--requests", "16"]).stdout
    )
    logins = [line.split(",")[0].strip() for line in printed.splitlines() if line.startswith("  E")]

    give_password(visitor, PASSWORD, logins[0])
    page = give_code(visitor, code(TOTP_SECRET))

    assert len(logins) == 8
    assert "helpdesk of" in printed
    assert "helpdesk supervisor of" in printed
    assert page.location == "/staff"
    assert visitor.get("/todo").status == 200


def test_in_production_demo_data_are_refused(make_app: Any, settings: Any):
    app = make_app(replace(settings, env="production"))

    loaded = app.test_cli_runner().invoke(args=["demo", "load", "--connections", "8", "--requests", "2"])

    assert (loaded.exit_code, staff_logins("")) == (1, [])
