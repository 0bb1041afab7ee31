"""Temporary tables that hold the rows of a file while an import checks them."""

from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table

from wss.db import Base
from wss.domain.extracts import EXTRACTS
from wss.models.bill import Bill
from wss.models.connection import Connection
from wss.models.office import Office
from wss.models.reference import (
    ApprovalLimit,
    CannedTextRow,
    ClusterRuleRow,
    CompensationRow,
    EscalationStep,
    Forum,
    Holiday,
    KindRow,
    MessageText,
    Reason,
    SelfBillRuleRow,
    TariffRow,
)
from wss.models.staff import Staff

_MODELS: dict[str, type[Base]] = {
    "offices": Office,
    "staff": Staff,
    "catalogue": KindRow,
    "reasons": Reason,
    "escalation": EscalationStep,
    "holidays": Holiday,
    "forums": Forum,
    "tariff": TariffRow,
    "limits": ApprovalLimit,
    "texts": MessageText,
    "canned": CannedTextRow,
    "self_bills": SelfBillRuleRow,
    "compensation": CompensationRow,
    "clusters": ClusterRuleRow,
    "connections": Connection,
    "bills": Bill,
}

# The table that each extract fills.
TARGETS: dict[str, Table] = {
    name: Base.metadata.tables[model.__tablename__] for name, model in _MODELS.items()
}

# Separate metadata: these tables are not part of any migration.
_METADATA = MetaData()

REFUSED_ROWS = Table(
    "refused_row",
    _METADATA,
    Column("line", Integer, primary_key=True),
    Column("column_name", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    prefixes=["TEMPORARY"],
)

# Cells of accepted rows that could not be read, or that were repaired.
NOTED_CELLS = Table(
    "noted_cell",
    _METADATA,
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("column_name", String(40), primary_key=True),
    Column("code", String(40), nullable=False),
    prefixes=["TEMPORARY"],
)


def _staged(name: str) -> Table:
    """Return the table of an extract's accepted rows, keyed by line number."""
    columns = [Column(field, TARGETS[name].c[field].type) for field in EXTRACTS[name].fields]
    line = Column("line", Integer, primary_key=True, autoincrement=False)
    return Table(f"staged_{name}", _METADATA, line, *columns, prefixes=["TEMPORARY"])


STAGED: dict[str, Table] = {name: _staged(name) for name in EXTRACTS}

# The order in which rows are written. Accounts arrive unsorted, and each would touch another page of the key; bills
# arrive grouped by account.
WRITE_ORDER: dict[str, Column[Any]] = {name: STAGED[name].c["line"] for name in EXTRACTS} | {
    "connections": STAGED["connections"].c["account_no"]
}
