"""The outbox: sends messages, the most urgent first, by several hands at once."""

import json
import logging
import random
import uuid
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any

from wss import vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.breaker import GatewayState
from wss.domain.delivery import (
    FEWEST_AT_A_TIME,
    LEASE,
    ONE_SENDING,
    ROUND,
    TOO_LATE,
    UNREACHED,
    DeliveryState,
    Urgency,
    after_failure,
    how_many_next,
    is_emptied_once_sent,
    only_by,
)
from wss.domain.errors import MessageTextError
from wss.gateways import Gateways
from wss.gateways.message_texts import NONE_INSTEAD, word
from wss.gateways.senders import Accepted, NoGatewayAvailable, Parcel, SendFailed
from wss.models import Message
from wss.queries import messages, outbox
from wss.queries.outbox import Channels, Claimed
from wss.queries.reference import reference
from wss.services.messages._bounced_addresses import note_bounce
from wss.services.messages._unsubscribe_link import unsubscribe_path

log = logging.getLogger(__name__)
WRITE_DOWN_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """How a claimed message fared: it was sent (`accepted`), was tried and changes otherwise, or is given back."""

    message: Claimed
    changes: dict[str, Any]
    accepted: Accepted | None = None
    is_tried: bool = True
    empties: bool = False

    def row(self, at: datetime) -> dict[str, Any]:
        """As it is written down."""
        row = {"of": self.message.id, "lease": self.message.leased_until, "empties": self.empties}
        if self.accepted is not None:
            row["at"] = at
            row["gateway"], row["provider_id"] = self.accepted.gateway[:16], self.accepted.provider_id[:64]
            return row
        then = {name: getattr(self.message, name) for name in outbox.SETTLED} | self.changes
        return row | {f"then_{name}": value for name, value in then.items()}


