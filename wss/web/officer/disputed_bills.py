"""The mark of disputed bills for officers: no one should disconnect for a bill whose complaint is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from wss.domain.billed import EffectiveBill
from wss.domain.catalogue import RequestField
from wss.domain.interim_sum import InterimSum
from wss.domain.lifecycle import OPEN
from wss.queries.disputed_bills import disputed_bills_of
from wss.queries.effective_bills import effective_bills
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.services.requests.interim_sums import interim_sum_for
from wss.web import filters


@dataclass(frozen=True, slots=True)
class DisputedBills:
    """The bills now in force that one open request disputes, and the sum to pay until the decision, in words."""

    complaint_no: str
    bills: Sequence[EffectiveBill]
    interim: str


def disputed_context(seen: RequestRow, tables: Reference) -> dict[str, Any]:
    """Return whether the bills of a request are in dispute now, and the sum to pay until the decision, in words."""
    numbers = seen.fields.get(RequestField.BILL_NO.value) or []
    if not numbers or seen.status not in OPEN:
        return {"in_dispute": False, "interim": ""}
    return {
        "in_dispute": True,
        "interim": _words(interim_sum_for(tables, seen.office_code, seen.account_no, numbers)),
    }


def disputed_bills(account_no: str, office_code: str, tables: Reference) -> list[DisputedBills]:
    """Return the bills of an account in open requests that an office may see, request by request."""
    lines = disputed_bills_of(account_no, office_code)
    found = []
    for complaint_no, own_lines in groupby(lines, key=lambda line: line.complaint_no):
        own = list(own_lines)
        numbers = [line.bill_no for line in own]
        interim = interim_sum_for(tables, own[0].office_code, account_no, numbers)
        found.append(DisputedBills(complaint_no, effective_bills(account_no, numbers), _words(interim)))
    return found


def _words(found: InterimSum | None) -> str:
    if found is None:
        return ""
    return _(
        "To pay until the decision: %(sum)s. Paid: %(paid)s.",
        sum=filters.rupees(found.sum_paise),
        paid=filters.rupees(found.paid_paise),
    )
