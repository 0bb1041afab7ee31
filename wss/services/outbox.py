"""The outbox: sends messages, the most urgent first, and carries approved revised bills to the billing system."""

import json
import logging
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wss import vault
from wss.clock import now
from wss.db import transaction
from wss.domain.delivery import LEASE, ONE_SENDING, State, after_failure
from wss.gateways import Gateways
from wss.gateways.billing import BillingSystem
from wss.gateways.senders import Parcel, SendFailed
from wss.gateways.wording import NONE_INSTEAD, Unworded, word
from wss.models import BillingPost, Message
from wss.queries import messages
from wss.queries.reference import reference
from wss.services.steps.unsubscribing import unsubscribe_path

log = logging.getLogger(__name__)
AT_A_TIME = 20


class Carrier(ABC):
    """Carries what is due, a few at a time; any number of these, in any number of processes, do each other no harm."""

    def __init__(self) -> None:
        self.chance = random.SystemRandom()

    def deliver_due(self) -> int:
        """Carry everything that is due now; how many were tried."""
        total = 0
        while tried := self.deliver_batch():
            total += tried
        return total

    def deliver_batch(self) -> int:
        """Claim a few, carry them with no transaction open, and write down how each fared."""
        with transaction():
            at = now()
            claimed = self._claim(at, at + LEASE)
        for one in claimed:
            self._deliver(one)
        return len(claimed)

    @abstractmethod
    def _claim(self, at: datetime, leased_until: datetime) -> Sequence[Any]:
        """Take some that are due; nobody else carries them before `leased_until`."""

    @abstractmethod
    def _deliver(self, one: Any) -> None:
        """Carry one. Whatever happens to it stays with it."""


class Outbox(Carrier):
    """Delivers messages."""

    def __init__(self, gateways: Gateways, public_url: str) -> None:
        super().__init__()
        self.gateways = gateways
        self.public_url = public_url
        self.texts = NONE_INSTEAD
        self.template_ids: dict[tuple[str, str], str] = {}

    def _claim(self, at: datetime, leased_until: datetime) -> Sequence[Message]:
        claimed = messages.claim_messages(at, leased_until, AT_A_TIME)
        if claimed:
            tables = reference()
            self.texts, self.template_ids = tables.texts, tables.template_ids
        return claimed

    def _deliver(self, message: Message) -> None:
        """Send one message. Whatever happens to it stays with it: the ones behind must not wait for it."""
        if message.leased_until is None or message.leased_until - now() < ONE_SENDING:
            with transaction():
                messages.settle(message.id, message.leased_until, state=State.WAITING)
            return
        if message.expires_at is not None and message.expires_at <= now():
            _settle(message, state=State.EXPIRED, text_sealed="", reason="too late")
            return
        try:
            sender = self.gateways.senders[message.channel]
            sender.send(self.parcel(message))
        except SendFailed as failure:
            self._put_off(message, failure.reason, again=failure.again)
        except (Unworded, ValueError) as poison:
            # It can never be worded, however often it is tried.
            self._put_off(message, type(poison).__name__, again=False)
        except Exception as fault:
            # Also a text sealed with another secret: a worker that was started with a wrong one can be put right.
            # Only what kind of fault it was: its text can hold a code or a name.
            log.error("message %s could not be sent: %s", message.id, type(fault).__name__)
            self._put_off(message, type(fault).__name__, again=True)
        else:
            kept = message.text_sealed if sender.for_trying or not message.secret else ""
            _settle(message, state=State.SENT, attempts=message.attempts + 1, text_sealed=kept, reason="")

    def parcel(self, message: Message) -> Parcel:
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
            message.id,
            message.channel,
            message.recipient,
            message.notice,
            message.language,
            worded.subject,
            worded.text,
            template_id=self.template_ids.get((message.notice, message.language), ""),
            unsubscribe=self.public_url + way_out if way_out else "",
        )

    def _put_off(self, message: Message, reason: str, *, again: bool) -> None:
        attempts = message.attempts + 1
        state, due_at = after_failure(attempts, again, now(), self.chance.random())
        changes: dict[str, object] = {"due_at": due_at} if due_at else {}
        _settle(message, state=state, attempts=attempts, reason=reason[:100], **changes)


class BillingPosts(Carrier):
    """Carries revised bills: each arrives at least once, and always under the same id."""

    def __init__(self, billing: BillingSystem) -> None:
        super().__init__()
        self.billing = billing

    def _claim(self, at: datetime, leased_until: datetime) -> Sequence[BillingPost]:
        return messages.claim_posts(at, leased_until, AT_A_TIME)

    def _deliver(self, post: BillingPost) -> None:
        """Post one. With little of its lease left another worker might post it meanwhile, so it waits."""
        if post.leased_until is None or post.leased_until - now() < ONE_SENDING:
            _settle_post(post, state=State.WAITING, settled_at=None)
            return
        try:
            self.billing.take_revision(post.payload)
        except SendFailed as failure:
            self._put_off_post(post, failure.reason, again=failure.again)
        except Exception as fault:
            # The text of a fault could hold what is in the bill.
            log.error("revised bill %s could not be posted: %s", post.revised_bill_no, type(fault).__name__)
            self._put_off_post(post, type(fault).__name__, again=True)
        else:
            _settle_post(post, state=State.DELIVERED, attempts=post.attempts + 1, reason="")

    def _put_off_post(self, post: BillingPost, reason: str, *, again: bool) -> None:
        attempts = post.attempts + 1
        state, due_at = after_failure(attempts, again, now(), self.chance.random())
        if state is State.DEAD:
            log.error("revised bill %s does not reach the billing system: %s", post.revised_bill_no, reason)
        _settle_post(post, state=state, attempts=attempts, due_at=due_at or post.due_at, reason=reason[:100])


def _settle_post(post: BillingPost, **changes: object) -> None:
    with transaction():
        messages.settle_post(post.id, post.leased_until, **({"settled_at": now()} | changes))


def _settle(message: Message, **changes: object) -> None:
    """Write down how a message fared; a request's timeline then has news."""
    with transaction():
        settled = messages.settle(message.id, message.leased_until, settled_at=now(), **changes)
        if settled and message.service_request_id is not None:
            messages.bump_news(message.service_request_id)
