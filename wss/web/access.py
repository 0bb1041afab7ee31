"""Who may enter which room: one table, one guard, and whatever is not in the table is closed."""

from collections.abc import Callable
from enum import StrEnum
from typing import cast

from flask import Flask, abort, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import ValidationError

from wss import clock
from wss.db import reading
from wss.domain.actor import VISITOR, Actor, Role
from wss.domain.errors import RuleBroken
from wss.domain.sessions import IDLE, TOUCH_EVERY
from wss.domain.throttle import network_key
from wss.domain.visitor import Visitor
from wss.queries.sessions import SignedInConsumer, lapsed_consumer, signed_in_consumer
from wss.services.sign_in import note_use
from wss.web.cookie import CookieSession
from wss.web.language import wished_language
from wss.web.pages import redirect_to

PHONE_COOKIE = "wss_phone"


class Room(StrEnum):
    """For whom a room is."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    CONSUMER = "consumer"


Keeper = Callable[[Actor], str]
_KEEPERS: dict[str, Keeper] = {}

# Blueprints, then single endpoints that differ from their blueprint. Nothing else can be reached.
ROOMS: dict[str, Room] = {
    "static": Room.EVERYBODY,
    "public": Room.EVERYBODY,
    "auth": Room.EVERYBODY,
    "tracking": Room.EVERYBODY,
    "health": Room.EVERYBODY,
    "dev": Room.EVERYBODY,
    "consumer": Room.CONSUMER,
    "consumer.erased": Room.EVERYBODY,
    "auth.held": Room.SIGNED_IN,
    "auth.try_held": Room.SIGNED_IN,
    "auth.held_resend": Room.SIGNED_IN,
    # What is kept about a person is theirs without a connection too: on hold, or after the last one was lost.
    "consumer.held_data": Room.SIGNED_IN,
    "consumer.export_data": Room.SIGNED_IN,
    "consumer.change_alerts": Room.SIGNED_IN,
    "consumer.erase": Room.SIGNED_IN,
    "consumer.ask_erase": Room.SIGNED_IN,
    "consumer.keep_data": Room.SIGNED_IN,
    "consumer.who_looked": Room.SIGNED_IN,
    "consumer.settings": Room.SIGNED_IN,
    "consumer.save_settings": Room.SIGNED_IN,
    "consumer.end_sessions": Room.SIGNED_IN,
}


class SignedInPerson(UserMixin):
    """What Flask-Login calls the user: its id is the session, so ending the row signs out."""

    def __init__(self, consumer: SignedInConsumer) -> None:
        self.consumer = consumer

    def get_id(self) -> str:
        """The session's id, hashed."""
        return self.consumer.session_hash


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
    app.context_processor(lambda: {"signed_in": is_signed_in()})


def room_of(endpoint: str) -> Room | None:
    """The room an endpoint is; None for one that nobody entered in the table."""
    return ROOMS.get(endpoint) or ROOMS.get(endpoint.partition(".")[0])


def is_signed_in() -> bool:
    """Whether somebody is signed in."""
    return bool(current_user and current_user.is_authenticated)


def current_consumer() -> SignedInConsumer:
    """The consumer who is signed in; only rooms behind the guard ask."""
    return cast(SignedInPerson, current_user).consumer


def current_actor() -> Actor:
    """Who is asking, for queries and services."""
    return Actor(Role.CONSUMER, str(current_consumer().id)) if is_signed_in() else VISITOR


def cookie() -> CookieSession:
    """The browser's cookie."""
    return cast(CookieSession, session)


def visitor() -> Visitor:
    """Who knocks, for services that serve those who are not signed in."""
    return Visitor(
        session_hash=cookie().id_hash,
        address=network_key(request.remote_addr or ""),
        language=wished_language(),
        browser=_browser(request.headers.get("User-Agent", "")),
        trusted=_trusted_consumers(),
    )


def phone_cookie(consumer_id: int) -> str:
    """The value that tells later that this consumer has signed in on this phone."""
    return _phones().dumps(sorted(_trusted_consumers() | {consumer_id})[-8:])


def _signed_in_person(_request: object) -> SignedInPerson | None:
    if cookie().is_new:
        return None
    at = clock.now()
    found = signed_in_consumer(cookie().id_hash, at, at - IDLE)
    return SignedInPerson(found) if found else None


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
    if room is Room.EVERYBODY:
        return None
    if not is_signed_in():
        return redirect_to("auth.login", next=_wanted())
    if not _asks_by_itself():
        _note_use(current_consumer())
    if room is Room.CONSUMER and current_consumer().is_held:
        return redirect_to("auth.held")
    return None


def keeps(endpoint: str) -> Callable[[Keeper], Keeper]:
    """Say how a form sent to this endpoint is kept when its sender's session has just ended."""

    def enter(keeper: Keeper) -> Keeper:
        _KEEPERS[endpoint] = keeper
        return keeper

    return enter


def _wanted() -> str | None:
    """Where to go on after signing in: the page that was asked for, or the one whose form has been kept."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    keeper = _KEEPERS.get(request.endpoint or "")
    if keeper is None or cookie().is_new:
        return None
    lapsed = lapsed_consumer(cookie().id_hash)
    if lapsed is None:
        return None
    try:
        # The guard stands before the check of tokens, and nobody else may write into somebody's drafts.
        validate_csrf(request.form.get("csrf_token"))
        return keeper(Actor(Role.CONSUMER, str(lapsed)))
    except (ValidationError, RuleBroken):
        return None


def _asks_by_itself() -> bool:
    """An open timeline asks for news each minute: were that use, a forgotten phone would stay signed in all day."""
    return request.endpoint == "consumer.timeline" and "v" in request.args


def _note_use(consumer: SignedInConsumer) -> None:
    if clock.now() - consumer.seen_at >= TOUCH_EVERY:
        note_use(consumer.session_hash)


def _phones() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="phone")


def _trusted_consumers() -> frozenset[int]:
    try:
        return frozenset(_phones().loads(request.cookies.get(PHONE_COOKIE, "")))
    except BadSignature:
        return frozenset()


def _browser(user_agent: str) -> str:
    """A browser in two words, for the list of sessions: enough to know one's own phone by."""
    names = ("OPR", "Opera Mini", "Edg", "SamsungBrowser", "UCBrowser", "Firefox", "Chrome", "Safari")
    systems = ("Android", "KAIOS", "iPhone", "Windows", "Mac", "Linux")
    found = [next((name for name in some if name in user_agent), "") for some in (names, systems)]
    return " ".join(part for part in found if part)
