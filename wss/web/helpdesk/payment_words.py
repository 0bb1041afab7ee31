"""What callers hear about paying a bill while their complaint about it is open."""

from __future__ import annotations

from wss.domain.lifecycle import BEFORE_RESOLVED
from wss.queries.calls import RequestOfCall
from wss.queries.consumers import connection_row
from wss.queries.reference import Reference, reference
from wss.queries.timelines import disputed_bills
from wss.web.labels.guidance import PaymentRule, payment_rule


def payment_rule_of_call(one: RequestOfCall) -> PaymentRule | None:
    """Return what the discom says about paying the bills of a request; None for one without bills."""
    bills = disputed_bills(one.id)
    own = connection_row(bills[0].account_no) if bills else None
    if own is None:
        return None
    numbers = [bill.bill_no for bill in bills]
    return payment_rule(reference(), own.subdivision_code, own.account_no, numbers)


def interim_sentences(one: RequestOfCall, tables: Reference) -> list[str]:
    """Return how much is to be paid until the decision on an open request, where its discom has switched that on."""
    discom = tables.discom(one.holder_office_code)
    if discom is None or not discom.interim_on or one.frozen or one.status not in BEFORE_RESOLVED:
        return []
    rule = payment_rule_of_call(one)
    return [rule.interim] if rule and rule.interim else []
