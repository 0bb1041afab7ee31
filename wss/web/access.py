"""Who may enter which room: one table, one guard, and whatever is not in the table is closed."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

from flask import Flask, Response, abort, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from wss import clock
from wss.db import reading
from wss.domain.actor import DELIVERY_ROLES, HANDLING_ROLES, STAFF_ROLES, VISITOR, Actor, Role
from wss.domain.calls import HELPDESK_ROLES
from wss.domain.networks import network_key
from wss.domain.sessions import IDLE, STAFF_IDLE, STEPPED_UP_FOR, TOUCH_EVERY
from wss.domain.visitor import Visitor
from wss.queries.sessions import SignedInConsumer, lapsed_consumer, signed_in_consumer
from wss.queries.staff import SignedInStaff, signed_in_staff
from wss.services.login.consumer_login import note_use
from wss.web.cookie import CookieSession
from wss.web.denied_access import way_on, where_held_go
from wss.web.device_cookie import browser_in_words, trusted_consumers
from wss.web.language import wished_language
from wss.web.pages import redirect_to


class AccessRule(StrEnum):
    """For whom a room is; rooms of staff name the roles instead."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    CONSUMER = "consumer"
    # Staff who have given their password, and perhaps nothing else yet.
    PASSWORD_GIVEN = "password_given"  # noqa: S105  the name of a room


Roles = frozenset[Role]
# However long ago.
EVER = datetime(2000, 1, 1, tzinfo=UTC)

# Blueprints, then single endpoints that differ from their blueprint. Nothing else can be reached.
ROOMS: dict[str, AccessRule | Roles] = {
    "static": AccessRule.EVERYBODY,
    "public": AccessRule.EVERYBODY,
    "auth": AccessRule.EVERYBODY,
    "tracking": AccessRule.EVERYBODY,
    "health": AccessRule.EVERYBODY,
    "gateway": AccessRule.EVERYBODY,
    "csp_reports": AccessRule.EVERYBODY,
    "dev": AccessRule.EVERYBODY,
    "consumer": AccessRule.CONSUMER,
    "consumer.erased": AccessRule.EVERYBODY,
    "auth.held": AccessRule.SIGNED_IN,
    "auth.try_held": AccessRule.SIGNED_IN,
    "auth.held_resend": AccessRule.SIGNED_IN,
    # What is kept about a person is theirs without a connection too: on hold, or after the last one was lost.
    "consumer.held_data": AccessRule.SIGNED_IN,
    # Shows nothing of the connection that is on hold.
    "consumer.held_request": AccessRule.SIGNED_IN,
    "consumer.held_request_sent": AccessRule.SIGNED_IN,
    "consumer.export_data": AccessRule.SIGNED_IN,
    "consumer.change_alerts": AccessRule.SIGNED_IN,
    "consumer.erase": AccessRule.SIGNED_IN,
    "consumer.ask_erase": AccessRule.SIGNED_IN,
    "consumer.keep_data": AccessRule.SIGNED_IN,
    "consumer.who_looked": AccessRule.SIGNED_IN,
    "consumer.settings": AccessRule.SIGNED_IN,
    "consumer.save_settings": AccessRule.SIGNED_IN,
    "consumer.confirm_email": AccessRule.SIGNED_IN,
    "consumer.end_sessions": AccessRule.SIGNED_IN,
    "staff": STAFF_ROLES,
    "staff.login": AccessRule.EVERYBODY,
    "staff.try_login": AccessRule.EVERYBODY,
    "staff.logout": AccessRule.EVERYBODY,
    "staff.totp": AccessRule.PASSWORD_GIVEN,
    "staff.try_totp": AccessRule.PASSWORD_GIVEN,
    "staff.password": AccessRule.PASSWORD_GIVEN,
    "staff.try_password": AccessRule.PASSWORD_GIVEN,
    "officer": frozenset(HANDLING_ROLES),
    "mis": frozenset(HANDLING_ROLES),
    # Those who take calls and their supervisors: neither enters the offices' rooms, nor officers theirs.
    "helpdesk": HELPDESK_ROLES,
    "helpdesk.supervisor": frozenset({Role.HELPDESK_SUPERVISOR}),
    "admin": frozenset({Role.ADMIN}),
    "deliveries": DELIVERY_ROLES,
}


class LoggedInPerson(UserMixin):
    """What Flask-Login calls the user, consumer or employee: its id is the session, so ending the row signs out."""

    def __init__(self, who: SignedInConsumer | SignedInStaff) -> None:
        self.who = who

    def get_id(self) -> str:
        """The session's id, hashed."""
        return self.who.session_hash


def init_app(app: Flask) -> None:
    """Put the guard in front of every room."""
    manager = LoginManager()
    # Phones change their network address between two towers; "strong" would sign them out each time.
    manager.session_protection = None
    manager.init_app(app)
    manager.request_loader(_signed_in_person)
    app.before_request(_open_reading)
    app.before_request(_guard)
    app.teardown_request(_close_reading)
    app.context_processor(lambda: {"signed_in": is_signed_in(), "staff": staff_or_none()})


def room_of(endpoint: str) -> AccessRule | Roles | None:
    """The room an endpoint is; None for one that nobody entered in the table."""
    return ROOMS.get(endpoint) or ROOMS.get(endpoint.partition(".")[0])


def is_signed_in() -> bool:
    """Whether a consumer is signed in; in the rooms of staff nobody is."""
    return isinstance(_who(), SignedInConsumer)


def current_consumer() -> SignedInConsumer:
    """The consumer who is signed in; only rooms behind the guard ask."""
    return cast(SignedInConsumer, _who())


