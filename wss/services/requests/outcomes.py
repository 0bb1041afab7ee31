"""The outcome of a request as data, independent of any language."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from wss.clock import local_date, now
from wss.domain.delivery import DeliveryState
from wss.domain.lifecycle import CONFIRM_DAYS, Resolution
from wss.domain.number_words import grouped_rupees
from wss.domain.outcome import BillOutcome, RequestOutcome
from wss.domain.revision import DAYS_TO_PAY
from wss.models import Bill
from wss.queries import outcomes, revisions, timelines
from wss.queries.bills import bills_by_number, replacements_of
from wss.queries.outcomes import DecidedBill

RESOLVED = "resolved"


def answer_until(resolved_at: datetime) -> date:
    """Return the day until which the consumer's answer to a resolution is awaited."""
    return local_date(resolved_at + timedelta(days=CONFIRM_DAYS))


def outcome_of(request_id: int, resolution: str | None) -> RequestOutcome | None:
    """Return what was decided, or is being approved in this transaction; None without a decision."""
    if resolution is None:
        return None
    notes = outcomes.decision_notes(request_id)
    if resolution != Resolution.REVISED:
        bills = list(timelines.disputed_bills(request_id))
        replaced_by = {before.bill_no: after for before, after in replacements_of(bills)}
        unchanged = [_unchanged(replaced_by.get(bill.bill_no, bill)) for bill in bills]
        return RequestOutcome(Resolution(resolution), notes, unchanged)
    last = revisions.latest_revision(request_id)
    if last is None or last.state not in (revisions.PROPOSED, revisions.APPROVED):
        return RequestOutcome(Resolution.REVISED, notes)
    decided = outcomes.decided_bills(last.id)
    is_taken = all(bill.post_state == DeliveryState.DELIVERED for bill in decided)
    written = [bill.revised_bill_no for bill in decided if bill.revised_bill_no]
    counting = {bill.bill_no: bill for bill in bills_by_number(written)}
    counting |= {before.bill_no: after for before, after in replacements_of(list(counting.values()))}
    outcomes_now = [_revised(bill, counting.get(bill.revised_bill_no or "")) for bill in decided]
    is_as_decided = all(
        (now_is.bill_no, now_is.revised_paise) == (bill.revised_bill_no or bill.bill_no, bill.revised_paise)
        for now_is, bill in zip(outcomes_now, decided, strict=True)
    )
    return RequestOutcome(Resolution.REVISED, notes, outcomes_now, is_taken, is_as_decided)


def notice_of_outcome(request_id: int, resolution: str | None) -> tuple[str, dict[str, str]]:
    """Return the name of the notice of the decision to the consumer, and its values.

    What does not apply is empty: an amount to pay, or one that comes off the next bill.
    """
    outcome = outcome_of(request_id, resolution)
    if outcome is None:
        return RESOLVED, {"note": ""}
    values = {"note": " ".join(outcome.notes)}
    if outcome.resolution is Resolution.REFUSED:
        return f"{RESOLVED}_refused", values
    if not outcome.bills:
        return RESOLVED, values
    if outcome.resolution is Resolution.NOT_NEEDED:
        return f"{RESOLVED}_not_needed", values
    balance = outcome.balance_paise
    return f"{RESOLVED}_revised", values | {
        "issued": grouped_rupees(max(0, outcome.issued_paise)),
        "revised": grouped_rupees(max(0, outcome.revised_paise)),
        "to_pay": grouped_rupees(balance) if balance >= 0 else "",
        "comes_back": grouped_rupees(-balance) if balance < 0 else "",
        "due_on": (outcome.due_on or _due_on()).strftime("%d-%m-%Y") if balance >= 0 else "",
    }


def _due_on() -> date:
    """Return the due date of a bill that is revised now."""
    return local_date(now()) + timedelta(days=DAYS_TO_PAY)


def _unchanged(bill: Bill) -> BillOutcome:
    return BillOutcome(
        bill.bill_no,
        bill.bill_month,
        bill.amount_paise,
        bill.amount_paise,
        bill.arrears_paise,
        bill.paid_amount_paise or 0,
        bill.due_date,
    )


def _revised(bill: DecidedBill, counts: Bill | None) -> BillOutcome:
    """What was decided of a bill; once it is written, the bill that counts for it now."""
    if counts is not None:
        return replace(_unchanged(counts), issued_paise=bill.issued_paise)
    return BillOutcome(
        bill.revised_bill_no or bill.bill_no,
        bill.bill_month,
        bill.issued_paise,
        bill.revised_paise,
        bill.arrears_paise,
        bill.paid_paise,
        bill.due_date or _due_on(),
    )
