"""The extracts an office can hand in: their columns, and what makes a row good, doubtful or bad."""

from wss.domain.extracts.billing import BILLS, CONNECTIONS
from wss.domain.extracts.reference import (
    CATALOGUE,
    ESCALATION,
    FORUMS,
    HOLIDAYS,
    LIMITS,
    OFFICES,
    REASONS,
    STAFF,
    TARIFF,
    TEXTS,
)
from wss.domain.extracts.rows import (
    LACKING,
    REPAIRED,
    Column,
    Dropped,
    Extract,
    Known,
    Refused,
    RowRule,
    layout,
    row_rule,
)

# In the order in which an empty installation takes them: each needs those before it.
EXTRACTS: dict[str, Extract] = {
    extract.table: extract
    for extract in (
        OFFICES,
        STAFF,
        CATALOGUE,
        REASONS,
        ESCALATION,
        HOLIDAYS,
        FORUMS,
        TARIFF,
        LIMITS,
        TEXTS,
        CONNECTIONS,
        BILLS,
    )
}

__all__ = [
    "EXTRACTS",
    "LACKING",
    "REPAIRED",
    "Column",
    "Dropped",
    "Extract",
    "Known",
    "Refused",
    "RowRule",
    "layout",
    "row_rule",
]
