"""Inputs for the limits of SMS: whether a number is known here, and how many recent OTPs were used."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, literal, or_, select

from wss.db import core
from wss.domain.delivery import DeliveryState
from wss.models import Connection, Consumer, Message, Otp

_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_message = cast(Table, Message.__table__)
_otp = cast(Table, Otp.__table__)

_number: Any = bindparam("mobile")
# One statement for every number, so that known and unknown numbers take the same time.
_known = select(literal(1)).where(
    or_(
        exists().where(_connection.c.mobile_on_record == _number),
        exists().where(_consumer.c.mobile == _number),
    )
)
_ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED)


def is_known_mobile(mobile: str) -> bool:
    """Return whether a number is on record with a connection, or has been verified by a consumer."""
    return core().execute(_known, {"mobile": mobile}).first() is not None


def codes_sent(since: datetime, settled: datetime) -> tuple[int, int]:
    """Return how many OTPs gateways have accepted since a moment, and how many of them were used.

    Of OTPs sent after `settled` only used ones count.
    """
    is_settled = or_(_otp.c.used_at.is_not(None), _otp.c.created_at <= settled)
    # Expired OTPs are found by the index on their expiry; none was created after it.
    statement = (
        select(func.count(), func.count(_otp.c.used_at))
        .join(_message, _message.c.id == _otp.c.message_id)
        .where(
            _otp.c.expires_at > since, _otp.c.created_at > since, is_settled, _message.c.state.in_(_ARRIVED)
        )
    )
    found: Any = core().execute(statement).one()
    return found[0], found[1]
