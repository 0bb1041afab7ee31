"""Login and logout of consumers: captcha, rate limits, password, and a session stored in a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wss import passwords, vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.otp import OtpOutcome, OtpSending
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Consumer
from wss.queries.consumers import consumer, consumer_by_login, is_current_password, set_language
from wss.queries.proofs import end_proof, proof_of
from wss.queries.sessions import delete_session, touch_session
from wss.services.login.extra_otp import (
    SECOND,
    begin_second_proof,
    send_second_code,
    try_second_proof,
)
from wss.services.login.sessions import open_session
from wss.services.shared import rate_limits
from wss.services.shared.audit import record
from wss.services.shared.captchas import answer_captcha, new_captcha
from wss.services.shared.login_failures import FailureKind, is_site_under_guessing, note_failure


class LoginOutcome(StrEnum):
    """The result of a login. WRONG is the same for a wrong account, password or sum. MORE: the password is right,
    and an additional proof is needed."""

    IN = "in"
    MORE = "more"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LoginResult:
    """The outcome; with the new session's id (for the cookie) and the consumer, or the seconds to wait."""

    outcome: LoginOutcome
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


def log_in(visitor: Visitor, typed: Credentials) -> LoginResult:
    """Log in. The hash is checked between two transactions, as it takes as long as fifty of them."""
    with transaction():
        is_captcha_right = answer_captcha(typed.captcha_id, visitor.session_hash, typed.captcha)
        owner = consumer_by_login(typed.login)
        is_known = _counts_as_known(visitor, owner)
        tries = _tries(visitor, typed.login, owner if is_known else None)
        refused = _consume_attempts(tries if is_captcha_right else tries[1:])
        guesses = _count_guess(visitor, typed.login, owner) if refused is None and is_captcha_right else ()
    if refused is not None:
        return refused
    kept = owner.password_hash if owner is not None and is_captcha_right else None
    if not passwords.is_right(typed.password, kept) or owner is None:
        # With a wrong sum no password was checked.
        if is_captcha_right:
            with transaction():
                note_failure(FailureKind.LOGIN)
        return LoginResult(LoginOutcome.WRONG)
    with transaction():
        # Between the transactions the password may have been changed or the consumer erased; both end their
        # sessions.
        if not is_current_password(owner.id, owner.password_hash):
            return LoginResult(LoginOutcome.WRONG)
        _reset_attempts(tries, _guesses(visitor, typed.login, owner), guesses)
        if not all(guesses) and not is_known:
            begin_second_proof(visitor, owner)
            return LoginResult(LoginOutcome.MORE)
        return _open_session(visitor, owner.id)


def finish_log_in(visitor: Visitor, typed: str) -> LoginResult:
    """Log in with the additional proof after the right password. Guesses from elsewhere stay counted."""
    with transaction():
        proof = proof_of(visitor.session_hash, SECOND, now())
        if proof is None or proof.consumer_id is None:
            return LoginResult(LoginOutcome.LOST)
        if not is_current_password(proof.consumer_id, proof.password_hash or ""):
            return LoginResult(LoginOutcome.LOST)
        tried = try_second_proof(visitor, proof, typed)
        if tried.answer is OtpOutcome.STOPPED:
            return LoginResult(LoginOutcome.TOO_OFTEN, retry_after=tried.retry_after)
        if not tried.is_right or not end_proof(proof.id, now()):
            return LoginResult(LoginOutcome.WRONG)
        return _open_session(visitor, proof.consumer_id)


def resend_second_code(visitor: Visitor) -> OtpSending | None:
    """Resend the code of the additional proof, within the limits; None when no proof is under way."""
    with transaction():
        proof = proof_of(visitor.session_hash, SECOND, now())
        owner = consumer(proof.consumer_id or 0) if proof is not None else None
        return send_second_code(visitor, proof, owner) if proof is not None and owner is not None else None


def session_hash(session_id: str) -> str:
    """Return the hash under which a session's id is stored."""
    return vault.session_hash(session_id)


def log_out(id_hash: str) -> None:
    """End a session."""
    with transaction():
        delete_session(id_hash)


