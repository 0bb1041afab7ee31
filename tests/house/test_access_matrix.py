"""Who may see what: every address, method, visitor and owner, tried one by one against a table made from the rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.fixtures.neighbourhood import HOME_OF, HOUSEHOLDS, NOBODY, ROOM_OPENS, Neighbourhood, may_see
from tests.fixtures.site import HTMX
from tests.house.tree import none_of
from wss.domain.actor import HANDLING_ROLES, STAFF_ROLES, Role

# What is in an address, and belongs to nobody in particular.
OPEN_VALUES = {
    "captcha_id": "0" * 32,
    "token": "x" * 32,
    "code": "ABCDEFGHJK",
    "name": "css/wss.css",
    "complaint_no": "20000000984",
}
# Answers of an open door: a page, on to another page, nothing new, a form that was sent empty, too much, a dead link.
OPEN = {200, 204, 286, 303, 404, 422}
# Answers to whoever may see the thing; an empty form is refused as a form, or too often, never as somebody else's.
SEEN = {200, 204, 286, 303, 409, 422, 429}

EVERYBODY, SIGNED_IN, CONSUMER, PASSWORD_GIVEN = "everybody", "signed in", "consumer", "password given"


@dataclass(frozen=True)
class Door:
    """An endpoint's room, and the things it takes: out of the address, and out of the form."""

    room: str | frozenset[Role]
    takes: tuple[str, ...] = ()
    form: dict[str, str] = field(default_factory=dict)


CONNECTION = Door(CONSUMER, ("account_no",))
BILL = Door(CONSUMER, ("account_no", "bill_no"))
REQUEST = Door(CONSUMER, ("complaint_no",))
NOTHING = Door(CONSUMER)
# One's own data, with or without a connection.
OWN_DATA = Door(SIGNED_IN)
OFFICERS = frozenset(HANDLING_ROLES)
OFFICES_REQUEST = Door(OFFICERS, ("complaint_no",))
OPEN_BLUEPRINTS = ("public", "auth", "tracking", "health", "dev", "static")
# The whole table. An endpoint that is in none of it fails the build: whoever adds one says here whom it serves.
DOORS: dict[str, Door] = {
    "auth.held": Door(SIGNED_IN),
    "auth.try_held": Door(SIGNED_IN),
    "auth.held_resend": Door(SIGNED_IN),
    "consumer.account": NOTHING,
    "consumer.settings": OWN_DATA,
    "consumer.save_settings": OWN_DATA,
    "consumer.end_sessions": Door(SIGNED_IN, ("session",)),
    "consumer.add_connection": NOTHING,
    "consumer.ask_for_connection": NOTHING,
    "consumer.verify_connection": NOTHING,
    "consumer.try_connection": NOTHING,
    "consumer.resend_connection_code": NOTHING,
    "consumer.who_looked": OWN_DATA,
    "consumer.held_data": OWN_DATA,
    "consumer.export_data": OWN_DATA,
    "consumer.change_alerts": OWN_DATA,
    "consumer.erase": OWN_DATA,
    "consumer.ask_erase": OWN_DATA,
    "consumer.keep_data": OWN_DATA,
    "consumer.erased": Door(EVERYBODY),
    "staff.login": Door(EVERYBODY),
    "staff.logout": Door(EVERYBODY),
    "staff.try_login": Door(EVERYBODY),
    "staff.totp": Door(PASSWORD_GIVEN),
    "staff.try_totp": Door(PASSWORD_GIVEN),
    "staff.password": Door(PASSWORD_GIVEN),
    "staff.try_password": Door(PASSWORD_GIVEN),
    "staff.begin": Door(STAFF_ROLES),
    "mis.figures": Door(frozenset(HANDLING_ROLES)),
    "mis.requests": Door(frozenset(HANDLING_ROLES)),
    "mis.csv_file": Door(frozenset(HANDLING_ROLES)),
    "mis.xlsx_file": Door(frozenset(HANDLING_ROLES)),
    "officer.todo": Door(OFFICERS),
    "officer.next_request": Door(OFFICERS),
    "officer.pending": Door(OFFICERS),
    "officer.request_page": OFFICES_REQUEST,
    "officer.keys": OFFICES_REQUEST,
    "officer.documents": OFFICES_REQUEST,
    "officer.document": Door(OFFICERS, ("complaint_no", "document_id")),
    "officer.timeline": OFFICES_REQUEST,
    "officer.act": OFFICES_REQUEST,
    "officer.reveal": OFFICES_REQUEST,
    "officer.reveal_now": OFFICES_REQUEST,
    "staff.step_up": Door(STAFF_ROLES),
    "staff.try_step_up": Door(STAFF_ROLES),
    "staff.security": Door(STAFF_ROLES),
    "staff.change_password": Door(STAFF_ROLES),
    "staff.codes": Door(STAFF_ROLES),
    "staff.make_codes": Door(STAFF_ROLES),
    "consumer.connection": CONNECTION,
    "consumer.bills": CONNECTION,
    "consumer.bill": BILL,
    "consumer.bill_pdf": BILL,
    "consumer.consumption": CONNECTION,
    "consumer.connection_requests": CONNECTION,
    "consumer.request_new": CONNECTION,
    "consumer.request_sent": Door(
        CONSUMER,
        ("account_no", "form_token"),
        {"request": "BILL_CORRECTION", "request_type": "Billing", "show": "1"},
    ),
    "consumer.request_check": CONNECTION,
    "consumer.request_register": Door(CONSUMER, ("account_no", "form_token")),
    "consumer.registered": REQUEST,
    "consumer.timeline": REQUEST,
    "consumer.slip": REQUEST,
    "consumer.petition": REQUEST,
    "consumer.act": REQUEST,
    "consumer.add_to_request": REQUEST,
    "consumer.document": Door(CONSUMER, ("complaint_no", "document_id")),
}
OPEN_TO = ("signed out", "owner", "held")
# After these the people are signed in anew.
END_SESSIONS = {"auth.logout", "consumer.end_sessions"}


