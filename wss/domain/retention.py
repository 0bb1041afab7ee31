"""The retention of a consumer's data: how long it has to be kept, and what prevents its erasure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Source: Digital Personal Data Protection Rules, 2025, rule 8(3): personal data, the data of its traffic and the logs
# of its processing are kept for at least one year. A leap year, so that it is never a day too few.
RETENTION = timedelta(days=366)

# A message to a person who is no consumer of ours, sent or withheld: long enough to find out why it did not arrive.
MESSAGES_OF_STRANGERS = timedelta(days=3)
# The text of any other message, and the number or address it was sent to. Of one about a request its name, state and
# times stay on the timeline.
MESSAGES_OF_CONSUMERS = RETENTION
# Name, state and times of such a message. Source: Limitation Act, 1963, schedule, article 113: three years.
MESSAGE_STATES = timedelta(days=1096)


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long the operator keeps messages, and for how long registrations and counts of limits that have expired."""

    messages: timedelta = MESSAGES_OF_CONSUMERS
    messages_of_strangers: timedelta = MESSAGES_OF_STRANGERS
    message_states: timedelta = MESSAGE_STATES
    expired: timedelta = timedelta(0)


# Answers in forms about a person, other than codes, numbers and readings; erased with the consumer.
PERSONAL_ANSWERS = frozenset({"new_name", "new_address", "pincode", "remarks"})


@dataclass(frozen=True, slots=True)
class ConsumerActivity:
    """A consumer's activity: open complaints, and the last moment at which their data was used."""

    open_complaints: Sequence[str]
    last_processed_at: datetime


@dataclass(frozen=True, slots=True)
class ErasureObstacle:
    """The reason why the data cannot be erased yet: open complaints, or the moment until which it has to be kept."""

    open_complaints: Sequence[str]
    until: datetime


def erasure_obstacle(activity: ConsumerActivity, at: datetime) -> ErasureObstacle | None:
    """Return what prevents the erasure now; None if nothing does."""
    until = activity.last_processed_at + RETENTION
    if activity.open_complaints or until > at:
        return ErasureObstacle(activity.open_complaints, until)
    return None


