"""Computes the facts by which officers sort requests, after something has changed that they follow from.

Registration, new documents, revised bills and imports only mark requests: the worker computes a few seconds later, so
that no consumer waits for it and no list computes anything.
"""

import logging

from sqlalchemy.exc import InterfaceError, OperationalError

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.domain.catalogue import RequestField
from wss.domain.consumption import times_usual
from wss.domain.mis import amount_change
from wss.domain.suggestion.suggest import suggest
from wss.domain.triage_values import TriageValues, highest_tenths
from wss.queries import timelines
from wss.queries.bills import consumption
from wss.queries.mis_sums import SumCell, add_deltas, disputed_amount
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.stored_triage import claim_due, due_requests, photos_of, store_triage
from wss.services.revisions.suggestions import evidence_of

log = logging.getLogger(__name__)
AT_A_TIME = 50


def update_triage() -> int:
    """Compute the facts of some marked requests; return how many there were."""
    with reading():
        due = due_requests(AT_A_TIME)
    for request_id, complaint_no in due:
        try:
            with transaction():
                if claim_due(request_id):
                    _store(request_id, triage_values(visible_request(SYSTEM, complaint_no, now())))
        except (InterfaceError, OperationalError):
            # The database is away or busy: no fault of the request, which stays due.
            raise
        except Exception:
            # Whatever is wrong with the data of one request: the others must not wait for it.
            log.exception("the facts of request %s could not be computed", request_id)
            with transaction():
                if claim_due(request_id):
                    _store(request_id, TriageValues())
    return len(due)


def _store(request_id: int, values: TriageValues) -> None:
    """Store the facts of a request, whose row is locked, and count what it disputes."""
    before = disputed_amount(request_id)
    store_triage(request_id, values)
    changes = amount_change(before, values.disputed_paise - before.paise)
    add_deltas(
        [SumCell(before.office_code, one.measure, before.kind, one.day, one.n, one.paise) for one in changes]
    )


def triage_values(seen: RequestRow) -> TriageValues:
    """Return the facts of a request; amount and use are those of its bills as now in force."""
    evidence = evidence_of(seen)
    bills, used = evidence.bills, consumption(seen.account_no)
    disputed = timelines.disputed_bills(seen.id)
    return TriageValues(
        seen.fields.get(RequestField.REASON) or "",
        sum(bill.amount_paise for bill in bills),
        highest_tenths([times_usual(used, bill.bill_no) for bill in bills]),
        photos_of(seen.id),
        suggest(evidence).verdict if bills else "",
        disputed[-1].bill_basis if disputed else "",
    )
