"""What the steps of a call share: who may take them, whom the call is about, and what stays counted as wrong."""

from dataclasses import dataclass

from wss.clock import now
from wss.domain.actor import Actor
from wss.domain.calls import MAX_WRONG, CallOver, Outcome
from wss.domain.errors import Forbidden, NotFound
from wss.domain.otp import SendLimits, Sent, Tried, Unlocks
from wss.models import Connection, Consumer
from wss.queries.calls import CallRow, count_wrong, held_call, keep_call
from wss.queries.consumers import active_consumer, connection_row
from wss.services.steps.audit import record
from wss.services.steps.notices import Recipient
from wss.services.steps.otp import send_otp, try_otp


@dataclass(frozen=True, slots=True)
class Whose:
    """The connection that a call is about, and the consumer who has registered it."""

    connection: Connection
    owner: Consumer | None

    @property
    def mobile(self) -> str | None:
        """The verified mobile, else the one on record."""
        return (self.owner.mobile if self.owner else None) or self.connection.mobile_on_record

    def recipient(self, call: CallRow, mobile: str | None) -> Recipient:
        """The consumer's language, or the one that is spoken; by the given number."""
        if self.owner is None:
            return Recipient(call.language, mobile)
        return Recipient(self.owner.language, mobile, consumer_id=self.owner.id)


def going_call(actor: Actor, call_id: int) -> CallRow:
    """The employee's own call while it lasts; others who want to move it wait. Raises NotFound or CallOver."""
    call = held_call(actor, call_id)
    if call.is_over(now()):
        raise CallOver
    keep_call(call.id, last_at=now())
    return call


def verified_call(actor: Actor, call_id: int) -> CallRow:
    """The same, once the caller has proved that they may speak for the consumer."""
    call = going_call(actor, call_id)
    if not call.is_verified:
        raise Forbidden("not_verified")
    return call


def agreed_call(actor: Actor, call_id: int) -> CallRow:
    """The same, once the caller has also agreed to a request in the consumer's name."""
    call = verified_call(actor, call_id)
    if not call.has_consent:
        raise Forbidden("consent_required")
    return call


def whose(call: CallRow) -> Whose:
    """Whom the call is about, as of now; raises NotFound until a connection is chosen."""
    connection = connection_row(call.account_no) if call.account_no is not None else None
    if connection is None:
        raise NotFound
    return Whose(connection, active_consumer(connection.account_no, now()))


def send_code(actor: Actor, unlocks: Unlocks, notice: str, recipient: Recipient) -> Sent:
    """Send a code within the limits of the mobile and of the employee who has it sent."""
    return send_otp(unlocks, notice, recipient, SendLimits(unlocks.mobile, employee=actor.id))


def try_code(unlocks: Unlocks, typed: str) -> Tried:
    """Try a code that the caller has read out."""
    return try_otp(unlocks, unlocks.mobile, typed)


def said_wrong(actor: Actor, call: CallRow) -> bool:
    """Count one more thing that was wrong; with the third the call is closed, and True the answer."""
    if count_wrong(call.id) < MAX_WRONG:
        return False
    keep_call(call.id, ended_at=now(), outcome=Outcome.CLOSED_WRONG.value)
    record(actor, "call_closed", f"connection:{call.account_no}", call=call.id)
    return True