def staff_or_none() -> SignedInStaff | None:
    """The employee who is signed in, perhaps by password only; everywhere but in the rooms of staff None."""
    who = _who()
    return who if isinstance(who, SignedInStaff) else None


def current_staff() -> SignedInStaff:
    """The employee who is signed in; only rooms of staff ask, behind the guard."""
    return cast(SignedInStaff, _who())


def current_actor() -> Actor:
    """Who is asking, for queries and services."""
    who = _who()
    if isinstance(who, SignedInConsumer):
        return Actor(Role.CONSUMER, str(who.id))
    if isinstance(who, SignedInStaff) and who.is_in:
        return Actor(who.role, who.employee_id, who.office_code)
    return VISITOR


def needs_step_up(back: str | None = None) -> Response | None:
    """Before something weighty: send on to give a code, unless one was given in the last five minutes; else None.

    `back` is the page to come to afterwards, which a form has to say; a page comes back to itself.
    """
    given = current_staff().stepped_up_at
    if given is not None and clock.now() - given < STEPPED_UP_FOR:
        return None
    return redirect_to("staff.step_up", next=back or _page_asked_for())


def may_enter(endpoint: str, role: Role) -> bool:
    """Whether a room of staff is open to a role."""
    room = room_of(endpoint)
    return isinstance(room, frozenset) and role in room


def cookie() -> CookieSession:
    """The browser's cookie."""
    return cast(CookieSession, session)


def visitor() -> Visitor:
    """Who knocks, for services that serve those who are not signed in."""
    return Visitor(
        session_hash=cookie().id_hash,
        address=network_key(request.remote_addr or ""),
        language=wished_language(),
        browser=browser_in_words(request.headers.get("User-Agent", "")),
        trusted=trusted_consumers(),
    )


def _who() -> SignedInConsumer | SignedInStaff | None:
    person = cast(LoggedInPerson, current_user)
    return person.who if person and person.is_authenticated else None


def _signed_in_person(_request: object) -> LoggedInPerson | None:
    """Whoever the room is for: staff in theirs, consumers everywhere else, by one statement."""
    if cookie().is_new:
        return None
    at = clock.now()
    found: SignedInConsumer | SignedInStaff | None
    if _is_of_staff(request.endpoint):
        found = signed_in_staff(cookie().id_hash, at, at - STAFF_IDLE, clock.local_date(at))
    else:
        found = signed_in_consumer(cookie().id_hash, at, at - IDLE)
    return LoggedInPerson(found) if found else None


def _is_of_staff(endpoint: str | None) -> bool:
    """Whether an endpoint's blueprint is a room of staff."""
    return isinstance(ROOMS.get((endpoint or "").partition(".")[0]), frozenset)


def _open_reading() -> None:
    g.reading = reading()
    g.reading.__enter__()


def _close_reading(error: BaseException | None) -> None:
    scope = g.pop("reading", None)
    if scope is not None:
        scope.__exit__(None, None, None)


def _guard() -> ResponseReturnValue | None:
    """Let in, send to the door, or deny."""
    if request.endpoint is None:
        return None
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)
    room = room_of(request.endpoint)
    if room is None:
        abort(404)
    if room is AccessRule.EVERYBODY:
        return None
    return _guard_of_staff(room) if _is_of_staff(request.endpoint) else _guard_of_consumers(room)


def _guard_of_consumers(room: AccessRule | Roles) -> ResponseReturnValue | None:
    if not is_signed_in():
        return redirect_to("auth.login", **_way_on())
    if not _asks_by_itself():
        _note_use(current_consumer().session_hash, current_consumer().seen_at)
    if room is AccessRule.CONSUMER and current_consumer().is_held:
        return where_held_go()
    return None


def _guard_of_staff(room: AccessRule | Roles) -> ResponseReturnValue | None:
    """The role opens the room, once nothing is missing; to any other role the room is not there."""
    staff = staff_or_none()
    if staff is None:
        return redirect_to("staff.login", **_way_on())
    _note_use(staff.session_hash, staff.seen_at)
    if room is AccessRule.PASSWORD_GIVEN:
        return None
    if not staff.is_in:
        return redirect_to(missing_step(staff), next=_page_asked_for())
    if not isinstance(room, frozenset) or staff.role not in room:
        abort(404)
    return None


def missing_step(staff: SignedInStaff) -> str:
    """Where an employee who is not fully signed in goes on. A first password is changed before the authenticator is
    set up; once that is, its code comes first."""
    if staff.must_change and (not staff.is_enrolled or staff.second_factor_at is not None):
        return "staff.password"
    return "staff.totp"


def _way_on() -> dict[str, str | None]:
    """Where to go on after signing in, and what is said to whoever comes because their time has run out."""
    return way_on(_page_asked_for(), _lapsed() if not cookie().is_new else None)


def _lapsed() -> Actor | None:
    """Whose session this was, though it is over; only to keep for them what they had typed."""
    if not _is_of_staff(request.endpoint):
        consumer_id = lapsed_consumer(cookie().id_hash)
        return Actor(Role.CONSUMER, str(consumer_id)) if consumer_id is not None else None
    staff = signed_in_staff(cookie().id_hash, EVER, EVER, clock.local_date(clock.now()))
    return Actor(staff.role, staff.employee_id, staff.office_code) if staff and staff.is_in else None


def _page_asked_for() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _asks_by_itself() -> bool:
    """An open timeline asks for news each minute: were that use, a forgotten phone would stay signed in all day."""
    return request.endpoint == "consumer.timeline" and "v" in request.args


def _note_use(session_hash: str, seen_at: datetime) -> None:
    if clock.now() - seen_at >= TOUCH_EVERY:
        note_use(session_hash)