def note_use(id_hash: str) -> None:
    """Record that a session is in use."""
    with transaction():
        touch_session(id_hash, now())


def create_captcha(visitor: Visitor) -> str | None:
    """Create a captcha for this browser; None when its network has requested far too many."""
    with transaction():
        if not rate_limits.consume(Limit.CAPTCHA_ADDRESS, visitor.address).allowed:
            return None
        return new_captcha(visitor.session_hash)


def is_captcha_required() -> bool:
    """Return whether passwords are guessed all over the site, so that a captcha is required of everyone."""
    with reading():
        return is_site_under_guessing()


def choose_language(consumer_id: int, language: str) -> None:
    """Store the language in the consumer's record."""
    with transaction():
        set_language(consumer_id, language)


def _open_session(visitor: Visitor, consumer_id: int) -> LoginResult:
    session_id = open_session(visitor, consumer_id)
    record(Actor(Role.CONSUMER, str(consumer_id)), "sign_in", f"consumer:{consumer_id}")
    return LoginResult(LoginOutcome.IN, session_id, consumer_id)


def _counts_as_known(visitor: Visitor, owner: Consumer | None) -> bool:
    """Whether this browser is known to the consumer and has tries of its own left; without them it is as a new one."""
    if owner is None or owner.id not in visitor.trusted:
        return False
    return rate_limits.peek(*_of_known_browser(visitor, owner)).allowed


def _of_known_browser(visitor: Visitor, owner: Consumer) -> tuple[Limit, str]:
    """What a known browser counts against: itself alone, or one of them would lock all the others."""
    return Limit.SIGN_IN_ACCOUNT, f"browser {owner.id} {visitor.trusted[owner.id]}"


def _tries(visitor: Visitor, login: str, known_to: Consumer | None) -> tuple[tuple[Limit, str], ...]:
    """What a failed try counts against in the open: the login as seen from here, and the network.

    "From here" is the network, so that a stranger elsewhere locks no one out. Where this consumer has logged in
    before, it is the browser, so that other users of the network lock no one out either; all logins of the
    consumer then share one count.
    """
    from_network = Limit.SIGN_IN_ACCOUNT, f"{login} {visitor.address}"
    here = from_network if known_to is None else _of_known_browser(visitor, known_to)
    return here, (Limit.SIGN_IN_ADDRESS, visitor.address)


def _guesses(visitor: Visitor, login: str, owner: Consumer | None) -> tuple[tuple[Limit, str], ...]:
    """Return the counts of a failed attempt whose refusal is not shown: all logins of the consumer as seen from
    here, and over all networks. A login of no consumer has a count of its own, so that the work is the same."""
    subject_id = f"consumer {owner.id}" if owner is not None else f"login {login}"
    return (Limit.SIGN_IN_NAMES, f"{subject_id} {visitor.address}"), (Limit.SIGN_IN_ALL, subject_id)


def _consume_attempts(tries: Iterable[tuple[Limit, str]]) -> LoginResult | None:
    """Count the try before the password is looked at; a wrong sum tried no password and counts for the network only."""
    for limit, subject in tries:
        limit_result = rate_limits.consume(limit, subject)
        if not limit_result.allowed:
            return LoginResult(LoginOutcome.TOO_OFTEN, retry_after=limit_result.retry_after)
    return None


def _count_guess(visitor: Visitor, login: str, owner: Consumer | None) -> tuple[bool, ...]:
    """Count the attempt without showing the result: whether each limit allows it. Where one does not, the right
    password needs an additional proof."""
    return tuple([rate_limits.consume_silently(*count) for count in _guesses(visitor, login, owner)])


def _reset_attempts(
    tries: tuple[tuple[Limit, str], ...], counts: tuple[tuple[Limit, str], ...], guesses: tuple[bool, ...]
) -> None:
    """Forget what is counted here. Over all networks only the try of now: those of others stay, or each sign-in of the
    owner would give them new ones."""
    account, network = tries
    rate_limits.clear(*account)
    rate_limits.give_back(*network)
    from_here, from_everywhere = counts
    if all(guesses):
        rate_limits.clear(*from_here)
    if guesses[-1]:
        rate_limits.give_back(*from_everywhere)
