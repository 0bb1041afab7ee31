"""The access matrix: every address, method, user and owner, tried one by one against the access table."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.fixtures.access_households import (
    HAS_CONSUMER_ACCESS,
    HOME_OF,
    HOUSEHOLDS,
    NOBODY,
    AccessHouseholds,
)
from tests.project.endpoints import EXCEPTIONS, THINGS, Endpoint, endpoint_of
from tests.project.matrix import OPEN, SEEN, Cell, answer, body_of, is_redirect, sent_to
from tests.project.tree import none_of
from wss.domain.actor import HANDLING_ROLES
from wss.domain.calls import HELPDESK_ROLES
from wss.web.access_table import ACCESS_TABLE, AccessRule

OPEN_TO = ("signed out", "owner", "held")
OPENED = {"consumer.erased", "staff.login", "staff.try_login", "staff.logout"}
# Repeats the number of the address and shows nothing of the complaint.
NUMBERS_ONLY = {"auth.claim_lodged"}
# After these endpoints the users log in again.
END_SESSIONS = {"auth.logout", "auth.finish_now", "consumer.end_sessions"}


def cells(app: Flask) -> Iterator[Cell]:
    """Yield the cells of the matrix."""
    for rule in app.url_map.iter_rules():
        endpoint = endpoint_of(rule)
        if endpoint is None:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            # Pages that are open to everyone are tried by the users who could be redirected.
            for who in OPEN_TO if endpoint.access is AccessRule.EVERYBODY else HAS_CONSUMER_ACCESS:
                for whose in owners(endpoint, who):
                    yield from (Cell(rule, method, who, whose, htmx) for htmx in (False, True))


def owners(endpoint: Endpoint, who: str) -> list[tuple[str, ...]]:
    """Return the households whose records are requested: each one and none.

    For two records, also from two households.
    """
    if endpoint.is_of_staff:
        # Closed to all of them before a record is looked for; the matrix of staff has the records.
        return [("home",) * len(endpoint.takes)]
    # A page that is closed to a user is closed for each record: their own, another's, a missing one.
    everybody = (*HOUSEHOLDS, NOBODY) if HAS_CONSUMER_ACCESS[who] else ("home", "held", "left", NOBODY)
    if len(endpoint.takes) < 2:
        return [(whose,) * len(endpoint.takes) for whose in (everybody if endpoint.takes else ("",))]
    if endpoint.form:
        # A token that is not in use begins a form of the user's own.
        everybody = tuple(whose for whose in everybody if whose != NOBODY)
    own = HOME_OF.get(who, "home")
    mixed = [pair for other in everybody if other != own for pair in ((own, other), (other, own))]
    return [(whose, whose) for whose in everybody] + mixed


def fault(site: AccessHouseholds, cell: Cell, nothing: dict[tuple[object, ...], str]) -> str | None:
    """Return the fault of the response; None when it is as the rules say."""
    answered = answer(site, cell)
    status, to = answered.status_code, sent_to(answered)
    said = f"{cell}: {status} {to}"
    if cell.endpoint.is_signed:
        return None if status == 401 and not answered.get_data() else said
    if cell.endpoint.access is AccessRule.EVERYBODY:
        return None if status in OPEN and not to.startswith(("/login?next=", "/held")) else said
    if cell.who == "signed out" or cell.endpoint.is_of_staff:
        login = "/staff/login" if cell.endpoint.is_of_staff else "/login"
        expected = login if cell.method == "POST" else f"{login}?next={answered.request.path}"
        return None if is_redirect(answered, cell.htmx) and to == expected else said
    if cell.endpoint.access is AccessRule.CONSUMER and not HAS_CONSUMER_ACCESS[cell.who]:
        return None if is_redirect(answered, cell.htmx) and to == "/held" else said
    if (not cell.endpoint.takes or cell.is_seen) and not cell.endpoint.leads_nowhere:
        waits = () if cell.rule.endpoint.endswith(("held_resend", "held_request_sent")) else ("/held",)
        return None if status in SEEN and not to.startswith(("/login?next=", *waits)) else said
    if status != 404:
        return said
    # A foreign record and a missing one get the same response, byte for byte, for each kind of request.
    key = (cell.rule.endpoint, cell.method, cell.who, cell.htmx)
    first = nothing.setdefault(key, body_of(site, cell, answered))
    return None if first == body_of(site, cell, answered) else f"{said}: tells more than 'not there'"


def test_every_exception_is_an_endpoint_with_a_reason(app: Flask):
    assert set(EXCEPTIONS) <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert all(exception.reason for exception in EXCEPTIONS.values())


def test_only_these_endpoints_of_closed_blueprints_are_open_to_everyone():
    opened = {
        name
        for name, access in ACCESS_TABLE.items()
        if access is AccessRule.EVERYBODY
        and ACCESS_TABLE.get(name.partition(".")[0]) is not AccessRule.EVERYBODY
    }

    assert opened == OPENED


def test_an_address_that_names_a_thing_of_a_consumer_is_for_its_consumer_or_for_those_who_handle_it(
    app: Flask,
):
    handlers = frozenset(HANDLING_ROLES) | HELPDESK_ROLES

    none_of(
        sorted(
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if any(name in rule.arguments for name in THINGS)
            and (endpoint := endpoint_of(rule)) is not None
            and not (isinstance(endpoint.access, frozenset) and endpoint.access <= handlers)
            and endpoint.access is not AccessRule.CONSUMER
            and rule.endpoint not in NUMBERS_ONLY
        )
    )


def test_everyone_sees_their_own_and_nothing_else(access_households: AccessHouseholds, database_kind: str):
    tried, faults = 0, []
    nothing: dict[tuple[object, ...], str] = {}
    for cell in cells(access_households.app):
        wrong = fault(access_households, cell, nothing)
        tried += 1
        faults += [wrong] if wrong else []
        if cell.method == "POST" and cell.rule.endpoint in END_SESSIONS:
            access_households.sign_in(cell.who)

    print(f"\naccess matrix on {database_kind}: {tried} cells, {len(faults)} wrong")
    none_of(faults)


def test_a_page_that_shows_what_belongs_to_another_is_found(
    access_households: AccessHouseholds, monkeypatch: pytest.MonkeyPatch
):
    timeline = next(
        r for r in access_households.app.url_map.iter_rules() if r.endpoint == "consumer.timeline"
    )
    cell = Cell(timeline, "GET", "another", ("home",), htmx=False)
    before = fault(access_households, cell, {})

    monkeypatch.setitem(
        access_households.app.view_functions, "consumer.timeline", lambda complaint_no: "open"
    )

    assert (before, bool(fault(access_households, cell, {}))) == (None, True)
