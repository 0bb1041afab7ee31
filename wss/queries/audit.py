"""The audit trail's statement: add."""

from typing import Any, cast

from sqlalchemy import Table, insert

from wss.db import core
from wss.models import AuditEntry

_add = insert(cast(Table, AuditEntry.__table__))


def add_audit_entry(**columns: Any) -> None:
    """Write down one deed; nothing here changes or deletes one."""
    core().execute(_add, columns)
