"""The extracts that can be imported: their columns, and the rules by which a row is accepted, doubtful or refused."""

from wss.domain.extracts.billing import BILLS, CONNECTIONS
from wss.domain.extracts.offices import OFFICES
from wss.domain.extracts.reference import (
    CANNED,
    CATALOGUE,
    CLUSTERS,
    COMPENSATION,
    ESCALATION,
    FORUMS,
    HOLIDAYS,
    LIMITS,
    REASONS,
    SELF_BILLS,
    STAFF,
    TARIFF,
    TEXTS,
)
from wss.domain.extracts.rows import (
    MISSING,
    REPAIRED,
    UNREADABLE_FROM,
    DroppedCell,
    Extract,
    ExtractColumn,
    KnownValues,
    RowRefused,
    RowRule,
    layout,
    row_rule,
)

# In the order of import into an empty installation: each needs those before it.
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
        CANNED,
        SELF_BILLS,
        COMPENSATION,
        CLUSTERS,
        CONNECTIONS,
        BILLS,
    )
}

__all__ = [
    "EXTRACTS",
    "MISSING",
    "REPAIRED",
    "UNREADABLE_FROM",
    "DroppedCell",
    "Extract",
    "ExtractColumn",
    "KnownValues",
    "RowRefused",
    "RowRule",
    "layout",
    "row_rule",
]
