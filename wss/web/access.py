"""Access control of all pages: one check, which denies every endpoint that is not in the access table."""

from datetime import UTC, datetime
from typing import cast

from flask import Flask, Response, abort, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from wss import clock
from wss.db import Reading
from wss.domain.actor import VISITOR, Actor, Role
from wss.domain.networks import network_key
from wss.domain.sessions import IDLE, STAFF_IDLE, STEP_UP_LIFE, TOUCH_EVERY
from wss.domain.visitor import Visitor
from wss.queries.sessions import SignedInConsumer, expired_consumer, signed_in_consumer
from wss.queries.staff import SignedInStaff, signed_in_staff
from wss.services.login.consumer_login import note_use
from wss.web.access_table import AccessRule, Roles, access_of, is_staff_endpoint
from wss.web.cookie import CookieSession
from wss.web.denied_access import login_arguments, redirect_held_consumer
from wss.web.device_cookie import browser_in_words, trusted_consumers
from wss.web.language import request_language
from wss.web.pages import redirect_to
from wss.web.shared_pages import is_shared
from wss.web.site_names import has_staff_name, is_staff_name

# Earlier than every session.
EVER = datetime(2000, 1, 1, tzinfo=UTC)


class LoggedInPerson(UserMixin):
    """The user of Flask-Login, a consumer or an employee. Its id is the session, so that deleting the row logs out."""

    def __init__(self, who: SignedInConsumer | SignedInStaff) -> None:
        self.who = who

    def get_id(self) -> str:
        """Return the hash of the session's id."""
        return self.who.session_hash


def init_app(app: Flask) -> None:
    """Check access before each request."""
    # Of Flask-Login the site uses current_user, which loads the person once per request. Its other parts assume a
    # session in the cookie, while ours are rows (models/session.py): logging in adds a row and changes the cookie's id,
    # logging out ends the row, so login_user and logout_user have nothing to store; stepped_up_at is a "fresh" login.
    # The check below refuses every endpoint that its table lacks; login_required would open a view that lacks it.
    manager = LoginManager()
    # It compares network address and browser, but a phone's address changes when it switches to another cell tower.
    manager.session_protection = None
    manager.init_app(app)
    manager.request_loader(_signed_in_person)
    app.before_request(_open_reading)
    app.before_request(_check_access)
    app.teardown_request(_close_reading)
    app.context_processor(lambda: {"signed_in": is_signed_in(), "staff": staff_or_none()})


def is_signed_in() -> bool:
    """Return whether a consumer is logged in; False on pages of staff."""
    return isinstance(_who(), SignedInConsumer)


def current_consumer() -> SignedInConsumer:
    """Return the logged-in consumer; for pages that only a consumer may open."""
    return cast(SignedInConsumer, _who())


def staff_or_none() -> SignedInStaff | None:
    """Return the logged-in employee, perhaps by password only; None on every page that is for others."""
    who = _who()
    return who if isinstance(who, SignedInStaff) else None


def current_staff() -> SignedInStaff:
    """Return the logged-in employee; for pages that only staff may open."""
    return cast(SignedInStaff, _who())


def current_actor() -> Actor:
    """Return the actor of the request, for queries and services."""
    who = _who()
    if isinstance(who, SignedInConsumer):
        return Actor(Role.CONSUMER, str(who.id))
    if isinstance(who, SignedInStaff) and who.is_in:
        return Actor(who.role, who.employee_id, who.office_code)
    return VISITOR


def needs_step_up(back: str | None = None) -> Response | None:
    """Return a redirect to the second factor; None if one was given in the last five minutes.

    Called before a sensitive action. `back` is the page to return to. A form has to name it, and that page then says
    to send the form again; a page returns to itself.
    """
    if has_stepped_up():
        return None
    return redirect_to("staff.step_up", next=back or _page_asked_for(), again=1 if back else None)


def has_stepped_up() -> bool:
    """Return whether the employee has given another code in the last five minutes."""
    given = current_staff().stepped_up_at
    return given is not None and clock.now() - given < STEP_UP_LIFE


def cookie() -> CookieSession:
    """Return the browser's session cookie."""
    return cast(CookieSession, session)


def visitor() -> Visitor:
    """Return the visitor, for services that serve people who are not logged in."""
    return Visitor(
        session_hash=cookie().id_hash,
        address=network_key(request.remote_addr or ""),
        language=request_language(),
        browser=browser_in_words(request.headers.get("User-Agent", "")),
        trusted=trusted_consumers(),
    )


