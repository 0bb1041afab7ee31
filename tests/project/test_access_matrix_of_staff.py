"""What staff may see: each role, in offices near and far, at every endpoint; and staff who are not fully logged in."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.access_households import NOBODY
from tests.fixtures.access_offices import EMPLOYEES, UNFINISHED, AccessOffices, may_see_as_staff
from tests.project.doors import EVERYBODY, PASSWORD_GIVEN, Door, door_of, is_of_staff
from tests.project.matrix import SEEN, Cell, answer, body_of, is_redirect, sent_to
from tests.project.tree import none_of

# At the doors of consumers one of them stands for all: none is let in.
AT_OTHER_DOORS = "sdo here"
PASSWORD_GIVEN_AT = ("password only", "no authenticator", "first password")


def cells(app: Flask) -> Iterator[Cell]:
    """The matrix."""
    for rule in app.url_map.iter_rules():
        door = door_of(rule.endpoint)
        if door is None or door.room is EVERYBODY:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for who in (*EMPLOYEES, *UNFINISHED) if is_of_staff(door) else (AT_OTHER_DOORS,):
                for whose in wanted(door, who):
                    for htmx in (False, True) if who.endswith(" here") else (False,):
                        yield Cell(rule, method, who, whose, htmx)


def wanted(door: Door, who: str) -> list[tuple[str, ...]]:
    """Whose things are asked for; of two things also those of two households. Before closed doors one try will do."""
    number = len(door.takes)
    if not number or not opens(door, who):
        return [("home",) * number]
    alike = [(whose,) * number for whose in ("home", NOBODY)]
    return alike + ([("home", "next door"), ("next door", "home")] if number > 1 else [])


def opens(door: Door, who: str) -> bool:
    """Whether the door is open to an employee's role."""
    return who in EMPLOYEES and isinstance(door.room, frozenset) and EMPLOYEES[who][0] in door.room


def fault(offices: AccessOffices, cell: Cell, nothing: dict[tuple[object, ...], str]) -> str | None:
    """What is wrong with the answer; None when it is what the rules say."""
    answered = answer(offices.site, cell)
    status, to = answered.status_code, sent_to(answered)
    said = f"{cell}: {status} {to}"
    door = _door_that_it_takes(cell)
    if door is not None:
        expected = door if cell.method == "POST" else f"{door}?next={answered.request.path}"
        return None if is_redirect(answered, cell.htmx) and to == expected else said
    if not is_of_staff(cell.door) or (
        cell.door.room is not PASSWORD_GIVEN and not opens(cell.door, cell.who)
    ):
        return None if status == 404 else said
    if cell.door.leads_nowhere:
        return None if status in {*SEEN, 404} else said
    is_whole = len(set(cell.whose)) <= 1
    if is_whole and all(may_see_as_staff(cell.who, whose) for whose in cell.whose):
        return None if status in SEEN and not to.startswith("/staff/login") else said
    if status != 404:
        return said
    # Of another office and not there: the same answer, to the letter, for each way of asking.
    key = (cell.rule.endpoint, cell.method, cell.who, cell.htmx)
    first = nothing.setdefault(key, body_of(offices.site, cell, answered))
    return None if first == body_of(offices.site, cell, answered) else f"{said}: tells more than 'not there'"


def _door_that_it_takes(cell: Cell) -> str | None:
    """Where whoever is not in is sent; None for who is in, or comes for the very thing that is missing."""
    if not is_of_staff(cell.door):
        return "/login"
    if cell.who in EMPLOYEES or (cell.door.room is PASSWORD_GIVEN and cell.who in PASSWORD_GIVEN_AT):
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


def test_a_room_that_shows_what_is_another_offices_is_seen(
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
