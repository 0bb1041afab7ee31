"""What a consumer chooses for a connection: which alerts, by what, when not, and a monthly budget."""

from dataclasses import dataclass, field
from datetime import datetime

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.alerts import CHOSEN_KINDS, AlertKind, Budget
from wss.domain.errors import NotFound
from wss.domain.quiet_hours import QuietHours
from wss.models import Consumer
from wss.queries import alerts
from wss.queries.connections import visible_connection
from wss.queries.consumers import locked_active_consumer, update_settings
from wss.services.shared.audit import record

# These are news about a bill: the one that is there when they are chosen is known already.
_NEWS = (AlertKind.BILL_ISSUED, AlertKind.UNUSUAL)


@dataclass(frozen=True, slots=True)
class AlertWishes:
    """A consumer's choice; `by_sms` and `by_email` are the consents to alerts that all pages share."""

    chosen: frozenset[AlertKind] = frozenset()
    by_sms: bool = False
    by_email: bool = False
    quiet: QuietHours = field(default_factory=QuietHours)
    budget: Budget = field(default_factory=Budget)


def save_choices(actor: Actor, account_no: str, wishes: AlertWishes) -> None:
    """Store the choice for a connection of the consumer's own, and the consents."""
    with transaction():
        at = now()
        owner = locked_active_consumer(actor.consumer_id) if actor.consumer_id else None
        visible_connection(actor, account_no, at)
        if owner is None or (wishes.by_email and not owner.email):
            raise NotFound
        before = alerts.choice_of(owner.id, account_no)
        new = {kind for kind in _NEWS if kind in wishes.chosen and not getattr(before, kind.value, False)}
        _note_known(owner.id, account_no, new, at)
        alerts.store_choice({"consumer_id": owner.id, "account_no": account_no}, _columns(wishes, at))
        record(actor, "alerts_chosen", f"connection:{account_no}")
        _set_consents(actor, owner, wishes)


def _columns(wishes: AlertWishes, at: datetime) -> dict[str, object]:
    return {kind.value: kind in wishes.chosen for kind in CHOSEN_KINDS} | {
        "quiet_from": wishes.quiet.start,
        "quiet_to": wishes.quiet.end,
        "budget_units": wishes.budget.units,
        "budget_paise": wishes.budget.paise,
        "check_at": at,
        "updated_at": at,
    }


def _note_known(consumer_id: int, account_no: str, kinds: set[AlertKind], at: datetime) -> None:
    bill = alerts.newest_bills([account_no]).get(account_no)
    if bill is not None:
        alerts.claim_alerts(
            [
                {
                    "consumer_id": consumer_id,
                    "account_no": account_no,
                    "kind": kind.value,
                    "about": bill.bill_no,
                    "sent_at": at,
                }
                for kind in sorted(kinds)
            ]
        )


def _set_consents(actor: Actor, owner: Consumer, wishes: AlertWishes) -> None:
    """Change the consents that differ, each with its own line of the audit trail."""
    for channel, before, wanted in (
        ("sms", owner.sms_alerts, wishes.by_sms),
        ("email", owner.email_alerts, wishes.by_email),
    ):
        if before != wanted:
            update_settings(owner.id, **{f"{channel}_alerts": wanted})
            deed = "alerts_wanted" if wanted else "alerts_stopped"
            record(actor, deed, f"consumer:{owner.id}", channel=channel)
