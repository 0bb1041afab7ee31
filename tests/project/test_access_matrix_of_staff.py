"""What staff may see: each role, in offices near and far, at every endpoint; and staff who are not fully logged in."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.access_households import NOBODY
from tests.fixtures.access_offices import EMPLOYEES, PLACES, UNFINISHED, AccessOffices, may_see_as_staff
from tests.project.endpoints import Endpoint, endpoint_of
from tests.project.matrix import SEEN, Cell, answer, body_of, is_redirect, sent_to
from tests.project.tree import none_of
from wss.web.access_table import AccessRule

# One employee tries the pages of consumers for all: they are closed to every role.
AT_CONSUMERS_PAGES = "sdo here"
PASSWORD_GIVEN_AT = ("password only", "no authenticator", "first password")


def cells(app: Flask) -> Iterator[Cell]:
    """Yield the cells of the matrix; a page that is closed to a role is tried from one place, each from the next."""
    places = cycle(PLACES)
    for rule in app.url_map.iter_rules():
        endpoint = endpoint_of(rule)
        if endpoint is None or endpoint.access is AccessRule.EVERYBODY:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            place = next(places)
            for who in (*EMPLOYEES, *UNFINISHED) if endpoint.is_of_staff else (AT_CONSUMERS_PAGES,):
                if endpoint.is_of_staff and is_closed(endpoint, who) and EMPLOYEES[who][1] != place:
                    continue
                for whose in wanted(endpoint, who):
                    for htmx in (False, True) if who.endswith(" here") else (False,):
                        yield Cell(rule, method, who, whose, htmx)


def wanted(endpoint: Endpoint, who: str) -> list[tuple[str, ...]]:
    """Return the households whose records are requested; of two records also from two households.

    One request is enough for a closed page.
    """
    number = len(endpoint.takes)
    if not number or not opens(endpoint, who):
        return [("home",) * number]
    alike = [(whose,) * number for whose in ("home", NOBODY)]
    return alike + ([("home", "next door"), ("next door", "home")] if number > 1 else [])


def opens(endpoint: Endpoint, who: str) -> bool:
    """Return whether the page is open to an employee's role."""
    return (
        who in EMPLOYEES and isinstance(endpoint.access, frozenset) and EMPLOYEES[who][0] in endpoint.access
    )


def is_closed(endpoint: Endpoint, who: str) -> bool:
    """Return whether a page of staff is closed to an employee's role, whatever their office."""
    return who in EMPLOYEES and endpoint.access is not AccessRule.PASSWORD_GIVEN and not opens(endpoint, who)


def fault(offices: AccessOffices, cell: Cell, nothing: dict[tuple[object, ...], str]) -> str | None:
    """Return the fault of the response; None when it is as the rules say."""
    answered = answer(offices.site, cell)
    status, to = answered.status_code, sent_to(answered)
    said = f"{cell}: {status} {to}"
    login = _login_that_is_missing(cell)
    if login is not None:
        expected = login if cell.method == "POST" else f"{login}?next={answered.request.path}"
        return None if is_redirect(answered, cell.htmx) and to == expected else said
    if not cell.endpoint.is_of_staff or is_closed(cell.endpoint, cell.who):
        return None if status == 404 else said
    if cell.endpoint.leads_nowhere:
        return None if status in {*SEEN, 404} else said
    is_whole = len(set(cell.whose)) <= 1
    if is_whole and all(may_see_as_staff(cell.who, whose) for whose in cell.whose):
        return None if status in SEEN and not to.startswith("/staff/login") else said
    if status != 404:
        return said
    # A record of another office and a missing one get the same response, byte for byte, for each kind of request.
    key = (cell.rule.endpoint, cell.method, cell.who, cell.htmx)
    first = nothing.setdefault(key, body_of(offices.site, cell, answered))
    return None if first == body_of(offices.site, cell, answered) else f"{said}: tells more than 'not there'"


def _login_that_is_missing(cell: Cell) -> str | None:
    """Return where staff who are not fully logged in are redirected; None if this is the missing step, or none is."""
    if not cell.endpoint.is_of_staff:
        return "/login"
    if cell.who in EMPLOYEES or (
        cell.endpoint.access is AccessRule.PASSWORD_GIVEN and cell.who in PASSWORD_GIVEN_AT
    ):
        return None
    return UNFINISHED[cell.who]


def test_staff_see_what_their_role_and_their_office_open_and_nothing_else(
    access_offices: AccessOffices, database_kind: str
):
    tried, faults = 0, []
    nothing: dict[tuple[object, ...], str] = {}
    for cell in cells(access_offices.site.app):
        wrong = fault(access_offices, cell, nothing)
        tried += 1
        faults += [wrong] if wrong else []

    print(f"\naccess matrix of staff on {database_kind}: {tried} cells, {len(faults)} wrong")
    none_of(faults)


def test_a_page_that_shows_what_belongs_to_another_office_is_found(
    access_offices: AccessOffices, monkeypatch: pytest.MonkeyPatch
):
    page: Any = next(
        r for r in access_offices.site.app.url_map.iter_rules() if r.endpoint == "officer.request_page"
    )
    cell = Cell(page, "GET", "sdo beside", ("home",), htmx=False)
    before = fault(access_offices, cell, {})

    monkeypatch.setitem(
        access_offices.site.app.view_functions, "officer.request_page", lambda complaint_no: "open"
    )

    assert (before, bool(fault(access_offices, cell, {}))) == (None, True)
