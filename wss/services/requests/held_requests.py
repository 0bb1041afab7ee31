"""Forms written while a registration is on hold: stored unseen with the connection, submitted when the hold ends."""

from dataclasses import replace
from typing import Any

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.draft_row import DraftRow
from wss.domain.errors import NotFound, RuleBroken
from wss.domain.rate_limits import Limit, LimitResult
from wss.models import Ownership
from wss.queries.bills import bill_numbers_among
from wss.queries.consumers import (
    expired_holds,
    holds_of,
    locked_active_consumer,
    mark_hold_notified,
)
from wss.queries.drafts import drop_surplus_drafts, held_drafts, ready_draft, upsert_draft
from wss.queries.reference import reference
from wss.services.messages.notices import queue_notice, recipient_of
from wss.services.requests._draft_submission import send_form
from wss.services.requests.bill_estimates import estimate_of_answers
from wss.services.requests.form_drafts import (
    FilledForm,
    FormSnapshot,
    SavedDraft,
    draft_columns,
    snapshot_columns,
    token_of,
)
from wss.services.shared import rate_limits
from wss.services.shared.attempts import Attempts

# A person who may not own the connection cannot fill a queue.
FORMS_KEPT = 3
HOLDS_AT_A_TIME = 100
# A field of a draft: it is submitted automatically.
SUBMIT_AUTOMATICALLY = "goes_out"


def save_held_form(actor: Actor, filled: FilledForm) -> SavedDraft:
    """Store a form written during a hold; a complete one is submitted when the hold ends. NotFound without a hold."""
    token, at = token_of(filled), now()
    with transaction():
        owned = _held(actor)
        columns = draft_columns(filled, token, owned.account_no, at)
        columns["fields"] = columns["fields"] | {SUBMIT_AUTOMATICALLY: filled.answers is not None}
        draft_id = upsert_draft(columns | {"consumer_id": owned.consumer_id, "call_id": None})
        if draft_id is None:
            raise NotFound
        drop_surplus_drafts(owned.consumer_id, FORMS_KEPT)
    return SavedDraft(draft_id, token)


def save_held_snapshot(actor: Actor, snapshot: FormSnapshot) -> LimitResult:
    """Store such a form while it is being filled in. One to be submitted stays unchanged until it is sent again."""
    at = now()
    with transaction():
        owned = _held(actor)
        limit_result = rate_limits.consume(Limit.KEEP_TYPED, f"consumer {owned.consumer_id}")
        if not limit_result.allowed or not snapshot.has_token:
            return limit_result
        token = snapshot.filled.form_token
        former = held_drafts(owned.account_no, owned.consumer_id)
        kept = next((draft for draft in former if draft.form_token == token), None)
        if snapshot.adds_to(kept) and not (kept and kept.fields.get(SUBMIT_AUTOMATICALLY)):
            owner_columns = {"consumer_id": owned.consumer_id, "call_id": None}
            upsert_draft(snapshot_columns(snapshot, owned.account_no, at) | owner_columns, unless_newer=True)
            drop_surplus_drafts(owned.consumer_id, FORMS_KEPT)
        return limit_result


def finish_holds(consumer_id: int | None = None) -> list[str]:
    """Submit the forms written during holds that have ended well, and notify their consumers; return the complaint
    numbers. The next call completes an interrupted one."""
    with reading():
        expired = expired_holds(now(), HOLDS_AT_A_TIME, consumer_id)
    attempts = Attempts()
    numbers = [number for owned in expired for number in attempts.run(_finish, owned) or []]
    attempts.finish()
    return numbers


def _finish(owned: Ownership) -> list[str]:
    with reading():
        written = held_drafts(owned.account_no, owned.consumer_id)
    numbers = [_send(owned, draft) for draft in written if draft.fields.get(SUBMIT_AUTOMATICALLY)]
    with transaction():
        owner = locked_active_consumer(owned.consumer_id)
        if owner is not None and mark_hold_notified(owned.id, now()):
            queue_notice("hold_over", recipient_of(owner), {})
    return [number for number in numbers if number]


def _send(owned: Ownership, draft: DraftRow) -> str | None:
    """Register a waiting form. One that does not fit the connection stays a draft, which its consumer finds."""
    consumer_id, at = owned.consumer_id, now()
    with reading():
        ready = ready_draft(draft.form_token, consumer_id, at)
        if ready is None:
            return None
        tables = reference(ready.reference_version)
        answers = _with_own_bills(owned.account_no, ready.draft.fields.get("answers"))
        # The reading is of the day on which the form was written.
        on = local_date(ready.draft.updated_at)
        estimate = estimate_of_answers(owned.account_no, answers, on, tables)
    if answers is None:
        return None
    fields = ready.draft.fields | {"answers": answers, "estimate": estimate}
    ready = replace(ready, draft=replace(ready.draft, fields=fields))
    try:
        with transaction():
            return send_form(Actor(Role.CONSUMER, str(consumer_id)), ready, tables).complaint_no
    except RuleBroken:
        return None


def _with_own_bills(account_no: str, answers: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the answers with the bills by their own numbers; None where one is not this connection's."""
    if answers is None or "bill_no" not in answers:
        return answers
    found = bill_numbers_among(account_no, answers["bill_no"])
    is_own = set(answers["bill_no"]) <= set(found)
    return answers | {"bill_no": sorted(set(found.values()))} if is_own else None


def _held(actor: Actor) -> Ownership:
    """Return the hold of the actor, whose row is locked against erasure."""
    held = holds_of(actor.consumer_id or 0, now())
    if not held or locked_active_consumer(held[0].consumer_id) is None:
        raise NotFound
    return held[0]