def _who() -> SignedInConsumer | SignedInStaff | None:
    """Return who is logged in, looked up through the proxy of Flask-Login once for a request."""
    if "who" not in g:
        person = cast(LoggedInPerson, current_user._get_current_object())
        g.who = person.who if person and person.is_authenticated else None
    found: SignedInConsumer | SignedInStaff | None = g.who
    return found


def _signed_in_person(_request: object) -> LoggedInPerson | None:
    """Load the user that the page can be for, by one statement: an employee on pages of staff, else a consumer."""
    if cookie().is_new or is_shared():
        return None
    at = clock.now()
    found: SignedInConsumer | SignedInStaff | None
    if is_office_page(request.endpoint):
        found = signed_in_staff(cookie().id_hash, at, at - STAFF_IDLE, clock.local_date(at))
    else:
        found = signed_in_consumer(cookie().id_hash, at, at - IDLE)
        if found is None and request.endpoint is None and not has_staff_name():
            # No page has this address: its error page has the header that the logged-in person knows.
            found = signed_in_staff(cookie().id_hash, at, at - STAFF_IDLE, clock.local_date(at))
    return LoggedInPerson(found) if found else None


def is_office_page(endpoint: str | None) -> bool:
    """Return whether a page belongs to staff: by the name of the site that has it, or by its blueprint."""
    return is_staff_name() or is_staff_endpoint(endpoint)


def _open_reading() -> None:
    current = Reading()
    g.reading = current, current.begin()


def _close_reading(error: BaseException | None) -> None:
    if "reading" in g:
        current, token = g.pop("reading")
        current.end(token)


def _check_access() -> ResponseReturnValue | None:
    """Allow the request, redirect to a login page, or deny it."""
    if request.endpoint is None:
        return None
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)
    rule = access_of(request.endpoint)
    if rule is None:
        abort(404)
    if rule is AccessRule.EVERYBODY:
        return None
    return _check_staff_access(rule) if is_office_page(request.endpoint) else _check_consumer_access(rule)


def _check_consumer_access(rule: AccessRule | Roles) -> ResponseReturnValue | None:
    if not is_signed_in():
        return redirect_to("auth.login", **_login_arguments())
    if not _is_polling():
        _note_use(current_consumer().session_hash, current_consumer().seen_at)
    if rule is AccessRule.CONSUMER and current_consumer().is_held:
        return redirect_held_consumer()
    return None


def _check_staff_access(rule: AccessRule | Roles) -> ResponseReturnValue | None:
    """Check the role once the login is complete; for any other role the page does not exist (404)."""
    staff = staff_or_none()
    if staff is None:
        return redirect_to("staff.login", **_login_arguments())
    _note_use(staff.session_hash, staff.seen_at)
    if rule is AccessRule.PASSWORD_GIVEN:
        return None
    if not staff.is_in:
        return redirect_to(missing_step(staff), next=_page_asked_for())
    if not isinstance(rule, frozenset) or staff.role not in rule:
        abort(404)
    return None


def missing_step(staff: SignedInStaff) -> str:
    """Return the endpoint of the next login step of an employee.

    A first password is changed before the authenticator is set up; once it is set up, its code comes first.
    """
    if staff.must_change and (not staff.is_enrolled or staff.second_factor_at is not None):
        return "staff.password"
    return "staff.totp"


def _login_arguments() -> dict[str, str | None]:
    """Return the page to show after the login, and whether the login page says that the session has expired."""
    return login_arguments(_page_asked_for(), _expired_actor() if not cookie().is_new else None)


def _expired_actor() -> Actor | None:
    """Return whose session has expired. Used only to save the form that they had filled in."""
    if not is_office_page(request.endpoint):
        consumer_id = expired_consumer(cookie().id_hash)
        return Actor(Role.CONSUMER, str(consumer_id)) if consumer_id is not None else None
    staff = signed_in_staff(cookie().id_hash, EVER, EVER, clock.local_date(clock.now()))
    return Actor(staff.role, staff.employee_id, staff.office_code) if staff and staff.is_in else None


def _page_asked_for() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _is_polling() -> bool:
    """Return whether the page sent this request by itself.

    An open timeline polls each minute; if that counted as use, the session of an unattended phone would never
    expire.
    """
    return request.endpoint == "consumer.timeline" and "v" in request.args


def _note_use(session_hash: str, seen_at: datetime) -> None:
    if clock.now() - seen_at >= TOUCH_EVERY:
        note_use(session_hash)
