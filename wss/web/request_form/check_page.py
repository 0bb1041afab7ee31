"""What the check page shows: every answer in words, what the self-check sees, and the promised date."""

from __future__ import annotations

from typing import Any

from wss import clock
from wss.domain.answers import kept_as
from wss.domain.catalogue import RequestField
from wss.queries.bills import bills_by_number, open_disputes, replaced_bills
from wss.queries.documents import documents_of_draft
from wss.queries.drafts import DraftRow
from wss.queries.reference import reference
from wss.web.labels.answers import answer_lines
from wss.web.labels.self_check import is_compared, reading_field, sights
from wss.web.request_form.forms import replaced_words
from wss.web.request_form.whom import ForWhom


def check_context(whom: ForWhom, draft: DraftRow) -> dict[str, Any]:
    """Everything the check page needs; the draft has its answers."""
    tables, answers, own = reference(), draft.fields["answers"], whom.connection
    kind = tables.kinds[draft.kind]
    bills = list(bills_by_number(answers.get(RequestField.BILL_NO.value) or []))
    return {
        "whom": whom,
        "connection": own,
        "kind": kind,
        "form_address": whom.form_address(request_type=kind.type, request=kind.code),
        "lines": answer_lines(kind, answers, bills, tables),
        "documents": documents_of_draft(draft.id),
        "sights": sights(own, bills, answers.get(kept_as(reading_field(own)))) if is_compared(kind) else [],
        "disputes": open_disputes([bill.bill_no for bill in bills]),
        "replaced": [
            replaced_words(*pair) for pair in replaced_bills([bill.bill_no for bill in bills]).items()
        ],
        "promised_on": tables.calendar.promised_on(clock.local_date(clock.now()), kind.target_days),
        "form_token": draft.form_token,
        "seen": draft.state,
    }
