"""Endpoints are closed unless the access table opens them, forms need their token, and GET changes nothing."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import (
    OFFICE,
    a_household,
    a_service_request,
    bill_correction,
    given,
    sign_in,
    sign_in_staff,
)
from tests.fixtures.site import Visitor
from tests.project.endpoints import endpoint_of
from tests.project.tree import none_of
from wss.db import Base
from wss.domain.actor import STAFF_ROLES, Role
from wss.logs.log_lines import LINKS
from wss.models import Staff
from wss.web.access_table import ACCESS_TABLE, AccessRule, access_of

# The tables that a GET may write: session times, captchas, rate limits, audit rows.
MAY_CHANGE = {"session", "captcha", "limit_count", "audit_entry"}


def rules(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Yield every route of a method with an address of made-up values, which match nothing or the household's rows."""
    values = {
        "account_no": "7950761921",
        "bill_no": "101000009213",
        "complaint_no": "10000000016",
        "captcha_id": "0" * 32,
        "token": "x" * 43,
        "document_id": "0" * 32,
        "id": "0" * 32,
        "filename": "css/wss.css",
    }
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            arguments = {name: values.get(name, "0") for name in rule.arguments}
            with app.test_request_context():
                yield rule, rule.build(arguments)[1]


def closed_endpoints(app: Flask) -> list[str]:
    """Return the endpoints that are missing in the access table."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if access_of(rule.endpoint) is None})


def contents(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that a GET must not change."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in MAY_CHANGE]
    with app.extensions["wss"].database.engine.connect() as connection:
        return {
            t.name: [tuple(row) for row in connection.execute(t.select().order_by(*t.primary_key))]
            for t in tables
        }


class Inhabitants:
    """Logged-in users for every endpoint: a consumer with bills and a request, and an employee of each role."""

    def __init__(self, app: Flask, consumer: Visitor) -> None:
        self.consumer = consumer
        self.staff = {role: Visitor(app.test_client()) for role in sorted(STAFF_ROLES)}
        given(*(Staff(employee_id=role, name=role, role=role, office_code=OFFICE) for role in self.staff))
        for role, employee in self.staff.items():
            sign_in_staff(employee, role)

    def who_may(self, endpoint: str) -> Visitor:
        """Return a visitor who may use the endpoint."""
        room = access_of(endpoint)
        if isinstance(room, frozenset):
            return self.staff[min(room)]
        return self.staff[Role.SDO] if room is AccessRule.PASSWORD_GIVEN else self.consumer


@pytest.fixture
def logged_in_actors(app: Flask, logged_in_consumer: Visitor) -> Inhabitants:
    """Provide the users, logged in."""
    return Inhabitants(app, logged_in_consumer)


@pytest.fixture
def logged_in_consumer(visitor: Visitor) -> Visitor:
    """Provide a logged-in consumer with bills and a service request."""
    household = a_household()
    given(*bill_correction())
    a_service_request(household)
    sign_in(visitor, household.consumer)
    return visitor


def test_every_endpoint_is_in_the_access_table(app: Flask):
    none_of(closed_endpoints(app))


def test_every_entry_of_the_access_table_exists(app: Flask):
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    there |= set(app.blueprints)

    none_of(sorted(set(ACCESS_TABLE) - there))


@pytest.mark.extends_app
def test_an_endpoint_missing_in_the_access_table_is_closed(app: Flask, visitor: Visitor):
    app.add_url_rule("/forgotten", "forgotten.page", lambda: "open")

    page = visitor.get("/forgotten")

    assert page.status == 404
    assert closed_endpoints(app) == ["forgotten.page"]


def test_every_form_needs_its_token(app: Flask, logged_in_actors: Inhabitants):
    accepted = [
        f"{rule.endpoint} {address}: {status}"
        for rule, address in rules(app, "POST")
        # Browsers send reports by themselves: they are counted, and change nothing else.
        if rule.endpoint != "csp_reports.take_report"
        and (status := logged_in_actors.who_may(rule.endpoint).post(address).status)
        # A signed request needs no token; an unsigned one is refused there as well.
        != (401 if (endpoint := endpoint_of(rule)) and endpoint.is_signed else 400)
    ]

    none_of(accepted)


def test_a_logged_out_visitor_opens_no_private_endpoint(app: Flask, visitor: Visitor):
    a_household()

    entered = [
        f"{rule.endpoint} {address}: {page.status} {page.location}"
        for rule, address in rules(app, "GET")
        if access_of(rule.endpoint) != "everybody"
        and (
            (page := visitor.get(address)).status != 303
            or not page.location.startswith(("/login", "/staff/login"))
        )
    ]

    none_of(entered)


def test_looking_changes_nothing(app: Flask, logged_in_actors: Inhabitants):
    before = contents(app)

    answers = {
        address: logged_in_actors.who_may(rule.endpoint).get(address).status
        for rule, address in rules(app, "GET")
    }

    after = contents(app)
    none_of([f"{name} changed" for name in before if before[name] != after[name]])
    none_of([f"{address}: {status}" for address, status in answers.items() if status >= 500])


def test_a_get_that_writes_is_seen(app: Flask, logged_in_consumer: Visitor):
    before = contents(app)

    with app.extensions["wss"].database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE consumer SET language = 'en'"))

    assert contents(app) != before


def test_the_list_of_links_has_every_route_with_a_token(app: Flask):
    routes = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments & {"token", "code"}]

    assert {route.split("/<")[0].strip("/") for route in routes} <= set(LINKS)
