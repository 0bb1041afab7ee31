"""Every column with encrypted texts: read and replaced in batches, when the site's secret changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, Table, bindparam, select, update

from wss.db import core
from wss.models import Message, StaffCredential


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column with encrypted texts, and the key of its rows."""

    key: "Column[str]"
    text: "Column[str]"
    created_at: "Column[datetime]"


def _sealed_column(table: Any, key: str, text: str) -> SealedColumn:
    columns = cast(Table, table.__table__).c
    return SealedColumn(columns[key], columns[text], columns.created_at)


AUTHENTICATORS = _sealed_column(StaffCredential, "employee_id", "totp_secret_sealed")
TEXTS = _sealed_column(Message, "id", "text_sealed")
SEALED_COLUMNS = (AUTHENTICATORS, TEXTS)


def keys_with_text(
    of: SealedColumn, after: str, how_many: int, since: datetime | None = None
) -> Sequence[str]:
    """Return the next keys of rows with a text, in their order; with `since` only of rows made from then on."""
    is_wanted = [of.key > after, of.text != ""]
    if since is not None:
        is_wanted.append(of.created_at >= since)
    return core().execute(select(of.key).where(*is_wanted).order_by(of.key).limit(how_many)).scalars().all()


def locked_texts(of: SealedColumn, keys: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return key and text of these rows, but for rows that another transaction is changing."""
    chosen = select(of.key, of.text).where(of.key.in_(keys)).order_by(of.key)
    return [(key, text) for key, text in core().execute(chosen.with_for_update(skip_locked=True))]


def replace_texts(of: SealedColumn, texts: Sequence[tuple[str, str]]) -> None:
    """Replace the texts of these rows."""
    if texts:
        by_key = (
            update(of.text.table).where(of.key == bindparam("of")).values({of.text.name: bindparam("new")})
        )
        core().execute(by_key, [{"of": key, "new": text} for key, text in texts])


def newest_texts(of: SealedColumn, how_many: int) -> Sequence[str]:
    """Return some texts of the newest rows, to try a secret on."""
    newest = select(of.text).where(of.text != "").order_by(of.created_at.desc()).limit(how_many)
    return core().execute(newest).scalars().all()