class Outbox:
    """Delivers messages; any number of these, in any number of processes, do each other no harm.

    With one of `hands` it sends in the thread that asks; with more, in threads of its own. Told to `stop`, it ends what
    it has in hand, and gives back the rest.
    """

    def __init__(self, gateways: Gateways, public_url: str, hands: int = 1) -> None:
        self.gateways = gateways
        self.public_url = public_url
        self.hands = hands
        self.stop = Event()
        self.only: frozenset[str] = frozenset()
        self.all_but: frozenset[str] = frozenset()
        self.texts = NONE_INSTEAD
        self.template_ids: dict[tuple[str, str], str] = {}
        self.chance = random.SystemRandom()
        self._how_many = FEWEST_AT_A_TIME
        self._is_busy = False
        self._pool: ThreadPoolExecutor | None = None
        # What is not written down yet; it stays here while the database is away.
        self._fates: deque[AttemptResult] = deque()
        self._bounced: deque[Claimed] = deque()

    def part(self, *, only: Iterable[str] = (), all_but: Iterable[str] = (), hands: int = 1) -> "Outbox":
        """Another that delivers only messages of these channels, or all but those, and stops with this one."""
        part = Outbox(self.gateways, self.public_url, hands)
        part.stop, part.only, part.all_but = self.stop, frozenset(only), frozenset(all_but)
        return part

    def deliver_due(self) -> int:
        """Send everything that is due now; how many were tried."""
        total = 0
        while tried := self.deliver_batch():
            total += tried
        return total

    def deliver_batch(self) -> int:
        """Claim what can be sent in about a second, send it with no transaction open, and write down how each fared.
        How many were tried."""
        self._write_down()
        if self.stop.is_set():
            return 0
        began = monotonic()
        claimed = self._claim()
        if not claimed:
            return 0
        tried = self._carry_all(deque(claimed))
        self._write_down()
        if tried:
            self._how_many = how_many_next(tried, monotonic() - began)
        return tried

    def _claim(self) -> list[Claimed]:
        """Take some that are due; nobody else sends them before the lease ends."""
        channels = self._channels()
        if not self._is_busy:
            with reading():
                if not outbox.is_anything_due(now(), channels):
                    return []
        with transaction():
            at = now()
            claimed = outbox.claim_messages(at, at + LEASE, self._how_many, channels)
            # Before they are sent: whatever happens then, they go out under these keys.
            anew = {message.id: str(uuid.uuid4()) for message in claimed if message.reason == UNREACHED}
            claimed = outbox.begin_anew(claimed, anew) if anew else claimed
            if claimed:
                tables = reference()
                self.texts, self.template_ids = tables.texts, tables.template_ids
        self._is_busy = bool(claimed)
        return claimed

    def _channels(self) -> Channels:
        """Whose messages to claim, as their gateways stand."""
        standings = {channel: sender.standing() for channel, sender in self.gateways.senders.items()}
        shut = frozenset(channel for channel, standing in standings.items() if standing is GatewayState.SHUT)
        on_trial = frozenset(
            channel for channel, standing in standings.items() if standing is GatewayState.PROBE
        )
        on_trial &= self.only or on_trial
        return Channels(self.only, self.all_but, shut, on_trial - self.all_but)

    def _carry_all(self, left: deque[Claimed]) -> int:
        """Send all that is left, by as many hands as there are; how each fared is written down each second."""
        until = now() + ROUND
        if self.hands == 1:
            return self._carry(left, until)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.hands, "hand")
        open_hands: set[Future[int]] = {
            # Each with the clock as it stands here.
            self._pool.submit(copy_context().run, self._carry, left, until)
            for _hand in range(min(self.hands, len(left)))
        }
        tried = 0
        while open_hands:
            done, open_hands = wait(open_hands, WRITE_DOWN_EVERY_S)
            tried += sum(hand.result() for hand in done)
            self._write_down()
        return tried

    def _carry(self, left: deque[Claimed], until: datetime) -> int:
        """Send one after the other, the most urgent first, until none is left; how many were tried."""
        tried = 0
        while left:
            try:
                message = left.popleft()
            except IndexError:
                break
            fate = self._carried(message, until)
            self._fates.append(fate)
            tried += fate.is_tried
        return tried

    def _carried(self, message: Claimed, until: datetime) -> AttemptResult:
        """Send one message. Whatever happens to it stays with it: the ones behind must not wait for it."""
        at = now()
        has_time = (
            at < until and message.leased_until is not None and message.leased_until - at >= ONE_SENDING
        )
        if self.stop.is_set() or not has_time:
            return _given_back(message)
        if message.expires_at is not None and message.expires_at <= at:
            return _settled(message, empties=True, state=DeliveryState.EXPIRED, reason=TOO_LATE)
        try:
            sender = self.gateways.senders[message.channel]
            accepted = sender.send(self._worded(message))
        except NoGatewayAvailable as nobody:
            return self._put_off(message, nobody) if nobody.pinned else _given_back(message)
        except SendFailed as failure:
            return self._put_off(message, failure)
        except MessageTextError as poison:
            # However often it is tried. What goes wrong with a gateway's address is none of the message's fault.
            return self._put_off(message, SendFailed(type(poison).__name__, again=False))
        except Exception as fault:
            # Also a text sealed with another secret: a worker that was started with a wrong one can be put right.
            # Only what kind of fault it was: its text can hold a code or a name.
            log.error("message %s could not be sent: %s", message.id, type(fault).__name__)
            return self._put_off(message, SendFailed(type(fault).__name__, again=True))
        empties = not sender.for_trying and is_emptied_once_sent(
            message.urgency, secret=message.secret, has_receipts=accepted.has_receipts
        )
        return AttemptResult(message, {}, accepted, empties=empties)

    def _worded(self, message: Claimed) -> Parcel:
        try:
            return self.parcel(message)
        except ValueError as unreadable:
            raise MessageTextError(type(unreadable).__name__) from unreadable

    def parcel(self, message: Message | Claimed) -> Parcel:
        """The message as it is read by whoever gets it."""
        values = json.loads(vault.unseal(message.text_sealed))
        for name in [name for name in values if name.endswith("path")]:
            before, path = name.removesuffix("path"), values.pop(name)
            values[f"{before}link"] = self.public_url + path
            # In an SMS only this part of a link is a value of its own.
            values[f"{before}token"] = path.rpartition("/")[2]
        values["site"] = self.public_url
        worded = word(message.notice, message.channel, message.language, values, self.texts)
        way_out = unsubscribe_path(message)
        return Parcel(
            message.sending_key or message.id,
            message.channel,
            message.recipient,
            message.notice,
            message.language,
            worded.subject,
            worded.text,
            template_id=self.template_ids.get((message.notice, message.language), ""),
            only_by=only_by(
                message.gateway, message.urgency, message.attempts, is_in_doubt=message.is_in_doubt
            ),
            is_code=message.urgency == Urgency.CODE,
            unsubscribe=self.public_url + way_out if way_out else "",
        )

    def _put_off(self, message: Claimed, failure: SendFailed) -> AttemptResult:
        attempts = message.attempts + 1
        state, due_at = after_failure(attempts, failure.again, now(), self.chance.random())
        changes: dict[str, Any] = {"state": state, "attempts": attempts, "reason": failure.reason[:100]}
        changes["due_at"] = due_at or message.due_at
        if failure.no_such_recipient:
            changes["state"] = DeliveryState.PERMANENT_FAILURE
        if not message.is_in_doubt:
            # Who may have it stays known until it is settled, whatever is said the next time.
            changes |= {"gateway": failure.gateway[:16], "is_in_doubt": failure.in_doubt}
        return _settled(message, empties=failure.no_such_recipient and message.secret, **changes)

    def _write_down(self) -> None:
        """Write down how messages fared, in one transaction; the timelines of their requests then have news."""
        fates = [self._fates.popleft() for _fate in range(len(self._fates))]
        if not fates:
            self._note_bounces()
            return
        news = {fate.message.service_request_id for fate in fates if fate.is_tried}
        at = now()
        sent = [fate.row(at) for fate in fates if fate.accepted is not None]
        others = [fate.row(at) for fate in fates if fate.accepted is None]
        try:
            with transaction():
                if sent:
                    outbox.settle_sent(sent)
                if others:
                    outbox.settle(others)
                messages.bump_news(*(number for number in news if number is not None))
        except BaseException:
            self._fates.extendleft(reversed(fates))
            raise
        self._bounced.extend(
            fate.message for fate in fates if fate.changes.get("state") is DeliveryState.PERMANENT_FAILURE
        )
        self._note_bounces()

    def _note_bounces(self) -> None:
        """Remember which addresses letters come back from; while the database is away they stay here."""
        while self._bounced:
            # Each by itself: whoever changes a consumer has them before their messages, not after.
            with transaction():
                note_bounce(self._bounced[0])
            self._bounced.popleft()


def _given_back(message: Claimed) -> AttemptResult:
    return AttemptResult(message, {"state": DeliveryState.WAITING}, is_tried=False)


def _settled(message: Claimed, *, empties: bool = False, **changes: Any) -> AttemptResult:
    return AttemptResult(message, {"settled_at": now(), **changes}, empties=empties)
