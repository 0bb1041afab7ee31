"""The row of a draft, as queries return it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft of the caller. `lodged_at` is set once it has become a request."""

    id: int
    form_token: str
    account_no: str
    kind: str
    fields: dict[str, Any]
    updated_at: datetime
    expires_at: datetime
    lodged_at: datetime | None

    @property
    def state(self) -> str:
        """Return the version of the draft; it changes with every change."""
        return self.updated_at.isoformat()
