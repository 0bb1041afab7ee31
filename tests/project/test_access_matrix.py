"""Who may see what: every address, method, visitor and owner, tried one by one against a table made from the rules."""

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
from tests.project.doors import CONSUMER, DOORS, EVERYBODY, Door, door_of, is_of_staff
from tests.project.matrix import OPEN, SEEN, Cell, answer, body_of, is_redirect, sent_to
from tests.project.tree import none_of

OPEN_TO = ("signed out", "owner", "held")
# After these the people are signed in anew.
END_SESSIONS = {"auth.logout", "consumer.end_sessions"}


def cells(app: Flask) -> Iterator[Cell]:
    """The matrix."""
    for rule in app.url_map.iter_rules():
        door = door_of(rule.endpoint)
        if door is None:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            # Doors that are open to everybody are tried by those who could be sent elsewhere.
            for who in OPEN_TO if door.room is EVERYBODY else HAS_CONSUMER_ACCESS:
                for whose in owners(door, who):
                    yield from (Cell(rule, method, who, whose, htmx) for htmx in (False, True))


def owners(door: Door, who: str) -> list[tuple[str, ...]]:
    """Whose things are asked for: each household's and nobody's; of two things also one's own beside another's."""
    # Before whom the room is closed, it is so whosever the thing is: theirs, another's, nobody's.
    everybody = (*HOUSEHOLDS, NOBODY) if HAS_CONSUMER_ACCESS[who] else ("home", "held", "left", NOBODY)
    if len(door.takes) < 2:
        return [(whose,) * len(door.takes) for whose in (everybody if door.takes else ("",))]
    if door.form:
        # A token that nobody has used yet begins a form of one's own.
        everybody = tuple(whose for whose in everybody if whose != NOBODY)
    own = HOME_OF.get(who, "home")
    mixed = [pair for other in everybody if other != own for pair in ((own, other), (other, own))]
    return [(whose, whose) for whose in everybody] + mixed


def fault(site: AccessHouseholds, cell: Cell, nothing: dict[tuple[object, ...], str]) -> str | None:
    """What is wrong with the answer; None when it is what the rules say."""
    answered = answer(site, cell)
    status, to = answered.status_code, sent_to(answered)
    said = f"{cell}: {status} {to}"
    if cell.door.is_signed:
        return None if status == 401 and not answered.get_data() else said
    if cell.door.room is EVERYBODY:
        return None if status in OPEN and not to.startswith(("/login?next=", "/held")) else said
    if cell.who == "signed out" or is_of_staff(cell.door):
        door = "/staff/login" if is_of_staff(cell.door) else "/login"
        expected = door if cell.method == "POST" else f"{door}?next={answered.request.path}"
        return None if is_redirect(answered, cell.htmx) and to == expected else said
    if cell.door.room is CONSUMER and not HAS_CONSUMER_ACCESS[cell.who]:
        return None if is_redirect(answered, cell.htmx) and to == "/held" else said
    if (not cell.door.takes or cell.is_seen) and not cell.door.leads_nowhere:
        waits = () if cell.rule.endpoint.endswith(("held_resend", "held_request_sent")) else ("/held",)
        return None if status in SEEN and not to.startswith(("/login?next=", *waits)) else said
    if status != 404:
        return said
    # Not yours and not there: the same answer, to the letter, for each way of asking.
    key = (cell.rule.endpoint, cell.method, cell.who, cell.htmx)
    first = nothing.setdefault(key, body_of(site, cell, answered))
    return None if first == body_of(site, cell, answered) else f"{said}: tells more than 'not there'"


def test_every_endpoint_is_in_the_table(app: Flask):
    none_of(sorted({rule.endpoint for rule in app.url_map.iter_rules() if door_of(rule.endpoint) is None}))


def test_nothing_is_in_the_table_that_is_not_there(app: Flask):
    none_of(sorted(set(DOORS) - {rule.endpoint for rule in app.url_map.iter_rules()}))


@pytest.mark.extends_app
def test_an_endpoint_that_nobody_entered_is_seen(app: Flask):
    app.add_url_rule("/forgotten", "consumer.forgotten", lambda: "open")

    assert door_of("consumer.forgotten") is None


def test_everybody_sees_their_own_and_nothing_else(access_households: AccessHouseholds, database_kind: str):
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


def test_a_room_that_shows_what_is_not_ones_own_is_seen(
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
