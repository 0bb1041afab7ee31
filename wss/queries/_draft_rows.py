"""The columns of a draft, for the drafts of consumers and of calls."""

from typing import cast

from sqlalchemy import Table

from wss.domain.draft_row import DraftRow
from wss.models import Draft

_draft = cast(Table, Draft.__table__)
DRAFT_COLUMNS = [_draft.c[name] for name in DraftRow.__slots__]
