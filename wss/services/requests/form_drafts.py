"""Drafts of forms, by consumers and by the help-desk: form tokens, stored columns, and the request made of them."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wss.domain.actor import Role
from wss.domain.draft_row import DraftRow
from wss.domain.errors import NotFound, RuleBroken
from wss.domain.routing import Level, holder
from wss.queries.bills import bill_numbers_among
from wss.queries.reference import Reference
from wss.services.requests.creation import NewRequest, promise

DRAFT_LIFE = timedelta(days=30)
# Several windows may be open; a thousand drafts would be an attempt to fill the disk.
DRAFTS_KEPT = 20
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class DraftIncomplete(RuleBroken):
    """The draft is not complete enough to be registered."""

    def __init__(self) -> None:
        super().__init__("draft_incomplete")


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as it was sent: the typed values, and, when all of them are valid, the answers."""

    form_token: str
    kind: str
    typed: dict[str, list[str]]
    answers: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """The draft behind a form; `complaint_no` when that form has been registered already."""

    id: int
    form_token: str
    complaint_no: str | None = None


@dataclass(frozen=True, slots=True)
class FormSnapshot:
    """The state of a form at a moment while it was being filled in."""

    filled: FilledForm
    typed_at: datetime

    @property
    def has_token(self) -> bool:
        """Return whether the form has a token of this site; without one each change would create another draft."""
        return _TOKEN.fullmatch(self.filled.form_token) is not None

    def adds_to(self, kept: DraftRow | None) -> bool:
        """Return whether there is anything to store in addition to `kept`; an empty form is nothing."""
        typed = self.filled.typed
        if kept is None:
            return any(value.strip() for values in typed.values() for value in values)
        # A late repetition of the same state must not replace the answers of a form that was checked since.
        return (kept.kind, kept.fields.get("typed")) != (self.filled.kind, typed)


def new_form_token() -> str:
    """Return a new form token: the idempotency key by which repeated submissions make one request."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_of(filled: FilledForm) -> str:
    """Return the form's own token, or a new one where it has none of this site."""
    return filled.form_token if _TOKEN.fullmatch(filled.form_token) else new_form_token()


def draft_columns(
    filled: FilledForm,
    form_token: str,
    account_no: str,
    at: datetime,
    estimate: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the columns of a draft, except its owner's.

    `estimate`: what the disputed bills should be by the reading of the form; it is registered as it was shown.
    """
    return {
        "form_token": form_token,
        "account_no": account_no,
        "kind": filled.kind,
        "fields": {"typed": filled.typed, "answers": filled.answers, "estimate": estimate},
        "created_at": at,
        "updated_at": at,
        "expires_at": at + DRAFT_LIFE,
    }


def snapshot_columns(snapshot: FormSnapshot, account_no: str, at: datetime) -> dict[str, Any]:
    """Return the columns of a form that is still being filled in; their time is when the state was typed."""
    columns = draft_columns(snapshot.filled, snapshot.filled.form_token, account_no, at)
    return columns | {"updated_at": min(snapshot.typed_at, at)}


def check_bills(account_no: str, answers: dict[str, Any] | None) -> None:
    """Raise NotFound unless all disputed bills belong to this connection."""
    bill_nos = (answers or {}).get("bill_no") or []
    if set(bill_numbers_among(account_no, bill_nos).values()) != set(bill_nos):
        raise NotFound


def request_from(
    draft: DraftRow, subdivision_code: str, tables: Reference, language: str, **columns: Any
) -> NewRequest:
    """Return the request that a complete draft describes; `columns` name its consumer or call.

    Raises DraftIncomplete.
    """
    kind, answers = tables.kinds.get(draft.kind), draft.fields.get("answers")
    # The catalogue may have got a required field since the draft was checked.
    if kind is None or answers is None or not kind.required_answers <= answers.keys():
        raise DraftIncomplete
    return NewRequest(
        form_token=draft.form_token,
        account_no=draft.account_no,
        office_code=subdivision_code,
        kind=kind,
        language=language,
        fields=answers,
        estimate=draft.fields.get("estimate"),
        holder=holder(Role(kind.route_role), Level(kind.route_level), tables.chain(subdivision_code)),
        promised_on=promise(tables.calendar, kind),
        tables=tables,
        is_single=not kind.may_repeat,
        bills_in_force=True,
        **columns,
    )