@dataclass(frozen=True)
class Cell:
    """One try: who, at which address, for whose things, asking how."""

    rule: Rule
    method: str
    who: str
    whose: tuple[str, ...]
    htmx: bool

    @property
    def door(self) -> Door:
        """What the table says of the endpoint."""
        return door_of(self.rule.endpoint) or NOTHING

    @property
    def is_seen(self) -> bool:
        """Whether the rules show all that is asked for: each thing one's own, and all of one household."""
        own = all(
            may_see(self.who, name, whose) for name, whose in zip(self.door.takes, self.whose, strict=True)
        )
        return own and len(set(self.whose)) <= 1

    def __str__(self) -> str:
        asked = ", ".join(f"{n} of {w}" for n, w in zip(self.door.takes, self.whose, strict=True))
        how = "htmx" if self.htmx else "plain"
        return (
            f"{self.method} {self.rule.rule} ({self.rule.endpoint}), {self.who}, {how}: {asked or 'nothing'}"
        )


def door_of(endpoint: str) -> Door | None:
    """The table's entry; the rooms that are open to everybody have one for all."""
    if endpoint.partition(".")[0] in OPEN_BLUEPRINTS and endpoint not in DOORS:
        return Door(EVERYBODY)
    return DOORS.get(endpoint)


def cells(app: Flask) -> Iterator[Cell]:
    """The matrix."""
    for rule in app.url_map.iter_rules():
        door = door_of(rule.endpoint)
        if door is None:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            # Doors that are open to everybody are tried by those who could be sent elsewhere.
            for who in OPEN_TO if door.room is EVERYBODY else ROOM_OPENS:
                for whose in owners(door, who):
                    yield from (Cell(rule, method, who, whose, htmx) for htmx in (False, True))


def owners(door: Door, who: str) -> list[tuple[str, ...]]:
    """Whose things are asked for: each household's and nobody's; of two things also one's own beside another's."""
    # Before whom the room is closed, it is so whosever the thing is: theirs, another's, nobody's.
    everybody = (*HOUSEHOLDS, NOBODY) if ROOM_OPENS[who] else ("home", "held", "left", NOBODY)
    if len(door.takes) < 2:
        return [(whose,) * len(door.takes) for whose in (everybody if door.takes else ("",))]
    if door.form:
        # A token that nobody has used yet begins a form of one's own.
        everybody = tuple(whose for whose in everybody if whose != NOBODY)
    own = HOME_OF.get(who, "home")
    mixed = [pair for other in everybody if other != own for pair in ((own, other), (other, own))]
    return [(whose, whose) for whose in everybody] + mixed


def answer(site: Neighbourhood, cell: Cell) -> TestResponse:
    """Try it."""
    values = {
        name: site.a_session_of(_author(whose)) if name == "session" else site.things[whose][name]
        for name, whose in zip(cell.door.takes, cell.whose, strict=True)
    }
    cookie = site.cookies[cell.who]
    client = site.app.test_client()
    client.set_cookie("wss", cookie)
    headers = dict(HTMX) if cell.htmx else {}
    path = address(site.app, cell.rule, values)
    if cell.method == "GET":
        return client.get(path, headers=headers)
    in_form = {name: value for name, value in values.items() if name not in cell.rule.arguments}
    form = {**cell.door.form, **in_form, "csrf_token": site.tokens[cell.who]}
    return client.post(path, data=form, headers=headers)


