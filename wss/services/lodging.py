"""Lodging a service request: the draft, and the one transaction that turns it into a complaint number."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound, Outdated, RuleBroken
from wss.domain.routing import Level, holder
from wss.queries.bills import bill_numbers_among
from wss.queries.connections import visible_connection
from wss.queries.consumers import is_staying
from wss.queries.documents import give_documents
from wss.queries.drafts import WORDS, ReadyDraft, claim_draft, drop_surplus_drafts, keep_draft, ready_draft
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import complaint_of_form, visible_request
from wss.services.steps.notices import Recipient
from wss.services.steps.registering import BillTaken as BillTaken
from wss.services.steps.registering import NewRequest, promise, register_request

DRAFT_LIFE = timedelta(days=30)
# Several windows may be open; a thousand are somebody filling our disk.
DRAFTS_KEPT = 20
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class DraftIncomplete(RuleBroken):
    """The draft has not been filled in far enough to be registered."""

    def __init__(self) -> None:
        super().__init__("draft_incomplete")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: what was typed, and, when all of it is in order, the answers."""

    form_token: str
    kind: str
    typed: dict[str, list[str]]
    answers: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """The draft behind a form; `complaint_no` when that form has been registered already."""

    id: int
    form_token: str
    complaint_no: str | None = None


def new_form_token() -> str:
    """A fresh mark for a form, by which however many sendings are one request."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def save_draft(actor: Actor, account_no: str, filled: Filled) -> SavedDraft:
    """Keep what a consumer has filled in, whether or not it is complete."""
    consumer_id = _consumer_id(actor)
    token = filled.form_token if _TOKEN.fullmatch(filled.form_token) else new_form_token()
    at = now()
    with transaction():
        _stay(consumer_id)
        connection = visible_connection(actor, account_no, at)
        lodged = complaint_of_form(token, consumer_id)
        if lodged:
            return SavedDraft(0, token, lodged)
        _check_bills(connection.account_no, filled.answers)
        draft_id = keep_draft(
            {
                "form_token": token,
                "consumer_id": consumer_id,
                "account_no": connection.account_no,
                "kind": filled.kind,
                "fields": {"typed": filled.typed, "answers": filled.answers},
                "created_at": at,
                "updated_at": at,
                "expires_at": at + DRAFT_LIFE,
            }
        )
        if draft_id is None:
            raise NotFound
        drop_surplus_drafts(consumer_id, DRAFTS_KEPT)
    return SavedDraft(draft_id, token)


def keep_words(actor: Actor, complaint_no: str, action: str, remark: str) -> None:
    """Keep what a consumer had begun to say on a timeline."""
    consumer_id, at = _consumer_id(actor), now()
    with transaction():
        _stay(consumer_id)
        seen = visible_request(actor, complaint_no, at)
        keep_draft(
            {
                "form_token": WORDS + seen.complaint_no,
                "consumer_id": consumer_id,
                "account_no": seen.account_no,
                "kind": action,
                "fields": {"remark": remark},
                "created_at": at,
                "updated_at": at,
                "expires_at": at + DRAFT_LIFE,
            }
        )


def lodge_request(actor: Actor, form_token: str, seen: str | None = None) -> str:
    """Register the request that a draft describes, once, and answer its complaint number, however often asked.

    `seen` is the state of the draft that the consumer has checked; a draft changed since is Outdated.
    """
    consumer_id, at = _consumer_id(actor), now()
    with reading():
        ready = ready_draft(form_token, consumer_id, at)
        if ready is None:
            raise NotFound
        if seen and ready.draft.lodged_at is None and seen != ready.draft.state:
            raise Outdated
        tables = reference(ready.reference_version)
    with transaction():
        if not is_staying(consumer_id) or not claim_draft(ready.draft, consumer_id, at):
            return _registered_before(form_token, consumer_id)
        registered = register_request(actor, _new_request(ready, tables), _recipient(ready))
        if ready.has_documents:
            give_documents(ready.draft.id, registered.id)
    return registered.complaint_no


def _registered_before(form_token: str, consumer_id: int) -> str:
    """The number that somebody faster got for this form; without one the draft was changed or is too old."""
    complaint_no = complaint_of_form(form_token, consumer_id)
    if complaint_no is None:
        raise Outdated
    return complaint_no


def _new_request(ready: ReadyDraft, tables: Reference) -> NewRequest:
    kind, answers = tables.kinds.get(ready.draft.kind), ready.draft.fields.get("answers")
    if kind is None or answers is None:
        raise DraftIncomplete
    chain = tables.chain(ready.subdivision_code)
    return NewRequest(
        form_token=ready.draft.form_token,
        account_no=ready.draft.account_no,
        office_code=ready.subdivision_code,
        kind=kind,
        language=ready.consumer.language,
        fields=answers,
        holder=holder(Role(kind.route_role), Level(kind.route_level), chain),
        promised_on=promise(tables.calendar, kind),
        tables=tables,
        consumer_id=ready.consumer.id,
    )


def _recipient(ready: ReadyDraft) -> Recipient:
    """The verified mobile, else the one on record; e-mail only when it is wanted."""
    consumer = ready.consumer
    return Recipient(
        consumer.language,
        consumer.mobile or ready.mobile_on_record,
        consumer.email if consumer.email_alerts else None,
        consumer.id,
    )


def _check_bills(account_no: str, answers: dict[str, Any] | None) -> None:
    """Only bills of this connection can be disputed for it."""
    bill_nos = (answers or {}).get("bill_no") or []
    if set(bill_numbers_among(account_no, bill_nos).values()) != set(bill_nos):
        raise NotFound


def _stay(consumer_id: int) -> None:
    """Nobody who is being erased keeps a draft: it would be left."""
    if not is_staying(consumer_id):
        raise NotFound


def _consumer_id(actor: Actor) -> int:
    if actor.consumer_id is None:
        raise NotFound
    return actor.consumer_id
