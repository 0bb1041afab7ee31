"""Expiry of calls, and deletion of callers' numbers."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, or_, update

from wss.db import execute_count
from wss.domain.calls import IDLE, LIFE, CallOutcome
from wss.domain.lifecycle import OPEN
from wss.models import Call, ServiceRequest

_call = cast(Table, Call.__table__)
_request = cast(Table, ServiceRequest.__table__)


def end_expired_calls(at: datetime) -> int:
    """End the calls that have expired; return how many."""
    left = or_(_call.c.last_at <= at - IDLE, _call.c.began_at <= at - LIFE)
    statement = update(_call).where(_call.c.ended_at.is_(None), left)
    return execute_count(statement.values(ended_at=at, outcome=CallOutcome.EXPIRED.value))


def forget_callers(before: datetime) -> int:
    """Erase the numbers that callers gave as their own, once their logs need not be kept; return how many."""
    old_calls = update(_call).where(_call.c.caller_mobile.is_not(None), _call.c.began_at <= before)
    ended = and_(_request.c.status.not_in(sorted(OPEN)), _request.c.status_since <= before)
    old_requests = update(_request).where(_request.c.contact_mobile.is_not(None), ended)
    return execute_count(old_calls.values(caller_mobile=None)) + execute_count(
        old_requests.values(contact_mobile=None)
    )
