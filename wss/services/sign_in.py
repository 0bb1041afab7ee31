"""Signing in and out: captcha, limits, password, and a session that lives in a table."""

from dataclasses import dataclass
from enum import StrEnum

from wss import passwords, vault
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.throttle import Limit
from wss.domain.visitor import Visitor
from wss.models import Consumer
from wss.queries.consumers import consumer_by_login, set_language, still_opens
from wss.queries.sessions import delete_session, touch_session
from wss.services.steps import limits
from wss.services.steps.audit import record
from wss.services.steps.captchas import answer_captcha, new_captcha
from wss.services.steps.opening import open_session


class SignIn(StrEnum):
    """How signing in ended. WRONG says the same for a wrong account, password or sum."""

    IN = "in"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """The outcome; with the new session's id (for the cookie) and the consumer, or the seconds to wait."""

    outcome: SignIn
    session_id: str = ""
    consumer_id: int = 0
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed: user name or account number as it is stored, password, captcha."""

    login: str
    password: str
    captcha_id: str
    captcha: str


def sign_in(visitor: Visitor, typed: Credentials) -> SignInAnswer:
    """Sign in. The hash is checked between two transactions: it takes as long as fifty of them."""
    with transaction():
        is_captcha_right = answer_captcha(typed.captcha_id, visitor.session_hash, typed.captcha)
        owner = consumer_by_login(typed.login)
        refused = _spend_tries(visitor, typed, owner, is_captcha_right)
    if refused is not None:
        return refused
    kept = owner.password_hash if owner is not None and is_captcha_right else None
    if not passwords.is_right(typed.password, kept) or owner is None:
        return SignInAnswer(SignIn.WRONG)
    with transaction():
        # Meanwhile the password may have been changed, or the consumer erased: their sessions have ended then.
        if not still_opens(owner.id, owner.password_hash):
            return SignInAnswer(SignIn.WRONG)
        _forget_tries(visitor, typed, owner)
        session_id = open_session(visitor, owner.id)
        record(Actor(Role.CONSUMER, str(owner.id)), "sign_in", f"consumer:{owner.id}")
    return SignInAnswer(SignIn.IN, session_id, owner.id)


def session_hash(session_id: str) -> str:
    """What is kept of a session's id."""
    return vault.keyed_hash("session", session_id)


def sign_out(id_hash: str) -> None:
    """End a session."""
    with transaction():
        delete_session(id_hash)


def note_use(id_hash: str) -> None:
    """Note that a session is in use."""
    with transaction():
        touch_session(id_hash, now())


def show_captcha(visitor: Visitor) -> str | None:
    """A new captcha for this browser; None when its network has asked for far too many."""
    with transaction():
        if not limits.spend(Limit.CAPTCHA_ADDRESS, visitor.address).allowed:
            return None
        return new_captcha(visitor.session_hash)


def choose_language(consumer_id: int, language: str) -> None:
    """Remember the language in the consumer's record."""
    with transaction():
        set_language(consumer_id, language)


def _tries(visitor: Visitor, login: str, owner: Consumer | None) -> tuple[tuple[Limit, str], ...]:
    """What a failed try counts against: the account as seen from here, and the network.

    "From here" is the network, so that a stranger elsewhere locks nobody out; on a phone where this consumer has
    signed in before, it is the phone, so that neither does a neighbour behind the same address.
    """
    here = f"phone {owner.id}" if owner is not None and owner.id in visitor.trusted else visitor.address
    return (Limit.SIGN_IN_ACCOUNT, f"{login} {here}"), (Limit.SIGN_IN_ADDRESS, visitor.address)


def _spend_tries(
    visitor: Visitor, typed: Credentials, owner: Consumer | None, is_captcha_right: bool
) -> SignInAnswer | None:
    """Count the try before the password is looked at; a wrong sum tried no password and counts for the network only."""
    tries = _tries(visitor, typed.login, owner)
    for limit, subject in tries if is_captcha_right else tries[1:]:
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            return SignInAnswer(SignIn.TOO_OFTEN, retry_after=spent.retry_after)
    return None


def _forget_tries(visitor: Visitor, typed: Credentials, owner: Consumer) -> None:
    account, network = _tries(visitor, typed.login, owner)
    limits.clear(*account)
    limits.give_back(*network)
