"""The start of a call: its row, the record of a connection that it opens, and the alarm about too many records."""

from dataclasses import asdict

from wss.clock import day_began, now
from wss.domain.actor import Actor
from wss.domain.calls import RECORDS_A_DAY
from wss.domain.rate_limits import Limit
from wss.queries.call_keys import ConnectionMatch
from wss.queries.calls import add_call, records_opened, update_call
from wss.queries.consumers import active_consumer
from wss.queries.reference import reference
from wss.services.shared import rate_limits
from wss.services.shared.audit import record


def begin_call(
    actor: Actor, looked_for: str, found: list[ConnectionMatch], reason: str, language: str
) -> int:
    """Store a call with its reason, and its matches if there are several; return its id."""
    at = now()
    return add_call(
        {
            "employee_id": actor.id,
            "office_code": actor.office_code,
            "call_reason": reason,
            "looked_for": looked_for,
            "choices": [list(_kept(match)) for match in found] if len(found) > 1 else [],
            "language": language,
            "began_at": at,
            "last_at": at,
            "wrong_tries": 0,
        }
    )


def _kept(match: ConnectionMatch) -> tuple[str, ...]:
    return tuple(value or "" for value in asdict(match).values())


def open_record(actor: Actor, call_id: int, reason: str, match: ConnectionMatch) -> None:
    """Open a connection's record; the consumer can see that. Above a number per day a supervisor is alerted."""
    owner = active_consumer(match.account_no, now())
    spoken = {"language": owner.language} if owner is not None else {}
    opened = {
        "account_no": match.account_no,
        "looked_for": match.looked_for,
        "complaint_no": match.complaint_no,
    }
    update_call(call_id, **opened, **spoken)
    record(actor, "view", f"connection:{match.account_no}", reason=reason, call=call_id)
    if match.complaint_no is not None:
        record(actor, "view", f"request:{match.complaint_no}", reason=reason, call=call_id)
    records = records_opened(actor.id, day_began(now()))
    if records > reference().records_a_day.get(actor.role, RECORDS_A_DAY):
        alarm(actor, "records", records)


def alarm(actor: Actor, about: str, count: int) -> None:
    """Alert the supervisor, at most once an hour for each employee."""
    if rate_limits.consume(Limit.ALARM, f"{about} {actor.id}").allowed:
        record(actor, "alarm", f"employee:{actor.id}", about=about, count=count)
