"""Submission of a service request: the draft, and the one transaction that registers it."""

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound, Outdated
from wss.domain.rate_limits import Limit, LimitResult
from wss.queries.connections import visible_connection
from wss.queries.consumers import lock_if_active
from wss.queries.drafts import (
    REMARK_PREFIX,
    drop_surplus_drafts,
    ready_draft,
    upsert_draft,
    visible_draft,
)
from wss.queries.reference import reference
from wss.queries.service_requests import complaint_of_form, visible_request
from wss.services.requests._draft_submission import FormTaken, send_form
from wss.services.requests.bill_estimates import estimate_of_answers
from wss.services.requests.form_drafts import (
    DRAFT_LIFE,
    DRAFTS_KEPT,
    FilledForm,
    FormSnapshot,
    SavedDraft,
    check_bills,
    draft_columns,
    snapshot_columns,
    token_of,
)
from wss.services.shared import rate_limits


def save_draft(actor: Actor, account_no: str, filled: FilledForm) -> SavedDraft:
    """Store the form that a consumer has filled in, whether or not it is complete."""
    consumer_id = _consumer_id(actor)
    token, at = token_of(filled), now()
    with reading():
        # Read before the transaction, which is kept short.
        connection = visible_connection(actor, account_no, at)
        estimate = estimate_of_answers(connection.account_no, filled.answers, local_date(at), reference())
    with transaction():
        _check_staying(consumer_id)
        connection = visible_connection(actor, account_no, at)
        complaint_no = complaint_of_form(token, consumer_id)
        if complaint_no:
            return SavedDraft(0, token, complaint_no)
        check_bills(connection.account_no, filled.answers)
        draft_id = upsert_draft(
            draft_columns(filled, token, connection.account_no, at, estimate)
            | {"consumer_id": consumer_id, "call_id": None}
        )
        if draft_id is None:
            raise NotFound
        drop_surplus_drafts(consumer_id, DRAFTS_KEPT)
    return SavedDraft(draft_id, token)


def save_snapshot(actor: Actor, account_no: str, snapshot: FormSnapshot) -> LimitResult:
    """Store a form while it is being filled in: nothing older than the stored state, nothing twice, nothing empty."""
    consumer_id, at = _consumer_id(actor), now()
    with transaction():
        _check_staying(consumer_id)
        limit_result = rate_limits.consume(Limit.KEEP_TYPED, f"consumer {consumer_id}")
        if not limit_result.allowed or not snapshot.has_token:
            return limit_result
        connection = visible_connection(actor, account_no, at)
        kept = visible_draft(snapshot.filled.form_token, consumer_id, at)
        if snapshot.adds_to(kept):
            owner_columns = {"consumer_id": consumer_id, "call_id": None}
            upsert_draft(
                snapshot_columns(snapshot, connection.account_no, at) | owner_columns, unless_newer=True
            )
            drop_surplus_drafts(consumer_id, DRAFTS_KEPT)
        return limit_result


def save_remark(actor: Actor, complaint_no: str, action: str, remark: str) -> None:
    """Store the text that a consumer has begun to write on a timeline."""
    consumer_id, at = _consumer_id(actor), now()
    with transaction():
        _check_staying(consumer_id)
        seen = visible_request(actor, complaint_no, at)
        upsert_draft(
            {
                "form_token": REMARK_PREFIX + seen.complaint_no,
                "consumer_id": consumer_id,
                "call_id": None,
                "account_no": seen.account_no,
                "kind": action,
                "fields": {"remark": remark},
                "created_at": at,
                "updated_at": at,
                "expires_at": at + DRAFT_LIFE,
            }
        )


def register_draft(actor: Actor, form_token: str, seen: str | None = None) -> str:
    """Register the request that a draft describes, and return its complaint number; idempotent.

    `seen` is the state of the draft that the consumer has checked; raises Outdated for a draft changed since.
    """
    consumer_id, at = _consumer_id(actor), now()
    with reading():
        ready = ready_draft(form_token, consumer_id, at)
        if ready is None:
            raise NotFound
        if seen and ready.draft.lodged_at is None and seen != ready.draft.state:
            raise Outdated
        tables = reference(ready.reference_version)
    try:
        with transaction():
            return send_form(actor, ready, tables).complaint_no
    except FormTaken:
        return _registered_before(form_token, consumer_id)


def _registered_before(form_token: str, consumer_id: int) -> str:
    """Return the complaint number that a concurrent submission got for this form. Raises Outdated if there is
    none, as the draft was changed or is too old."""
    with reading():
        complaint_no = complaint_of_form(form_token, consumer_id)
    if complaint_no is None:
        raise Outdated
    return complaint_no


def _check_staying(consumer_id: int) -> None:
    """Raise NotFound for a consumer who is being erased: a draft stored now would be left over."""
    if not lock_if_active(consumer_id):
        raise NotFound


def _consumer_id(actor: Actor) -> int:
    if actor.consumer_id is None:
        raise NotFound
    return actor.consumer_id