def _author(whose: str) -> str:
    return HOUSEHOLDS[whose][1] if whose in HOUSEHOLDS else NOBODY


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    """The rule's address with these values."""
    with app.test_request_context():
        built = rule.build({name: values.get(name) or OPEN_VALUES[name] for name in rule.arguments})
    assert built is not None
    return str(built[1])


def fault(site: Neighbourhood, cell: Cell, nothing: dict[tuple[object, ...], str]) -> str | None:
    """What is wrong with the answer; None when it is what the rules say."""
    answered = answer(site, cell)
    status, to = answered.status_code, _sent_to(answered)
    said = f"{cell}: {status} {to}"
    if cell.door.room is EVERYBODY:
        return None if status in OPEN and not to.startswith(("/login?next=", "/held")) else said
    if cell.who == "signed out" or isinstance(cell.door.room, frozenset):
        door = "/staff/login" if isinstance(cell.door.room, frozenset) else "/login"
        expected = door if cell.method == "POST" else f"{door}?next={answered.request.path}"
        return None if _is_redirect(answered, cell.htmx) and to == expected else said
    if cell.door.room is CONSUMER and not ROOM_OPENS[cell.who]:
        return None if _is_redirect(answered, cell.htmx) and to == "/held" else said
    if not cell.door.takes or cell.is_seen:
        waits = () if cell.rule.endpoint.endswith("held_resend") else ("/held",)
        return None if status in SEEN and not to.startswith(("/login?next=", *waits)) else said
    if status != 404:
        return said
    # Not yours and not there: the same answer, to the letter, for each way of asking.
    key = (cell.rule.endpoint, cell.method, cell.who, cell.htmx)
    first = nothing.setdefault(key, _body(site, cell, answered))
    return None if first == _body(site, cell, answered) else f"{said}: tells more than 'not there'"


def _is_redirect(answered: TestResponse, htmx: bool) -> bool:
    if htmx:
        return answered.status_code == 200 and answered.get_data() == b""
    return answered.status_code == 303


def _sent_to(answered: TestResponse) -> str:
    return answered.headers.get("Location") or answered.headers.get("HX-Redirect") or ""


def _body(site: Neighbourhood, cell: Cell, answered: TestResponse) -> str:
    """The page without what is random, and without the numbers that were asked for."""
    text = re.sub(r'name="csrf_token" value="[\w.-]+"', "a token", answered.get_data(as_text=True))
    for whose in cell.whose:
        for name in cell.door.takes:
            if name != "session":
                text = text.replace(site.things[whose][name], name)
    return text


def test_every_endpoint_is_in_the_table(app: Flask):
    none_of(sorted({rule.endpoint for rule in app.url_map.iter_rules() if door_of(rule.endpoint) is None}))


def test_nothing_is_in_the_table_that_is_not_there(app: Flask):
    none_of(sorted(set(DOORS) - {rule.endpoint for rule in app.url_map.iter_rules()}))


def test_an_endpoint_that_nobody_entered_is_seen(app: Flask):
    app.add_url_rule("/forgotten", "consumer.forgotten", lambda: "open")

    assert door_of("consumer.forgotten") is None


def test_everybody_sees_their_own_and_nothing_else(neighbourhood: Neighbourhood, database_kind: str):
    tried, faults = 0, []
    nothing: dict[tuple[object, ...], str] = {}
    for cell in cells(neighbourhood.app):
        wrong = fault(neighbourhood, cell, nothing)
        tried += 1
        faults += [wrong] if wrong else []
        if cell.method == "POST" and cell.rule.endpoint in END_SESSIONS:
            neighbourhood.sign_in(cell.who)

    print(f"\naccess matrix on {database_kind}: {tried} cells, {len(faults)} wrong")
    none_of(faults)


def test_a_room_that_shows_what_is_not_ones_own_is_seen(
    neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
):
    timeline = next(r for r in neighbourhood.app.url_map.iter_rules() if r.endpoint == "consumer.timeline")
    cell = Cell(timeline, "GET", "another", ("home",), htmx=False)
    before = fault(neighbourhood, cell, {})

    monkeypatch.setitem(neighbourhood.app.view_functions, "consumer.timeline", lambda complaint_no: "open")

    assert (before, bool(fault(neighbourhood, cell, {}))) == (None, True)
