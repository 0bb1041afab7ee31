"""The audit trail's statements: add, and look whether something has just been written down."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select

from wss.db import core
from wss.models import AuditEntry

_entry = cast(Table, AuditEntry.__table__)
_add = insert(_entry)
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
    """Write down one deed; nothing here changes or deletes one."""
    core().execute(_add, columns)


def recorded_since(actor_id: str, deed: str, subject: str, since: datetime) -> dict[str, Any] | None:
    """The details of what somebody last did to something after this moment; None when they did not."""
    asked = {"actor_id": actor_id, "deed": deed, "subject": subject, "since": since}
    found = core().execute(_since, asked).first()
    return dict(found.details) if found else None
