"""The audit trail: who did what, written in the transaction that does it."""

from typing import Any

from wss.clock import now
from wss.domain.actor import Actor
from wss.queries.audit import add_audit_entry


def record(actor: Actor, action: str, subject: str, **details: Any) -> None:
    """Add one entry to the audit trail; `details` hold codes and numbers, never secrets that a person typed."""
    add_audit_entry(
        at=now(),
        role=actor.role.value,
        actor_id=actor.id,
        office_code=actor.office_code,
        deed=action,
        subject=subject,
        details=details,
    )
