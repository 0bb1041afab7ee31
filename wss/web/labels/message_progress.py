"""The delivery state of a message, as its recipient reads it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.clock import local_date
from wss.domain.delivery import DeliveryState
from wss.queries.timelines import MessageLine
from wss.web.filters import clock_time, moment

_BEING_SENT = _l("being sent")
_SENT_ON = _l("sent %(time)s")
_SMS: dict[str, LazyString] = {
    DeliveryState.SENT: _l("sent %(time)s, not yet confirmed"),
    DeliveryState.DELIVERED: _l("delivered %(time)s"),
    DeliveryState.TEMPORARY_FAILURE: _l("phone is off or has no signal; we will try again after %(time)s"),
    DeliveryState.PERMANENT_FAILURE: _l("this number does not exist"),
    DeliveryState.DEAD: _l("could not be sent; our staff are looking into it"),
    DeliveryState.EXPIRED: _l("not sent because it was too late"),
}
_EMAIL = _SMS | {
    # No mail server reports whether an e-mail reached the inbox.
    DeliveryState.SENT: _SENT_ON,
    DeliveryState.PERMANENT_FAILURE: _l("this address does not exist"),
}
_PUT_OFF = _l("not sent yet, next try after %(time)s")
_NEVER_ON = _l("not delivered; the phone was off or had no signal")
# Where a consumer corrects a number or an address that does not exist.
_CORRECTED_AT = {
    "sms": ("auth.update_mobile", _l("update it here")),
    "email": ("consumer.settings", _l("change it in the settings")),
}


def delivery_label(message: MessageLine) -> LazyString | str:
    """Return how far a message has come, and when.

    The words remain true until the state changes: pages keep them until then.
    """
    state = DeliveryState(message.state)
    if state in (DeliveryState.WAITING, DeliveryState.SENDING):
        if not message.attempts:
            return _BEING_SENT
        return _PUT_OFF % {"time": _short_moment(message.due_at, message.created_at)}
    if state is DeliveryState.DEAD and message.reason == DeliveryState.TEMPORARY_FAILURE:
        return _NEVER_ON
    words = (_SMS if message.channel == "sms" else _EMAIL).get(state)
    at = (
        message.due_at
        if state is DeliveryState.TEMPORARY_FAILURE
        else message.settled_at or message.created_at
    )
    return words % {"time": _short_moment(at, message.created_at)} if words else ""


def correction_page(message: MessageLine) -> tuple[str, LazyString] | None:
    """Return the page where the consumer corrects a number or an address that does not exist, and its label."""
    return _CORRECTED_AT[message.channel] if message.state == DeliveryState.PERMANENT_FAILURE else None


def is_undelivered(state: str) -> bool:
    """Return whether delivery of a message has finally failed."""
    return state in (DeliveryState.PERMANENT_FAILURE, DeliveryState.DEAD, DeliveryState.EXPIRED)


def _short_moment(at: datetime, created_at: datetime) -> str:
    """Return a moment for display next to the message's event: the time, with the day if it is another day."""
    return clock_time(at) if local_date(at) == local_date(created_at) else moment(at)


MESSAGE_LABELS = {word.__name__: word for word in (delivery_label, is_undelivered)}