class RowCause(StrEnum):
    """Who can cause a row of a table without any right; staff and imports need one."""

    STRANGER = "stranger"
    CONSUMER = "consumer"
    STAFF = "staff"
    IMPORT = "import"
    # The site itself: one row, or rows that only summarise others.
    SITE = "site"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The growth and retention of a table: who causes a row, how many they can cause, and when a row is deleted."""

    cause: RowCause
    bound: str
    deleted: str


_STAFF = RetentionRule(RowCause.STAFF, "rights of staff", "never")
_IMPORT = RetentionRule(RowCause.IMPORT, "files of an administrator", "never")
_WITH_REQUEST = RetentionRule(RowCause.CONSUMER, "steps of a request's life", "with the data of its consumer")

# Every table. A new table needs a row here about the deletion of its rows; docs/security.md shows it.
TABLES: dict[str, RetentionRule] = {
    "captcha": RetentionRule(RowCause.STRANGER, "1,200 in 15 minutes per network", "after 5 minutes"),
    "registration": RetentionRule(
        RowCause.STRANGER,
        "1 per browser, begun 20 an hour; 300 an hour per network",
        "after 2 hours, by e-mail 24",
    ),
    "proof": RetentionRule(
        RowCause.STRANGER, "1 per browser and purpose; 300 an hour per network", "after 30 minutes"
    ),
    "otp": RetentionRule(
        RowCause.STRANGER, "20 an hour per browser, 300 an hour per network", "an hour after its 10 minutes"
    ),
    "link_token": RetentionRule(
        RowCause.STRANGER,
        "1 with each code, 6 a day per e-mail address",
        "when it expires; of strangers after 24 hours",
    ),
    "limit_count": RetentionRule(
        RowCause.STRANGER,
        "a few for each try that the limits of networks allow",
        "when its window ends, after a day at most",
    ),
    "message": RetentionRule(
        RowCause.STRANGER,
        "1 or 2 with each code; codes are limited",
        "of strangers after 3 days; others after 366 days, of a request emptied then and deleted after 1,096",
    ),
    "consumer": RetentionRule(
        RowCause.STRANGER,
        "1 for each proof by OTP with a bill",
        "emptied a year after it is closed, when its owner asks",
    ),
    "ownership": RetentionRule(
        RowCause.STRANGER, "1 that has not ended per connection", "never: it says who could see what"
    ),
    "consent": RetentionRule(RowCause.STRANGER, "2 with each consumer", "with the consumer"),
    "session": RetentionRule(
        RowCause.CONSUMER, "1 for each right password or code", "a while after its 12 hours"
    ),
    "service_request": RetentionRule(
        RowCause.CONSUMER, "1 open per bill; a claim takes an OTP each", "emptied with its consumer"
    ),
    "document": RetentionRule(
        RowCause.CONSUMER,
        "5 per request, 1 per generated bill, 20 MB a day",
        "unsent with its draft after 30 days, else with its consumer",
    ),
    "generated_bill": RetentionRule(
        RowCause.CONSUMER, "1 per connection and bill", "parted from its consumer when that is emptied"
    ),
    "draft": RetentionRule(RowCause.CONSUMER, "1 per connection and kind", "after 30 days"),
    "alert_choice": RetentionRule(
        RowCause.CONSUMER, "1 per connection", "with the consumer, or the end of the ownership"
    ),
    "alert_sent": RetentionRule(
        RowCause.CONSUMER, "6 per connection and bill", "after 366 days, or with the consumer"
    ),
    "audit_entry": RetentionRule(
        RowCause.CONSUMER,
        "1 for each right proof, alarm an hour or deed of staff",
        "never: the chain is only added to",
    ),
    "disputed_bill": _WITH_REQUEST,
    "event": _WITH_REQUEST,
    "call": RetentionRule(
        RowCause.STAFF, "calls that an employee takes", "the caller's number after 366 days"
    ),
    "call_back": RetentionRule(
        RowCause.CONSUMER, "1 open per consumer, 3 a day", "366 days after it has ended, or with its consumer"
    ),
    "saved_filter": RetentionRule(RowCause.STAFF, "10 for each officer", "after the last day of work"),
    "pending_change": RetentionRule(
        RowCause.STAFF, "files of an administrator that give rights", "30 days after it has ended"
    ),
    "replaced": RetentionRule(RowCause.CONSUMER, "1 for each change that is confirmed", "after 7 days"),
    "reference_upload": RetentionRule(
        RowCause.STAFF, "files of an administrator", "unconfirmed after some hours"
    ),
    "audit_head": RetentionRule(RowCause.SITE, "1", "never"),
    "csp_count": RetentionRule(RowCause.SITE, "1 for each of nineteen names", "never: a count"),
    "counter": RetentionRule(RowCause.SITE, "1", "never"),
    "installation": RetentionRule(RowCause.SITE, "2", "never"),
    "secret_fingerprint": RetentionRule(
        RowCause.SITE, "1 per secret of the site", "never: a name, no secret"
    ),
    "mis_cell": RetentionRule(RowCause.SITE, "sums of requests", "never"),
    "mis_delta": RetentionRule(RowCause.SITE, "changes since the last sums", "every few seconds"),
    "worker_duty": RetentionRule(
        RowCause.SITE, "1 for each duty of the worker", "never: the next run changes it"
    ),
    "last_import": RetentionRule(
        RowCause.SITE, "1 for each imported table", "never: the next import changes it"
    ),
    "cluster": RetentionRule(
        RowCause.SITE, "1 per week, office, reason and bill basis", "after 366 days, unless it was reported"
    ),
    "cluster_report": RetentionRule(RowCause.STAFF, "1 for each cluster", "never: what the circle was told"),
    "step_batch": _STAFF,
    "step_item": RetentionRule(RowCause.STAFF, "60 for each batch", "never: it says what was done together"),
    "reference_version": RetentionRule(RowCause.SITE, "1 per table", "never"),
    "opened_proposal": RetentionRule(RowCause.STAFF, "1 per approver and proposal", "after 12 hours"),
    "approval_batch": _STAFF,
    "batch_item": RetentionRule(
        RowCause.STAFF, "20 for each batch", "never: it says what was approved together"
    ),
    "batch_sum": RetentionRule(RowCause.STAFF, "1 per day and office, and per day and maker", "never: a sum"),
    "revision": _STAFF,
    "revised_bill": _STAFF,
    "billing_post": _STAFF,
    "reference_change": _STAFF,
    "staff_credential": _STAFF,
    "recovery_code": _STAFF,
    "office": _IMPORT,
    "staff": _IMPORT,
    "connection": _IMPORT,
    "bill": _IMPORT,
    "kind": _IMPORT,
    "canned_text": _IMPORT,
    "compensation_rate": _IMPORT,
    "reason": _IMPORT,
    "escalation_step": _IMPORT,
    "holiday": _IMPORT,
    "forum": _IMPORT,
    "tariff_row": _IMPORT,
    "approval_limit": _IMPORT,
    "message_text": _IMPORT,
    "self_bill_rule": _IMPORT,
    "cluster_rule": _IMPORT,
}
