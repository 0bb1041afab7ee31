"""The stored facts by which officers sort requests: which of them have to be computed, and their new values."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from sqlalchemy import Table, func, select, update

from wss.db import core, session
from wss.domain.triage_values import TriageValues
from wss.domain.uploads import ScanState
from wss.models import Document, ServiceRequest
from wss.models.service_request import IS_OPEN, IS_TRIAGE_DUE

_request = cast(Table, ServiceRequest.__table__)
_document = cast(Table, Document.__table__)


def mark_triage_due(request_id: int) -> None:
    """Have the facts of a request computed again; part of the transaction that changes what they follow from."""
    core().execute(update(_request).where(_request.c.id == request_id).values(triage_due=True))


def mark_account_due(account_no: str) -> None:
    """The same for the open requests of a connection."""
    of_account = (_request.c.account_no == account_no, IS_OPEN)
    core().execute(update(_request).where(*of_account).values(triage_due=True))


def mark_all_due() -> None:
    """The same for all open requests that dispute a bill."""
    with_verdict = (_request.c.suggested_verdict != "", IS_OPEN)
    core().execute(update(_request).where(*with_verdict).values(triage_due=True))


def due_requests(how_many: int) -> Sequence[tuple[int, str]]:
    """Return id and number of some requests whose facts have to be computed, the newest first."""
    statement = (
        select(_request.c.id, _request.c.complaint_no)
        .where(IS_TRIAGE_DUE)
        .order_by(_request.c.id.desc())
        .limit(how_many)
    )
    return [(row.id, row.complaint_no) for row in core().execute(statement)]


def claim_due(request_id: int) -> bool:
    """Remove the mark of a request; False if it has none, as another worker was first.

    Its row is locked before the facts are read: a later change waits, and marks the request again.
    """
    claimed = update(_request).where(_request.c.id == request_id, IS_TRIAGE_DUE).values(triage_due=False)
    return core().execute(claimed).rowcount == 1


def store_triage(request_id: int, values: TriageValues) -> None:
    """Store the facts of a request."""
    columns = asdict(values) | {"verdict_order": values.verdict_order}
    core().execute(update(_request).where(_request.c.id == request_id).values(columns))


def photos_of(request_id: int) -> int:
    """Return how many pictures a request has; a document that is no picture is a paper, and is not counted."""
    statement = select(func.count()).where(
        _document.c.service_request_id == request_id,
        _document.c.media_type.startswith("image/"),
        _document.c.scan != ScanState.INFECTED,
    )
    return int(session().execute(statement).scalar_one())
