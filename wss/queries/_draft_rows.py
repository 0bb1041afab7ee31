"""The row of a draft, for the drafts of consumers and of calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table

from wss.models import Draft


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


_draft = cast(Table, Draft.__table__)
DRAFT_COLUMNS = [_draft.c[name] for name in DraftRow.__slots__]
