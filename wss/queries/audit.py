"""The audit trail's statement: add."""

from typing import Any

from wss.db import insert, session
from wss.models import AuditEntry


def add_audit_entry(**columns: Any) -> None:
    """Write down one deed; nothing here changes or deletes one."""
    session().execute(insert(AuditEntry), [columns])
