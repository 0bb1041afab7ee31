"""Statements of the audit trail: add an entry, and look for a recent one."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select

from wss.db import core, write_later
from wss.models import AuditEntry
from wss.prepared_statements import PreparedStatement

_entry = cast(Table, AuditEntry.__table__)
_add = PreparedStatement(lambda: insert(_entry))
_since = (
    select(_entry.c.details)
    .where(
        _entry.c.subject == bindparam("subject"),
        _entry.c.actor_id == bindparam("actor_id"),
        _entry.c.deed == bindparam("deed"),
        _entry.c.at > bindparam("since"),
    )
    .order_by(_entry.c.id.desc())
    .limit(1)
)


def add_audit_entry(**columns: Any) -> None:
    """Add an entry to the audit trail. No statement here changes or deletes one."""
    write_later(_add, columns)


def recorded_since(actor_id: str, action: str, subject: str, since: datetime) -> dict[str, Any] | None:
    """Return the details of the actor's latest action of this kind on a subject since a moment; None without one."""
    asked = {"actor_id": actor_id, "deed": action, "subject": subject, "since": since}
    found = core().execute(_since, asked).first()
    return dict(found.details) if found else None
