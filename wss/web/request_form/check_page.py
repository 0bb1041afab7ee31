"""The context of the check page: every answer in words, the findings of the self-check, and the promised date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wss import clock
from wss.domain.catalogue import RequestField, RequestKind, kept_as
from wss.domain.draft_row import DraftRow
from wss.models import Bill, Connection
from wss.queries.bills import bills_by_number, open_disputes, replaced_bills
from wss.queries.documents import documents_of_draft
from wss.queries.reference import reference
from wss.queries.service_requests import request_at_work
from wss.web.filters import month_of
from wss.web.labels.answers import answer_lines
from wss.web.labels.bill_estimates import is_reading_doubted, kept_estimate
from wss.web.labels.self_check import compare_bills, finding_sentences, is_compared, reading_field
from wss.web.request_form.claims import claimed_words
from wss.web.request_form.form_flow import FormFlow
from wss.web.request_form.forms import replaced_words


def check_context(flow: FormFlow, draft: DraftRow) -> dict[str, Any]:
    """Return everything that the check page needs; the draft has valid answers."""
    tables, answers, own = reference(), draft.fields["answers"], flow.connection
    kind = tables.kinds[draft.kind]
    bills = list(bills_by_number(answers.get(RequestField.BILL_NO.value) or []))
    return {
        "flow": flow,
        "connection": own,
        "kind": kind,
        "form_address": flow.form_address(request_type=kind.type, request=kind.code),
        "lines": answer_lines(kind, answers, bills, tables),
        "documents": documents_of_draft(draft.id),
        **_compared(own, kind, bills, answers.get(kept_as(reading_field(own))), draft),
        "bill_months": {bill.bill_no: month_of(bill.bill_month) for bill in bills},
        "disputes": open_disputes([bill.bill_no for bill in bills]),
        "at_work": None if kind.may_repeat else request_at_work(own.account_no, kind.code, flow.consumer_id),
        "claimed": claimed_words(own.account_no, answers),
        "replaced": [
            replaced_words(*pair) for pair in replaced_bills([bill.bill_no for bill in bills]).items()
        ],
        "payment_rule": flow.payment_rule(kind, [bill.bill_no for bill in bills]),
        "promised_on": tables.calendar.promised_on(clock.local_date(clock.now()), kind.target_days),
        "form_token": draft.form_token,
        "seen": draft.state,
    }


def _compared(
    own: Connection, kind: RequestKind, bills: Sequence[Bill], reading: int | None, draft: DraftRow
) -> dict[str, Any]:
    """Return the findings of the self-check in words, and the estimate that was stored with the
    draft, unless the reading is doubted."""
    if not is_compared(kind):
        return {"self_check": [], "estimate": None}
    findings = compare_bills(own, bills, reading)
    return {
        "self_check": finding_sentences(findings, bills, reading),
        "estimate": None if is_reading_doubted(findings) else kept_estimate(draft.fields.get("estimate")),
    }
