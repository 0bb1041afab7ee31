"""The notices that go out: each by which channels, how urgent, and whether its text is kept."""

from dataclasses import dataclass
from datetime import timedelta

from wss.domain.delivery import Urgency


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of message; `secret` texts carry a code or a link and are emptied once sent.

    `confirms`: its letter proves the address that it goes to, which is the only kind sent to an unconfirmed address.
    `alert`: it goes by e-mail to those who asked for alerts by e-mail, who can end them from the letter.
    `parts`: of how many its SMS in Hindi is meant to be at most; one in English.
    """

    name: str
    channels: tuple[str, ...]
    urgency: int = Urgency.NOTICE
    secret: bool = False
    life: timedelta | None = None
    always: bool = True
    confirms: bool = False
    alert: bool = False
    parts: int = 1


# The notices that ask whether a resolution is settled, each with a link of its own.
ASKS_TO_CONFIRM = (
    "resolved",
    "resolved_revised",
    "resolved_not_needed",
    "resolved_refused",
    "confirm_reminder",
)
_TEN_MINUTES, _HALF_AN_HOUR, _DAY = timedelta(minutes=10), timedelta(minutes=30), timedelta(days=1)
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)

NOTICES: dict[str, Notice] = {
    notice.name: notice
    for notice in (
        Notice("registration_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("hold_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("already_registered", ("sms",), secret=True, life=_DAY, parts=2),
        Notice("confirm_email", ("email",), secret=True, life=_DAY, confirms=True),
        Notice("activation", ("email",), Urgency.CODE, secret=True, life=_DAY, confirms=True),
        Notice("not_me", ("sms",), Urgency.CODE, secret=True, life=_DAY, parts=2),
        Notice("hold_ended", ("sms",)),
        Notice("hold_over", ("sms",), parts=2),
        Notice("registered_consumer", ("sms",), parts=2),
        Notice("sign_in_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("sign_in_mail", ("email",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("password_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("reset_link", ("email",), Urgency.CODE, secret=True, life=_HALF_AN_HOUR),
        Notice("phone_link", ("sms",), Urgency.CODE, secret=True, life=_DAY, parts=2),
        # A name as long as names may be is more of one part than may vary.
        Notice("user_name", ("sms",), secret=True, life=_DAY, parts=2),
        Notice("password_changed", ("sms", "email"), secret=True, life=_WEEK, parts=2),
        Notice("new_mobile_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("old_mobile_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("mobile_coming", ("sms", "email"), Urgency.CODE, secret=True, life=_DAY, parts=2),
        Notice("mobile_coming_late", ("sms", "email"), secret=True, life=_WEEK, parts=2),
        Notice("mobile_changed", ("sms", "email"), secret=True, life=_WEEK, parts=2),
        Notice("number_in_use", ("sms",), secret=True, life=_WEEK, parts=2),
        Notice("email_changed", ("sms", "email"), secret=True, life=_WEEK, parts=2),
        Notice("connection_added", ("sms", "email"), secret=True, life=_WEEK, parts=2),
        Notice("change_undone", ("sms", "email")),
        Notice("confirm_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("claim_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("connection_claimed", ("sms", "email")),
        Notice("claim_granted", ("sms",), parts=2),
        Notice("join_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("request_registered", ("sms", "email"), secret=True, life=_MONTH, alert=True),
        # What the help-desk has sent during a call.
        Notice("call_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("call_own_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("call_confirm_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("call_refuse_otp", ("sms",), Urgency.CODE, secret=True, life=_TEN_MINUTES),
        Notice("registration_link", ("sms",), Urgency.CODE, life=_DAY, parts=2),
        Notice("register_link", ("sms",), Urgency.CODE, secret=True, life=_DAY, parts=2),
        Notice("mobile_change_link", ("sms",), Urgency.CODE, life=_DAY, parts=2),
        # Both links and plain words take a third part.
        Notice("request_registered_1912", ("sms",), secret=True, life=_MONTH, parts=3),
        Notice("documents_link", ("sms",), Urgency.CODE, secret=True, life=_DAY, parts=2),
        Notice("question", ("sms", "email"), secret=True, life=_MONTH, alert=True, parts=2),
        Notice("question_reminder", ("sms",), Urgency.REMINDER, secret=True, life=_MONTH, parts=2),
        Notice("question_withdrawn", ("sms",)),
        Notice("resolved", ("sms", "email"), secret=True, life=_MONTH, alert=True, parts=2),
        # Both amounts and the link take a third part.
        Notice("resolved_revised", ("sms", "email"), secret=True, life=_MONTH, alert=True, parts=3),
        Notice("resolved_not_needed", ("sms", "email"), secret=True, life=_MONTH, alert=True, parts=2),
        Notice("resolved_refused", ("sms", "email"), secret=True, life=_MONTH, alert=True, parts=2),
        Notice("bill_revised", ("sms", "email"), alert=True, parts=2),
        Notice("confirm_reminder", ("sms",), Urgency.REMINDER, secret=True, life=_MONTH, parts=2),
        Notice("reopened", ("sms", "email"), alert=True),
        Notice("withdrawn", ("sms", "email"), alert=True),
        Notice("dispute_lifted", ("sms",)),
        Notice("dispute_cancelled", ("sms",)),
        Notice("closed", ("sms", "email"), alert=True),
        # After an outage there may be many: whatever somebody waits for goes first.
        Notice("escalated", ("sms",), Urgency.REMINDER),
        Notice("erasure_asked", ("sms",)),
        Notice("account_erased", ("sms",)),
    )
}
