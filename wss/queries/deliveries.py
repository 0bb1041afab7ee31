"""How messages fare: for the page that asks for a code, for staff, and for whoever watches the site."""

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, or_, select

from wss.db import core
from wss.domain.delivery import State, Urgency
from wss.domain.fates import ASKED_BY_STRANGERS, LATE_AFTER, NOTICES_LATE_AFTER, CodeMessage
from wss.models import Message

_message = cast(Table, Message.__table__).c
# In words, as in the indexes: of values that come later no database knows that an index covers them.
_UNSETTLED = _message.state.in_(
    bindparam(
        "unsettled",
        [State.WAITING, State.SENDING, State.TEMPORARY_FAILURE],
        expanding=True,
        literal_execute=True,
    )
)
_LATE = ((Urgency.NOTICE, NOTICES_LATE_AFTER), (Urgency.CODE, LATE_AFTER))


def code_message(message_id: str | None) -> CodeMessage | None:
    """The SMS of a code, as far as it has come."""
    columns = (_message.state, _message.attempts, _message.reason, _message.settled_at)
    found = core().execute(select(*columns).where(_message.id == message_id)).first()
    return CodeMessage(*found) if found else None


def is_sending_slow(at: datetime) -> bool:
    """Whether SMS that should be out by now are not, whoever they are for."""
    overdue = (_is_there(urgency, at - late) for urgency, late in _LATE)
    return bool(core().execute(select(or_(*overdue))).scalar())


def _is_there(urgency: int, since: datetime) -> ColumnElement[bool]:
    """Whether an SMS of this urgency has been due for so long, of those that no stranger can have sent."""
    return exists().where(
        _UNSETTLED,
        _message.urgency == urgency,
        _message.due_at <= since,
        _message.channel == "sms",
        _message.notice.not_in(ASKED_BY_STRANGERS),
    )
