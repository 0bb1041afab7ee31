"""The outbox: sends messages, the most urgent first, by several worker threads at once."""

import json
import logging
import random
import uuid
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any

from wss import vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.breaker import GatewayState
from wss.domain.delivery import (
    CLAIM_TIME,
    FEWEST_AT_A_TIME,
    LEASE,
    LONGEST_SEND,
    TOO_LATE,
    UNREACHABLE,
    DeliveryState,
    Urgency,
    after_failure,
    is_emptied_once_sent,
    next_batch_size,
    pinned_gateway,
)
from wss.domain.errors import MessageTextError
from wss.gateways import Gateways
from wss.gateways.message_texts import NONE_INSTEAD, message_of, text_part
from wss.gateways.senders import NoGatewayAvailable, Parcel, SendFailed
from wss.models import Message
from wss.queries import messages, outbox
from wss.queries.outbox import Channels, Claimed
from wss.queries.reference import reference
from wss.services.messages._attempt_results import AttemptResult, released, settled
from wss.services.messages._bounced_addresses import note_bounce
from wss.services.messages._older_values import older_values
from wss.services.messages._unsubscribe_link import unsubscribe_path

log = logging.getLogger(__name__)
STORE_EVERY_S = 1.0
SEALED_OTHERWISE = "sealed with another secret"


