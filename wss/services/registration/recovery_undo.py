"""Undoing a change of a basis of recovery, with the link that was sent to the former addresses."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import VISITOR
from wss.domain.ownership import RecoveryBasis
from wss.models import Consumer, Replaced
from wss.queries.codes import end_tokens
from wss.queries.consumers import (
    current_ownership,
    end_ownership,
    lock_connection,
    locked_active_consumer,
    set_password_hash,
    update_settings,
)
from wss.queries.former_addresses import replaced, replaced_since
from wss.queries.proofs import change_mobile
from wss.services.messages.notices import queue_notice
from wss.services.registration.recovery_changes import NOT_MY_NUMBER, UNDO, FormerAddresses, end_other_access
from wss.services.shared import links
from wss.services.shared.audit import record

NO_PASSWORD = ""


def change_of_link(token: str) -> RecoveryBasis | None:
    """Return which change a link undoes, without using it."""
    row = _behind(links.peek_link(token, UNDO))
    return RecoveryBasis(row.what) if row is not None else None


def undo(token: str) -> RecoveryBasis | None:
    """Restore the former address or number, void the new password, or release the connection; sessions end and all
    addresses are notified. Return None for an invalid link."""
    with transaction():
        row = _behind(links.peek_link(token, UNDO))
        owner = locked_active_consumer(row.consumer_id) if row is not None else None
        if row is None or owner is None or links.consume_link(token, UNDO) is None:
            return None
        what, after = RecoveryBasis(row.what), FormerAddresses.of(owner)
        for number in replaced_since(row):
            end_tokens(UNDO, f"replaced:{number}", now())
        _restore(owner, row, what)
        end_other_access(owner.id)
        record(VISITOR, f"{what}_undone", f"consumer:{owner.id}")
        queue_notice("change_undone", after.recipient, {})
        return what


def free_number(token: str) -> bool:
    """Remove a number from a login, as its holder is another person now. Nothing else changes, and a pending
    number keeps waiting. Return False for an invalid link."""
    with transaction():
        consumer_id = links.row_id_of(links.peek_link(token, NOT_MY_NUMBER))
        owner = locked_active_consumer(consumer_id) if consumer_id is not None else None
        if owner is None or links.consume_link(token, NOT_MY_NUMBER) is None:
            return False
        end_other_access(owner.id)
        update_settings(owner.id, mobile=None)
        record(VISITOR, "number_freed", f"consumer:{owner.id}")
        return True


def _behind(subject: str | None) -> Replaced | None:
    number = links.row_id_of(subject)
    return replaced(number) if number is not None else None


def _restore(owner: Consumer, row: Replaced, what: RecoveryBasis) -> None:
    """Restore the former value. It serves no recovery for a day either, as the thief may have the former mail box."""
    if what is RecoveryBasis.EMAIL:
        end_tokens("confirm_email", f"consumer:{owner.id}", now())
        update_settings(
            owner.id,
            email=row.former,
            email_verified_at=now() if row.was_confirmed else None,
            email_bounced_at=None,
        )
    elif what is RecoveryBasis.MOBILE:
        change_mobile(owner.id, row.former)
    elif what is RecoveryBasis.PASSWORD:
        set_password_hash(owner.id, NO_PASSWORD)
        if owner.email_verified_at is not None:
            update_settings(owner.id, email_verified_at=now())
    elif row.former is not None:
        lock_connection(row.former)
        owned = current_ownership(row.former)
        if owned is not None and owned.consumer_id == owner.id:
            end_ownership(owned.id, "undone", now())
            end_tokens("not_me", f"ownership:{owned.id}", now())
