"""The duties of the worker: what runs how often, and when one is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Duty(StrEnum):
    """A task that the worker repeats. The value is the name in the database and in the metrics."""

    DELIVER_MESSAGES = "deliver_messages"
    DELIVER_EMAIL = "deliver_email"
    END_UNDELIVERABLE = "end_undeliverable"
    POST_BILLS = "post_bills"
    UPDATE_TRIAGE = "update_triage"
    SEND_ALERTS = "send_alerts"
    SEND_PHONE_LINKS = "send_phone_links"
    ADD_MIS_SUMS = "add_mis_sums"
    CHAIN_AUDIT = "chain_audit"
    SCAN_DOCUMENTS = "scan_documents"
    CLEAN_UP = "clean_up"
    EXPIRE_MESSAGES = "expire_messages"
    ERASE_CONSUMERS = "erase_consumers"
    CHECK_CODE_USE = "check_code_use"
    CHANGE_MOBILES = "change_mobiles"
    REMIND_OF_MOBILES = "remind_of_mobiles"
    FINISH_HOLDS = "finish_holds"
    EXPIRE_WAITS = "expire_waits"
    ESCALATE = "escalate"
    FIND_CLUSTERS = "find_clusters"


_SOON, _LATER = timedelta(minutes=5), timedelta(minutes=15)

# A duty is overdue when it has not succeeded for so long. Most are repeated every few seconds or once a minute; the
# time includes a long round after an outage. What people wait for at their screens is missed first.
OVERDUE_AFTER: dict[Duty, timedelta] = {
    **dict.fromkeys(Duty, _LATER),
    Duty.DELIVER_MESSAGES: _SOON,
    Duty.DELIVER_EMAIL: _SOON,
    Duty.SEND_PHONE_LINKS: _SOON,
}
LONGEST_ERROR = 120


@dataclass(frozen=True, slots=True)
class DutyState:
    """When a duty last succeeded and failed, how long its longest run of the last seconds took, and its counts."""

    duty: Duty
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    error: str = ""
    milliseconds: int = 0
    successes: int = 0
    failures: int = 0

    @property
    def has_run(self) -> bool:
        """Return whether a worker has ever run the duty."""
        return self.last_success_at is not None or self.last_failure_at is not None

    @property
    def is_failing(self) -> bool:
        """Return whether the last run failed."""
        if self.last_failure_at is None:
            return False
        return self.last_success_at is None or self.last_failure_at > self.last_success_at

    def is_overdue(self, at: datetime) -> bool:
        """Return whether the duty has not succeeded for too long, or never."""
        return self.last_success_at is None or at - self.last_success_at > OVERDUE_AFTER[self.duty]


def has_never_run(states: Iterable[DutyState]) -> bool:
    """Return whether no worker has ever run on this database."""
    return not any(state.has_run for state in states)


def error_name(error: BaseException) -> str:
    """Return the kind of an error, or of each error of a group. Its text is left out, as it may be personal."""
    if isinstance(error, BaseExceptionGroup):
        names = [error_name(each) for each in error.exceptions]
        return ", ".join(dict.fromkeys(names))
    return type(getattr(error, "orig", None) or error).__name__
