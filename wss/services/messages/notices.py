"""The queue of notices: messages are added in the transaction that causes them, and the worker sends them."""

import json
import uuid
from dataclasses import dataclass
from typing import Any, NewType, Protocol

from wss import vault
from wss.clock import now
from wss.domain.delivery import DeliveryState
from wss.domain.identifiers import is_mobile
from wss.domain.notices import NOTICES, Notice, SmsCause
from wss.domain.rate_limits import Limit
from wss.models import Connection
from wss.queries import messages
from wss.services.shared import rate_limits

# Why a message is withheld, where the reason may be known.
_DAILY_LIMITS = {SmsCause.OWN_ACTION: Limit.NOTICE_DAY, SmsCause.OWN_CHANGE: Limit.NOTICE_CHANGE}
NO_MOBILE, TOO_MANY = "no_mobile", "too_many_a_day"


# An address whose owner has followed a link sent to it. Created by `confirmed_email` alone, as mypy checks: an
# unconfirmed address may be mistyped and belong to a stranger.
ConfirmedEmail = NewType("ConfirmedEmail", str)


class RequestReference(Protocol):
    """A service request, as a row or only by its id."""

    @property
    def id(self) -> int:
        """Return the id."""
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a notice: the language and the address of each channel.

    `unconfirmed_email` gets nothing but a letter that confirms the address.
    """

    language: str
    mobile: str | None = None
    email: ConfirmedEmail | None = None
    consumer_id: int | None = None
    unconfirmed_email: str | None = None

    def address(self, channel: str, notice: Notice) -> str | None:
        """Return the address that a notice goes to by this channel; None when there is none."""
        if channel == "sms":
            return self.mobile
        return (notice.confirms and self.unconfirmed_email) or self.email


def recipient_of(consumer: Any, connection: Connection | None = None) -> Recipient:
    """Return the consumer's verified mobile, else the one on record; the e-mail address only if they want alerts
    by e-mail.

    `consumer` is a consumer row or the consumer who is logged in: both have the same names.
    """
    mobile = consumer.mobile or (connection.mobile_on_record if connection else None)
    return Recipient(consumer.language, mobile, alert_address(consumer), consumer.id)


def confirmed_email(consumer: Any) -> ConfirmedEmail | None:
    """Return the consumer's e-mail address if it is confirmed; used by every letter but the confirmation itself."""
    return ConfirmedEmail(consumer.email) if consumer.email and consumer.email_verified_at else None


def alert_address(consumer: Any) -> ConfirmedEmail | None:
    """Return the address of alerts by e-mail; None if they are not wanted, or it is unconfirmed or has bounced."""
    return confirmed_email(consumer) if consumer.email_alerts and consumer.email_bounced_at is None else None


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """What a notice is about: the request, and the timeline entry that causes the notice."""

    service_request_id: int | None = None
    event_number: int | None = None


def queue_notice(
    name: str,
    recipient: Recipient,
    values: dict[str, str],
    *,
    service_request: RequestReference | None = None,
    event_number: int | None = None,
    withhold: bool = False,
) -> list[str]:
    """Queue a notice once per channel that the recipient has; return the ids of the messages.

    A withheld notice is stored and never sent: the same work as for a sent one, so that the time taken reveals
    nothing.
    """
    notice = NOTICES[name]
    about = NoticeSubject(service_request.id if service_request else None, event_number)
    sealed = vault.seal(json.dumps(values, ensure_ascii=False))
    rows = []
    for channel in notice.channels:
        address = recipient.address(channel, notice)
        if address or withhold:
            delivery_state = _initial_state(notice, channel, address or "", withhold=withhold)
            to = {"channel": channel, "recipient": address or "", "text_sealed": sealed}
            rows.append(_row(notice, recipient, about) | to | delivery_state)
    if rows:
        messages.queue(rows)
    return [row["id"] for row in rows]


def _initial_state(notice: Notice, channel: str, address: str, *, withhold: bool) -> dict[str, str]:
    """Return the state of a new message. An SMS is sent only to an Indian mobile number, whatever an extract
    contains. SMS that a person causes by their own actions are limited per mobile and day."""
    if withhold:
        return {"state": DeliveryState.WITHHELD, "reason": ""}
    if channel == "sms":
        if not is_mobile(address):
            return {"state": DeliveryState.WITHHELD, "reason": NO_MOBILE}
        limit = _DAILY_LIMITS.get(notice.cause) if notice.cause else None
        if limit is not None and not rate_limits.consume_silently(limit, address):
            return {"state": DeliveryState.WITHHELD, "reason": TOO_MANY}
    return {"state": DeliveryState.WAITING, "reason": ""}


def _row(notice: Notice, recipient: Recipient, about: NoticeSubject) -> dict[str, Any]:
    """Return the columns that all messages of a notice share, with a new message id."""
    at = now()
    return {
        "id": str(uuid.uuid4()),
        "notice": notice.name,
        "language": recipient.language,
        "secret": notice.secret,
        "urgency": notice.urgency,
        "service_request_id": about.service_request_id,
        "event_number": about.event_number,
        "consumer_id": recipient.consumer_id,
        "sendings": 1,
        "gateway": "",
        "is_in_doubt": False,
        "provider_id": "",
        "attempts": 0,
        "due_at": at,
        "expires_at": at + notice.life if notice.life else None,
        "created_at": at,
    }
