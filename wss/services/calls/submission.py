"""Requests on behalf of a caller: the same form, stored with the call and registered in the consumer's name."""

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.rate_limits import Limit, LimitResult
from wss.queries.call_drafts import (
    ReadyCallDraft,
    call_draft_of_form,
    claim_call_draft,
    drop_surplus_call_drafts,
    ready_call_draft,
)
from wss.queries.calls import CallRow, own_call
from wss.queries.consumers import lock_if_active
from wss.queries.documents import move_documents
from wss.queries.drafts import upsert_draft
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import complaint_of_call_form
from wss.services.calls._call import CallSubject, call_subject, lock_consented_call
from wss.services.requests.bill_estimates import estimate_of_answers
from wss.services.requests.creation import register_request
from wss.services.requests.daily_limits import count_registration_by_call
from wss.services.requests.form_drafts import (
    DRAFTS_KEPT,
    FilledForm,
    FormSnapshot,
    SavedDraft,
    check_bills,
    draft_columns,
    request_from,
    snapshot_columns,
    token_of,
)
from wss.services.shared import rate_limits


def save_call_draft(actor: Actor, call_id: int, filled: FilledForm) -> SavedDraft:
    """Store the form as filled so far, complete or not; the next call about the connection finds it."""
    token, at = token_of(filled), now()
    with transaction():
        call = lock_consented_call(actor, call_id)
        account_no = call.account_no or ""
        complaint_no = complaint_of_call_form(token, account_no)
        if complaint_no:
            return SavedDraft(0, token, complaint_no)
        check_bills(account_no, filled.answers)
        estimate = estimate_of_answers(account_no, filled.answers, local_date(at), reference())
        columns = draft_columns(filled, token, account_no, at, estimate)
        draft_id = upsert_draft(columns | {"consumer_id": None, "call_id": call.id})
        if draft_id is None:
            raise NotFound
        drop_surplus_call_drafts(account_no, DRAFTS_KEPT)
    return SavedDraft(draft_id, token)


def save_call_snapshot(actor: Actor, call_id: int, snapshot: FormSnapshot) -> LimitResult:
    """Store the form while it is being typed, as a call can be cut off at any time."""
    with transaction():
        limit_result = rate_limits.consume(Limit.KEEP_TYPED, f"call {call_id}")
        if not limit_result.allowed or not snapshot.has_token:
            return limit_result
        call, at = lock_consented_call(actor, call_id), now()
        account_no = call.account_no or ""
        if snapshot.adds_to(call_draft_of_form(snapshot.filled.form_token, account_no)):
            owner_columns = {"consumer_id": None, "call_id": call.id}
            upsert_draft(snapshot_columns(snapshot, account_no, at) | owner_columns, unless_newer=True)
            drop_surplus_call_drafts(account_no, DRAFTS_KEPT)
        return limit_result


def register_for_caller(actor: Actor, call_id: int, form_token: str, seen: str | None = None) -> str:
    """Register the form that the caller has agreed to, and return the complaint number; idempotent.

    `seen` is the state of the form that was read out; raises Outdated if it was changed since.
    """
    with reading():
        call = own_call(actor, call_id)
        ready = ready_call_draft(form_token, call.account_no or "", now())
        if ready is None:
            raise NotFound
        if seen and ready.draft.lodged_at is None and seen != ready.draft.state:
            raise Outdated
        tables = reference(ready.reference_version)
    with transaction():
        call = lock_consented_call(actor, call_id)
        about = call_subject(call)
        is_left = about.owner is None or lock_if_active(about.owner.id)
        if not is_left or not claim_call_draft(ready.draft, now()):
            return _registered_before(form_token, ready.draft.account_no)
        return _register(actor, call, about, ready, tables)


def _register(
    actor: Actor,
    call: CallRow,
    about: CallSubject,
    ready: ReadyCallDraft,
    tables: Reference,
) -> str:
    mobile = about.mobile or call.own_mobile
    if mobile is None:
        # An import has removed the number since the caller proved it: no one would be notified.
        raise Forbidden("not_verified")
    to = about.recipient(call, mobile)
    new = request_from(
        ready.draft,
        ready.subdivision_code,
        tables,
        to.language,
        consumer_id=to.consumer_id,
        details=_agreed(call),
        call_id=call.id,
        contact_mobile=call.own_mobile,
    )
    count_registration_by_call(new.account_no)
    registered = register_request(actor, new, to)
    if ready.has_documents:
        move_documents(ready.draft.id, registered.id)
    return registered.complaint_no


def _agreed(call: CallRow) -> dict[str, object]:
    """Return who agreed to the request and how, as stored in the first event of the timeline."""
    return {
        "call": call.id,
        "relation": call.relation,
        "consent_version": call.consent_version,
        "consent_at": call.consent_at.isoformat() if call.consent_at else None,
    }


def _registered_before(form_token: str, account_no: str) -> str:
    """Return the complaint number that a concurrent submission got for this form. Raises Outdated if there is
    none, as the form was changed or is too old."""
    complaint_no = complaint_of_call_form(form_token, account_no)
    if complaint_no is None:
        raise Outdated
    return complaint_no
