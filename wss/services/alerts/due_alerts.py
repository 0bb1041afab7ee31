"""The worker's duty: finds the alerts that are due, a batch of choices at a time, and queues each once.

Alert and message are written in one transaction, so that a worker that is killed sends neither twice nor loses one.
Nothing is queued in the quiet hours: the check itself waits until they end, and by then a bill may have been paid.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.alerts import CHOSEN_KINDS, AlertBill, AlertKind, Budget, DueAlert, Expectation, due_alerts
from wss.domain.consumption import peaks
from wss.domain.number_words import grouped_rupees
from wss.domain.quiet_hours import QuietHours
from wss.queries import alerts
from wss.queries.bills import RecentConsumption, recent_consumption
from wss.services.alerts.readings import READING, subject_of_reading
from wss.services.messages.notices import Recipient, alert_address, queue_notice
from wss.services.shared import links

BATCH = 200
# New bills come with imports, a few times a day at most.
CHECK_EVERY = timedelta(hours=6)
_LINK_LIFE = timedelta(days=14)
_NOTICES = {
    AlertKind.BILL_ISSUED: "bill_issued",
    AlertKind.DUE_SOON: "bill_due_soon",
    AlertKind.OVERDUE: "bill_overdue",
    AlertKind.UNUSUAL: "bill_unusual",
    AlertKind.READING: "reading_reminder",
}


def send_due_batch() -> int:
    """Check the choices that are due, at most a batch; return how many they were."""
    with transaction():
        at = now()
        rows = alerts.claim_due_choices(at, BATCH)
        alerts.delete_choices([row for row in rows if row.ownership_id is None])
        owned = [row for row in rows if row.ownership_id is not None]
        waiting = {id(row): _waits_until(row, at) for row in owned}
        ready = [row for row in owned if waiting[id(row)] is None]
        alerts.postpone([(row, waiting[id(row)] or at + CHECK_EVERY) for row in owned])
        _send([(row, to) for row in ready if (to := _recipient(row))], at)
        return len(rows)


def _waits_until(row: Any, at: datetime) -> datetime | None:
    """Return until when the owner gets no alerts: in the quiet hours, and while the connection is on hold."""
    if row.held_until is not None and row.held_until > at:
        held_until: datetime = row.held_until
        return held_until
    ends = QuietHours(row.quiet_from, row.quiet_to).end_after(at)
    return ends if ends > at else None


def _recipient(row: Any) -> Recipient | None:
    """Return the recipient by the channels that the consumer agreed to; None without any."""
    mobile = (row.mobile or row.mobile_on_record) if row.sms_alerts else None
    email = alert_address(row)
    return Recipient(row.language, mobile, email, row.consumer_id) if mobile or email else None


def _send(ready: Sequence[tuple[Any, Recipient]], at: datetime) -> None:
    numbers = sorted({row.account_no for row, _to in ready})
    used, bills = recent_consumption(numbers), alerts.newest_bills(numbers)
    due = []
    for row, to in ready:
        if row.account_no in bills:
            bill = _with_history(bills[row.account_no], used[row.account_no])
            due += [(row, to, bill, alert) for alert in _due_of(row, bill, at)]
    new = alerts.claim_alerts([_key(row, alert) | {"sent_at": at} for row, _to, _bill, alert in due])
    for row, to, bill, alert in due:
        if tuple(_key(row, alert).values()) in new:
            _queue(row, to, bill, alert)


def _with_history(bill: AlertBill, recent: RecentConsumption) -> AlertBill:
    tenths = next((peak.tenths for peak in peaks(recent.used) if peak.used.bill_no == bill.bill_no), None)
    names = (name for name in AlertBill.__slots__ if name not in ("is_disputed", "times_tenths"))
    facts = {name: getattr(bill, name) for name in names}
    return AlertBill(**facts, is_disputed=bill.bill_no in recent.disputed, times_tenths=tenths)


def _due_of(row: Any, bill: AlertBill, at: datetime) -> list[DueAlert]:
    chosen = frozenset(kind for kind in CHOSEN_KINDS if getattr(row, kind.value))
    expected = None
    if row.projected_month is not None:
        expected = Expectation(row.projected_month, row.read_on, row.projected_units, row.projected_paise)
    budget = Budget(row.budget_units, row.budget_paise)
    return due_alerts(chosen, budget, expected, bill, local_date(at))


def _key(row: Any, alert: DueAlert) -> dict[str, Any]:
    return {
        "consumer_id": row.consumer_id,
        "account_no": row.account_no,
        "kind": alert.kind.value,
        "about": alert.about,
    }


def _queue(row: Any, to: Recipient, bill: AlertBill, alert: DueAlert) -> None:
    values = {"account_no": row.account_no, "account_end": row.account_no[-4:]}
    if alert.kind is AlertKind.BUDGET and row.budget_units is not None:
        queue_notice("units_passed", to, values | {"units": str(row.projected_units)})
    elif alert.kind is AlertKind.BUDGET:
        queue_notice("budget_passed", to, values | {"amount": _whole_rupees(row.projected_paise)})
    else:
        queue_notice(_NOTICES[alert.kind], to, values | _values_of(row, bill, alert))


def _values_of(row: Any, bill: AlertBill, alert: DueAlert) -> dict[str, str]:
    if alert.kind is AlertKind.READING:
        subject = subject_of_reading(row.consumer_id, row.account_no)
        return {"path": f"/reading/{links.new_link(READING, subject, _LINK_LIFE)}"}
    amount = bill.amount_paise if alert.kind is AlertKind.BILL_ISSUED else bill.unpaid_paise
    return {
        "amount": grouped_rupees(max(0, amount)),
        "due_on": f"{bill.due_date:%d-%m-%Y}",
        "times": f"{(bill.times_tenths or 0) / 10:g}",
    }


def _whole_rupees(paise: int) -> str:
    """Return a projected amount, which is not exact to the paisa, in whole rupees."""
    return grouped_rupees((paise + 50) // 100 * 100)[: -len(".00")]
