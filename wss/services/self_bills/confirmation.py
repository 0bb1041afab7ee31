"""Confirmation of a generated bill: one per connection and period, posted to the billing system, with its photo."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from wss.clock import now, to_local
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.bill_lines import BillComponent
from wss.domain.delivery import DeliveryState
from wss.domain.errors import NotFound
from wss.domain.self_bill import SelfBill
from wss.domain.uploads import ReadyDocument, RefusedDocument, StoredDocuments, refusal_of_storing
from wss.queries.billing_posts import queue_posts
from wss.queries.consumers import lock_if_active
from wss.queries.documents import add_document
from wss.queries.self_bills import add_generated_bill, bytes_stored_since, next_generated_bill_no
from wss.services.requests.draft_documents import DocumentStorage, UploadedDocument, cleaned, sender_of
from wss.services.self_bills.offers import SelfBillOffer, bill_by_reading, self_bill_offer
from wss.services.shared.audit import record

_LINES = (
    BillComponent.FIXED_CHARGE,
    BillComponent.ENERGY_CHARGE,
    BillComponent.ELECTRICITY_DUTY,
    BillComponent.ARREARS,
)


class ConfirmationResult(StrEnum):
    """What became of a confirmation."""

    GENERATED = "generated"
    ALREADY = "already"
    NOT_OFFERED = "not_offered"
    NOT_SURE = "not_sure"
    CHANGED = "changed"
    PHOTO_REFUSED = "photo_refused"


@dataclass(frozen=True, slots=True)
class SelfBillConfirmation:
    """What a consumer confirms: the reading, its day, the paise that were shown, and that unusual figures are right."""

    reading: int
    read_on: date | None
    shown: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class SelfBillOutcome:
    """The result of a confirmation, with a photo that was refused."""

    result: ConfirmationResult
    refused: RefusedDocument | None = None


def confirm_self_bill(
    actor: Actor,
    account_no: str,
    confirmation: SelfBillConfirmation,
    photos: Sequence[UploadedDocument],
    storage: DocumentStorage,
) -> SelfBillOutcome:
    """Generate the bill that was shown; sent several times, from any device, it is one bill.

    Raises NotFound for a connection of others, and ReadingRefused for a reading that gives no bill.
    """
    with reading():
        _bill, obstacle = _checked(self_bill_offer(actor, account_no), confirmation)
    if obstacle is not None:
        return SelfBillOutcome(obstacle)
    with cleaned(photos[:1], storage, sender_of(actor)) as done:
        ready, refused = list(done.ready), list(done.refused)
        # Until the transaction has kept it, the file is to be deleted again.
        done.keep([])
        if refused:
            return SelfBillOutcome(ConfirmationResult.PHOTO_REFUSED, refused[0])
        outcome = _generate(actor, account_no, confirmation, ready)
        if outcome.result is ConfirmationResult.GENERATED:
            done.keep(ready)
    return outcome


def _checked(
    offer: SelfBillOffer, confirmation: SelfBillConfirmation
) -> tuple[SelfBill | None, ConfirmationResult | None]:
    """Return the bill to generate, or why there is none."""
    if offer.current is not None:
        return None, ConfirmationResult.ALREADY
    if not offer.is_open:
        return None, ConfirmationResult.NOT_OFFERED
    bill = bill_by_reading(offer, confirmation.reading, confirmation.read_on)
    # A new tariff, payment or day since the page was made: the consumer confirms figures that were seen.
    if str(bill.amount_paise) != confirmation.shown:
        return None, ConfirmationResult.CHANGED
    if bill.doubts and not confirmation.is_sure:
        return None, ConfirmationResult.NOT_SURE
    return bill, None


def _generate(
    actor: Actor, account_no: str, confirmation: SelfBillConfirmation, ready: Sequence[ReadyDocument]
) -> SelfBillOutcome:
    with transaction():
        if actor.consumer_id is None or not lock_if_active(actor.consumer_id):
            raise NotFound
        offer = self_bill_offer(actor, account_no)
        bill, obstacle = _checked(offer, confirmation)
        if bill is None:
            return SelfBillOutcome(obstacle or ConfirmationResult.NOT_OFFERED)
        at, own_no = now(), offer.connection.account_no
        refusal = refusal_of_storing(sum(each.size for each in ready), _stored_today(actor.consumer_id, at))
        if ready and refusal is not None:
            refused = RefusedDocument(ready[0].label, refusal)
            return SelfBillOutcome(ConfirmationResult.PHOTO_REFUSED, refused)
        number = next_generated_bill_no()
        columns = {"number": number, "account_no": own_no, "consumer_id": actor.consumer_id}
        bill_id = add_generated_bill(asdict(bill) | columns | {"confirmed_at": at})
        if bill_id is None:
            return SelfBillOutcome(ConfirmationResult.ALREADY)
        for each in ready:
            add_document(_photo(each, bill_id, actor.consumer_id, at))
        queue_posts([_post(own_no, bill_id, number, bill, at)])
        record(actor, "self_bill", f"connection:{own_no}", number=number, doubts=bill.doubts)
    return SelfBillOutcome(ConfirmationResult.GENERATED)


def _stored_today(consumer_id: int, at: datetime) -> StoredDocuments:
    today = to_local(at)
    midnight = datetime.combine(today.date(), time(), today.tzinfo)
    return StoredDocuments(0, bytes_stored_since(consumer_id, midnight))


def _photo(each: ReadyDocument, bill_id: int, consumer_id: int, at: datetime) -> dict[str, object]:
    names = ("id", "label", "media_type", "size", "pages", "digest", "storage_key")
    columns: dict[str, object] = {name: getattr(each, name) for name in names}
    owner = {"generated_bill_id": bill_id, "consumer_id": consumer_id}
    return columns | owner | {"scan": each.scan.value, "created_at": at}


def _post(account_no: str, bill_id: int, number: str, bill: SelfBill, at: datetime) -> dict[str, Any]:
    """Return the message to the billing system; its id is the idempotency key, the same however often it is sent."""
    key = str(uuid.uuid4())
    figures = {name: value for name, value in asdict(bill).items() if name not in ("steps", "usual")}
    days = {name: figures[name].isoformat() for name in ("period_from", "period_to")}
    names = {"id": key, "account_no": account_no, "bill_no": number}
    # A bill is made from the reading of its last day. The lines add up to the amount.
    read = {"reading_kwh": bill.current_reading, "read_on": days["period_to"]}
    lines = [{"name": line.value, "amount_paise": figures[f"{line}_paise"]} for line in _LINES]
    confirmed = {"confirmed_at": at.isoformat(timespec="seconds")}
    return {
        "id": key,
        "revision_id": None,
        "generated_bill_id": bill_id,
        "revised_bill_no": number,
        "payload": names | read | {"lines": lines} | figures | days | confirmed,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "reason": "",
        "due_at": at,
        "created_at": at,
    }