class Outbox:
    """The delivery of messages; any number of instances, in any number of processes, can run at once.

    Sends in the calling thread if `threads` is 1, else in as many threads of its own. When `stop` is set, it
    finishes the messages being sent and gives back the others. `close_on_silence` is for discoms without a
    setting: whether silence closes a resolved request.
    """

    def __init__(
        self,
        gateways: Gateways,
        public_url: str,
        threads: int = 1,
        *,
        close_on_silence: bool = False,
        staff_url: str = "",
    ) -> None:
        self.gateways = gateways
        self.public_url = public_url
        self.staff_url = staff_url or public_url
        self.close_on_silence = close_on_silence
        self.threads = threads
        self.stop = Event()
        self.only: frozenset[str] = frozenset()
        self.all_but: frozenset[str] = frozenset()
        self.texts = NONE_INSTEAD
        self.template_ids: dict[tuple[str, str, str], str] = {}
        self.chance = random.SystemRandom()
        self._how_many = FEWEST_AT_A_TIME
        self._is_busy = False
        self._pool: ThreadPoolExecutor | None = None
        # Results that are not stored yet; they stay here while the database is unavailable.
        self._results: deque[AttemptResult] = deque()
        self._bounced: deque[Claimed] = deque()

    def part(self, *, only: Iterable[str] = (), all_but: Iterable[str] = (), threads: int = 1) -> "Outbox":
        """Return an outbox for these channels only, or for all but those, that stops with this one."""
        part = Outbox(
            self.gateways,
            self.public_url,
            threads,
            close_on_silence=self.close_on_silence,
            staff_url=self.staff_url,
        )
        part.stop, part.only, part.all_but = self.stop, frozenset(only), frozenset(all_but)
        return part

    def deliver_due(self) -> int:
        """Send everything that is due now; return how many messages were attempted."""
        total = 0
        while tried := self.deliver_batch():
            total += tried
        return total

    def deliver_batch(self) -> int:
        """Claim and send about a second's messages, with no transaction open; return how many were attempted."""
        self._store_results()
        if self.stop.is_set():
            return 0
        began = monotonic()
        claimed = self._claim()
        if not claimed:
            return 0
        tried = self._send_all(deque(claimed))
        self._store_results()
        if tried:
            self._how_many = next_batch_size(tried, monotonic() - began)
        return tried

    def _claim(self) -> list[Claimed]:
        """Claim some messages that are due; no other worker sends them before the lease ends."""
        channels = self._channels()
        if not self._is_busy:
            with reading():
                if not outbox.is_anything_due(now(), channels):
                    return []
        with transaction():
            at = now()
            claimed = outbox.claim_messages(at, at + LEASE, self._how_many, channels)
            # Stored before they are sent: whatever happens then, they are sent under these keys.
            new_keys = {message.id: str(uuid.uuid4()) for message in claimed if message.reason == UNREACHABLE}
            claimed = outbox.begin_sending(claimed, new_keys) if new_keys else claimed
            if claimed:
                tables = reference()
                self.texts, self.template_ids = tables.texts, tables.template_ids
        self._is_busy = bool(claimed)
        return claimed

    def _channels(self) -> Channels:
        """Return the channels whose messages to claim, by the state of their gateways."""
        states = {channel: sender.state() for channel, sender in self.gateways.senders.items()}
        shut = frozenset(channel for channel, state in states.items() if state is GatewayState.SHUT)
        on_trial = frozenset(channel for channel, state in states.items() if state is GatewayState.PROBE)
        on_trial &= self.only or on_trial
        return Channels(self.only, self.all_but, shut, on_trial - self.all_but)

    def _send_all(self, left: deque[Claimed]) -> int:
        """Send all claimed messages, with `threads` threads; the results are stored each second."""
        until = now() + CLAIM_TIME
        if self.threads == 1:
            return self._send_until(left, until)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, "sender")
        futures: set[Future[int]] = {
            # Each thread gets a copy of the context, so that it uses the same clock.
            self._pool.submit(copy_context().run, self._send_until, left, until)
            for _thread in range(min(self.threads, len(left)))
        }
        tried = 0
        while futures:
            done, futures = wait(futures, STORE_EVERY_S)
            tried += sum(future.result() for future in done)
            self._store_results()
        return tried

    def _send_until(self, left: deque[Claimed], until: datetime) -> int:
        """Send one message after the other, the most urgent first; return how many were attempted."""
        tried = 0
        while left:
            try:
                message = left.popleft()
            except IndexError:
                break
            result = self._send(message, until)
            self._results.append(result)
            tried += result.is_tried
        return tried

    def _send(self, message: Claimed, until: datetime) -> AttemptResult:
        """Send one message. Every error becomes its result, so that the messages behind it do not wait."""
        at = now()
        has_time = (
            at < until and message.leased_until is not None and message.leased_until - at >= LONGEST_SEND
        )
        if self.stop.is_set() or not has_time:
            return released(message)
        if message.expires_at is not None and message.expires_at <= at:
            return settled(message, empties=True, state=DeliveryState.EXPIRED, reason=TOO_LATE)
        try:
            sender = self.gateways.senders[message.channel]
            accepted = sender.send(self._parcel_of(message))
        except NoGatewayAvailable as error:
            return self._failed(message, error) if error.pinned else released(message)
        except SendFailed as failure:
            return self._failed(message, failure)
        except MessageTextError as error:
            # A retry would fail in the same way. A bad text is the message's fault; an error at a gateway's address
            # is not.
            return self._failed(message, SendFailed(type(error).__name__, again=False))
        except vault.BrokenSeal:
            # Tried again: the secret that it was sealed with can be accepted again (WSS_SECRET_KEY_OLD).
            log.error("message %s could not be sent: no secret of the site opens its text", message.id)
            return self._failed(message, SendFailed(SEALED_OTHERWISE, again=True))
        except Exception as error:
            # Only the type of the error is logged, as its text can hold a code or a name.
            log.error("message %s could not be sent: %s", message.id, type(error).__name__)
            return self._failed(message, SendFailed(type(error).__name__, again=True))
        empties = not sender.is_development and is_emptied_once_sent(
            message.urgency, secret=message.secret, has_receipts=accepted.has_receipts
        )
        return AttemptResult(message, {}, accepted, empties=empties)

    def _parcel_of(self, message: Claimed) -> Parcel:
        try:
            return self.parcel(message)
        except ValueError as error:
            raise MessageTextError(type(error).__name__) from error

    def parcel(self, message: Message | Claimed) -> Parcel:
        """Return the message in the form that a gateway sends."""
        values = older_values(message.created_at) | json.loads(vault.unseal(message.text_sealed))
        closes_by_default = values.pop("closes_by_default", "")
        if closes_by_default and self.close_on_silence:
            values["closes_on"] = closes_by_default
        for name in [name for name in values if name.endswith("path")]:
            before, path = name.removesuffix("path"), values.pop(name)
            values[f"{before}link"] = self.address_of(path)
            # In an SMS only this part of a link is a template value.
            values[f"{before}token"] = path.rpartition("/")[2]
        values["site"] = self.public_url
        is_request = bool(values.pop("is_request", "")) and self._is_sent_for_requests(message)
        worded = message_of(
            message.notice, message.channel, message.language, values, self.texts, is_request=is_request
        )
        unsubscribe = unsubscribe_path(message)
        return Parcel(
            message.sending_key or message.id,
            message.channel,
            message.recipient,
            message.notice,
            message.language,
            worded.subject,
            worded.text,
            template_id=self._template_id(message, is_request=is_request),
            only_by=pinned_gateway(
                message.gateway, message.urgency, message.attempts, is_in_doubt=message.is_in_doubt
            ),
            is_code=message.urgency == Urgency.CODE,
            unsubscribe=self.public_url + unsubscribe if unsubscribe else "",
        )

    def _template_id(self, message: Message | Claimed, *, is_request: bool) -> str:
        key = message.notice, message.language, text_part(message.notice, "sms", is_request)
        return self.template_ids.get(key, "")

    def _is_sent_for_requests(self, message: Message | Claimed) -> bool:
        """Return whether the text about a request can be sent: until operators know it, they would drop the SMS, so
        the one about a complaint is sent as long as only that is registered."""
        is_registered = self._template_id(message, is_request=True) or not self._template_id(
            message, is_request=False
        )
        return message.channel != "sms" or bool(is_registered)

    def address_of(self, path: str) -> str:
        """Return the address of a link, at the name of the site that has the page."""
        return (self.staff_url if path.startswith("/staff/") else self.public_url) + path

    def _failed(self, message: Claimed, failure: SendFailed) -> AttemptResult:
        attempts = message.attempts + 1
        state, due_at = after_failure(attempts, failure.again, now(), self.chance.random())
        changes: dict[str, Any] = {"state": state, "attempts": attempts, "reason": failure.reason[:100]}
        changes["due_at"] = due_at or message.due_at
        if failure.no_such_recipient:
            changes["state"] = DeliveryState.PERMANENT_FAILURE
        if not message.is_in_doubt:
            # The gateway that may have it stays stored until the message is settled, whatever comes next.
            changes |= {"gateway": failure.gateway[:16], "is_in_doubt": failure.in_doubt}
        return settled(message, empties=failure.no_such_recipient and message.secret, **changes)

    def _store_results(self) -> None:
        """Store the results in one transaction, and bump the news of the requests that the messages belong to."""
        results = [self._results.popleft() for _ in range(len(self._results))]
        if not results:
            self._note_bounces()
            return
        news = {result.message.service_request_id for result in results if result.is_tried}
        at = now()
        sent = [result.row(at) for result in results if result.accepted is not None]
        others = [result.row(at) for result in results if result.accepted is None]
        try:
            with transaction():
                if sent:
                    outbox.settle_sent(sent)
                if others:
                    outbox.settle(others)
                messages.bump_news(*(number for number in news if number is not None))
        except BaseException:
            self._results.extendleft(reversed(results))
            raise
        self._bounced.extend(
            result.message
            for result in results
            if result.changes.get("state") is DeliveryState.PERMANENT_FAILURE
        )
        self._note_bounces()

    def _note_bounces(self) -> None:
        """Mark the addresses that letters bounced from; while the database is unavailable they stay queued here."""
        while self._bounced:
            # One transaction each: every service locks a consumer before their messages, not after.
            with transaction():
                note_bounce(self._bounced[0])
            self._bounced.popleft()
