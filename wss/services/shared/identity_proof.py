"""The proof by account and bill number with which every recovery begins; right and wrong facts cost the same work."""

from dataclasses import dataclass, replace
from datetime import timedelta

from wss import vault
from wss.clock import now
from wss.domain.otp import OtpRequester, requester_of
from wss.domain.ownership import LAST_BILLS, KnowledgeFacts, is_among_last
from wss.domain.rate_limits import Limit, LimitResult
from wss.domain.visitor import Visitor
from wss.models import Connection, Consumer, Proof
from wss.queries.consumers import active_consumer, connection_row, locked_active_consumer
from wss.queries.proofs import begin_proof
from wss.queries.registrations import account_of_bill, latest_bill_numbers
from wss.services.shared import rate_limits
from wss.services.shared.login_failures import FailureKind, note_failure
from wss.services.shared.sms_budget import ALL, alarm_once

LIFE = timedelta(minutes=30)
_OF_MARK = 12


@dataclass(frozen=True, slots=True)
class ProvenConnection:
    """The connection that the facts prove, and the consumer who owns it; both None when the facts do not fit."""

    connection: Connection | None = None
    owner: Consumer | None = None


def count_facts(visitor: Visitor) -> LimitResult:
    """Count one more attempt of this browser and its network, never of the account number that was typed. Right
    facts count too: otherwise the eleventh attempt would reveal whether they fit."""
    browser = Limit.PROVE_BROWSER, visitor.session_hash
    return rate_limits.consume_all((browser, (Limit.STEP_ONE_ADDRESS, visitor.address)))


def count_one_number(visitor: Visitor) -> LimitResult:
    """Count one more recovery by a bill number alone, right or wrong: for browser, network, and the whole site."""
    counts = (
        (Limit.ONE_NUMBER_BROWSER, visitor.session_hash),
        (Limit.ONE_NUMBER_ADDRESS, visitor.address),
        (Limit.ONE_NUMBER_ALL, ALL),
    )
    for limit, subject in counts:
        limit_result = rate_limits.consume(limit, subject)
        if not limit_result.allowed:
            if limit is Limit.ONE_NUMBER_ALL:
                alarm_once(limit)
            return limit_result
    return limit_result


def with_account(facts: KnowledgeFacts) -> KnowledgeFacts:
    """Return the facts with the account of the bill if only that was given; the same statement runs for every bill."""
    return facts if facts.account_no else replace(facts, account_no=account_of_bill(facts.bill_no) or "")


def prove(facts: KnowledgeFacts) -> ProvenConnection:
    """Return the connection and its consumer if the bill is among its last three; the same statements run either
    way."""
    latest = latest_bill_numbers(facts.account_no, LAST_BILLS)
    connection = connection_row(facts.account_no)
    owner = active_consumer(facts.account_no, now())
    # The consumer's row is locked: a proof that begins waits for an erasure of the consumer, and the erasure for the
    # proof.
    owner = locked_active_consumer(owner.id if owner else 0)
    return ProvenConnection(connection, owner) if is_among_last(facts.bill_no, latest) else ProvenConnection()


def try_numbers(visitor: Visitor, facts: KnowledgeFacts) -> ProvenConnection | LimitResult:
    """Return what account and bill prove, or the rate limit's refusal; shown openly, as in step one."""
    limit_result = count_numbers(visitor, facts.account_no)
    if not limit_result.allowed:
        return limit_result
    known = prove(facts)
    if known.connection is not None:
        forget_numbers(visitor, facts.account_no)
    else:
        count_miss(facts.account_no)
    return known


def captcha_counts(account_no: str, bill_no: str) -> tuple[tuple[Limit, str], ...]:
    """Return the counts that require a captcha for both numbers, once an account was tried with very many bills."""
    return ((Limit.STEP_ONE_ALL, account_no),) if account_no and bill_no else ()


def count_numbers(visitor: Visitor, account_no: str) -> LimitResult:
    """Count one more attempt with both numbers, before they are checked: for the account as seen from this
    network, so that no stranger can lock it for others, and for the network."""
    for limit, subject in _numbers(visitor, account_no):
        limit_result = rate_limits.consume(limit, subject)
        if not limit_result.allowed:
            return limit_result
    return limit_result


def forget_numbers(visitor: Visitor, account_no: str) -> None:
    """Give back the count of numbers that fit."""
    for limit, subject in _numbers(visitor, account_no):
        rate_limits.give_back(limit, subject)


def count_miss(account_no: str) -> None:
    """Count numbers that did not fit, for the account over all networks and for the site; then captchas are
    required."""
    rate_limits.consume_silently(Limit.STEP_ONE_ALL, account_no)
    note_failure(FailureKind.BILL_NUMBER)


def _numbers(visitor: Visitor, account_no: str) -> tuple[tuple[Limit, str], ...]:
    return (Limit.STEP_ONE_ACCOUNT, f"{account_no} {visitor.address}"), (
        Limit.STEP_ONE_ADDRESS,
        visitor.address,
    )


def begin(visitor: Visitor, purpose: str, facts: KnowledgeFacts, **columns: str | int | None) -> Proof:
    """Store a proof under way for this browser."""
    at = now()
    proof = Proof(
        session_hash=visitor.session_hash,
        purpose=purpose,
        typed_account_no=typed(facts),
        typed_mark=vault.keyed_hash("typed facts", f"{facts.account_no} {facts.bill_no}")[:_OF_MARK],
        language=visitor.language,
        created_at=at,
        expires_at=at + LIFE,
        **columns,
    )
    return begin_proof(proof)


def browser_of(visitor: Visitor, facts: KnowledgeFacts) -> OtpRequester:
    """Return the browser as the requester of codes for these facts."""
    return requester_of(visitor, typed(facts))


def asker_for(visitor: Visitor, proof: Proof) -> OtpRequester:
    """Return the browser as the requester of codes for a proof under way."""
    return requester_of(visitor, proof.typed_account_no)


def typed(facts: KnowledgeFacts) -> str:
    """Return the account number as typed, else a mark of the bill number that does not depend on its owner."""
    return facts.account_no or "b" + vault.keyed_hash("typed bill", facts.bill_no)[:11]
