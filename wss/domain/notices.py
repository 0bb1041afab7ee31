"""The notices that are sent, one row each; texts: templates/messages, label for staff: web/labels/deliveries."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wss.domain.delivery import Urgency


class SmsCause(StrEnum):
    """Who can cause an SMS, and so which limits apply to it."""

    # A visitor, or an employee on a call, before anything is proven: every limit of services/shared/sms_budget
    # applies.
    UNPROVEN = "unproven"
    # Follows a right code or link, which was limited itself; the limit of a warning must never be consumed by other
    # persons.
    PROVEN = "proven"
    # Any action of a person who is logged in, follows a link or is verified on a call: a number per day and mobile.
    OWN_ACTION = "own_action"
    # The same about an existing request or login: it has a number of its own, as the owner has to be notified.
    OWN_CHANGE = "own_change"
    # An officer or the passing of time.
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of message.

    `cause`: who can cause its SMS; None exactly where no SMS is sent.
    `variables`: the values that its texts name in both languages; `link` is a token in an SMS, an address in an e-mail.
    `optional`: those that a discom's own text may leave out, because they were added after such texts were registered.
    `secret`: its text carries a code or a link and is deleted once it is sent.
    `confirms`: its e-mail proves the receiver's address; only such an e-mail is sent to an unconfirmed address.
    `alert`: it is sent by e-mail to consumers who want alerts by e-mail, who can unsubscribe from it.
    `parts`: the largest number of parts of its SMS in Hindi; in English it is one.
    `is_of_complaints`: only complaints cause it, so that it has no texts about a request.
    """

    name: str
    channels: tuple[str, ...]
    cause: SmsCause | None
    variables: tuple[str, ...] = ()
    urgency: int = Urgency.NOTICE
    optional: tuple[str, ...] = ()
    secret: bool = False
    life: timedelta | None = None
    confirms: bool = False
    alert: bool = False
    parts: int = 1
    is_of_complaints: bool = False

    @property
    def has_request_texts(self) -> bool:
        """Return whether it has a second set of texts, for what consumers know as a request and not as a complaint."""
        return "complaint_no" in self.variables and not self.is_of_complaints

    def __post_init__(self) -> None:
        if ("sms" in self.channels) is (self.cause is None):
            raise ValueError(f"{self.name}: a notice has a cause exactly if it is sent by SMS")


# The parts of the texts of a notice, by channel; and of its texts about a request, where the other set says complaint.
PARTS = {"sms": ("sms",), "email": ("subject", "body")}
REQUEST_PARTS = {"sms": "sms_req", "subject": "subj_req", "body": "body_req"}
# The notices that ask whether a complaint is settled, each with a link of its own.
ASKS_TO_CONFIRM = (
    "resolved",
    "resolved_revised",
    "resolved_not_needed",
    "resolved_refused",
    "confirm_reminder",
)
_TEN_MINUTES, _HALF_AN_HOUR, _DAY = timedelta(minutes=10), timedelta(minutes=30), timedelta(days=1)
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)
_SMS, _EMAIL, _BOTH = ("sms",), ("email",), ("sms", "email")
_CODE, _REMINDER = Urgency.CODE, Urgency.REMINDER
_UNPROVEN, _PROVEN, _OWN, _CHANGE, _OFFICE = SmsCause
# Until when the consumer can answer; `closes_on` is empty where silence does not close the request.
_DAYS = ("answer_by", "closes_on")


def _otp(name: str, variables: tuple[str, ...] = ("otp", "reference_no")) -> Notice:
    return Notice(name, _SMS, _UNPROVEN, variables, _CODE, secret=True, life=_TEN_MINUTES)


NOTICES: dict[str, Notice] = {
    notice.name: notice
    for notice in (
        _otp("registration_otp"),
        _otp("hold_otp"),
        Notice("already_registered", _SMS, _UNPROVEN, secret=True, life=_DAY, parts=2),
        Notice("confirm_email", _EMAIL, None, ("link",), secret=True, life=_DAY, confirms=True),
        Notice("activation", _EMAIL, None, ("link",), _CODE, secret=True, life=_DAY, confirms=True),
        Notice("not_me", _SMS, _PROVEN, ("link",), _CODE, secret=True, life=_DAY, parts=2),
        Notice("hold_ended", _SMS, _PROVEN),
        Notice("hold_over", _SMS, _OFFICE, parts=2),
        Notice("registered_consumer", _SMS, _PROVEN, ("account_no",), parts=2),
        Notice("registered_held", _SMS, _PROVEN, ("starts_at",)),
        _otp("sign_in_otp"),
        Notice("sign_in_mail", _EMAIL, None, ("otp", "reference_no"), _CODE, secret=True, life=_TEN_MINUTES),
        _otp("password_otp"),
        Notice("reset_link", _EMAIL, None, ("link",), _CODE, secret=True, life=_HALF_AN_HOUR),
        Notice("phone_link", _SMS, _UNPROVEN, ("phone_token",), _CODE, secret=True, life=_DAY, parts=2),
        # The longest user name takes a larger share of one part than may vary.
        Notice("user_name", _SMS, _UNPROVEN, ("user_name",), secret=True, life=_DAY, parts=2),
        Notice("password_changed", _BOTH, _PROVEN, ("link",), secret=True, life=_WEEK, parts=2),
        _otp("new_mobile_otp"),
        _otp("old_mobile_otp", ("otp",)),
        Notice("mobile_coming", _BOTH, _PROVEN, ("link",), _CODE, secret=True, life=_DAY, parts=2),
        Notice("mobile_coming_late", _BOTH, _OFFICE, ("due_on", "link"), secret=True, life=_WEEK, parts=2),
        Notice("mobile_changed", _BOTH, _PROVEN, ("link",), secret=True, life=_WEEK, parts=2),
        Notice("number_in_use", _SMS, _PROVEN, ("link",), secret=True, life=_WEEK, parts=2),
        Notice("email_changed", _BOTH, _PROVEN, ("link",), secret=True, life=_WEEK, parts=2),
        Notice("connection_added", _BOTH, _PROVEN, ("link",), secret=True, life=_WEEK, parts=2),
        Notice("change_undone", _BOTH, _PROVEN),
        _otp("confirm_otp"),
        _otp("claim_otp"),
        Notice("connection_claimed", _BOTH, _PROVEN),
        Notice("claim_granted", _SMS, _OFFICE, parts=2),
        _otp("join_otp"),
        Notice(
            "request_registered",
            _BOTH,
            _OWN,
            ("complaint_no", "promised_on", "link"),
            optional=("promised_on",),
            secret=True,
            life=_MONTH,
            alert=True,
            parts=2,
        ),
        # Sent by the help desk during a call.
        _otp("call_otp"),
        _otp("call_own_otp"),
        _otp("call_confirm_otp"),
        _otp("call_refuse_otp"),
        Notice("registration_link", _SMS, _UNPROVEN, (), _CODE, life=_DAY, parts=2),
        Notice("register_link", _SMS, _UNPROVEN, ("link",), _CODE, secret=True, life=_DAY, parts=2),
        Notice("mobile_change_link", _SMS, _UNPROVEN, (), _CODE, life=_DAY, parts=2),
        # Two links do not fit into two parts.
        Notice(
            "request_registered_1912",
            _SMS,
            _CHANGE,
            ("complaint_no", "track_token", "dispute_token"),
            secret=True,
            life=_MONTH,
            parts=3,
        ),
        Notice(
            "documents_link",
            _SMS,
            _UNPROVEN,
            ("complaint_no", "link"),
            _CODE,
            secret=True,
            life=_DAY,
            parts=2,
        ),
        Notice(
            "question",
            _BOTH,
            _OFFICE,
            ("complaint_no", "answer_by", "link"),
            optional=("answer_by",),
            secret=True,
            life=_MONTH,
            alert=True,
            parts=2,
        ),
        Notice(
            "question_reminder",
            _SMS,
            _OFFICE,
            ("complaint_no", "answer_by", "link"),
            _REMINDER,
            optional=("answer_by",),
            secret=True,
            life=_MONTH,
            parts=2,
        ),
        Notice("question_withdrawn", _SMS, _OFFICE, ("complaint_no",)),
        Notice(
            "resolved",
            _BOTH,
            _OFFICE,
            ("complaint_no", "note", *_DAYS, "link"),
            optional=("note", *_DAYS),
            secret=True,
            life=_MONTH,
            alert=True,
            parts=2,
        ),
        # Two amounts and the link do not fit into two parts.
        Notice(
            "resolved_revised",
            _BOTH,
            _OFFICE,
            ("complaint_no", "due_on", "issued", "revised", "to_pay", "comes_back", "note", *_DAYS, "link"),
            optional=_DAYS,
            secret=True,
            life=_MONTH,
            alert=True,
            parts=3,
            is_of_complaints=True,
        ),
        Notice(
            "resolved_not_needed",
            _BOTH,
            _OFFICE,
            ("complaint_no", "note", *_DAYS, "link"),
            optional=_DAYS,
            secret=True,
            life=_MONTH,
            alert=True,
            parts=2,
            is_of_complaints=True,
        ),
        # The link and the way to the forum do not fit into two parts.
        Notice(
            "resolved_refused",
            _BOTH,
            _OFFICE,
            ("complaint_no", "note", *_DAYS, "link"),
            optional=_DAYS,
            secret=True,
            life=_MONTH,
            alert=True,
            parts=3,
        ),
        Notice("bill_revised", _BOTH, _OFFICE, ("account_no", "bill_no"), alert=True, parts=2),
        Notice(
            "confirm_reminder",
            _SMS,
            _OFFICE,
            ("complaint_no", "answer_by", "link"),
            _REMINDER,
            optional=("answer_by",),
            secret=True,
            life=_MONTH,
            parts=2,
        ),
        Notice("reopened", _BOTH, _CHANGE, ("complaint_no",), alert=True),
        Notice("withdrawn", _BOTH, _CHANGE, ("complaint_no",), alert=True),
        Notice("dispute_lifted", _SMS, _OFFICE, ("complaint_no",)),
        Notice("dispute_cancelled", _SMS, _OFFICE, ("complaint_no",)),
        Notice("closed", _BOTH, _CHANGE, ("complaint_no", "reopen_by"), optional=("reopen_by",), alert=True),
        # It was reopened as often as possible.
        Notice("closed_final", _BOTH, _CHANGE, ("complaint_no",), alert=True),
        # A third refusal: a new request continues it.
        Notice(
            "closed_disputed", _BOTH, _CHANGE, ("complaint_no", "new_no"), optional=("new_no",), alert=True
        ),
        # After an outage there may be many; messages that consumers wait for go first.
        Notice("escalated", _SMS, _OFFICE, ("complaint_no", "post"), _REMINDER),
        # About bills and the budget, as the consumer has chosen at `/account/<account_no>/alerts`.
        Notice(
            "bill_issued",
            _BOTH,
            _OFFICE,
            ("account_end", "amount", "due_on"),
            _REMINDER,
            life=_WEEK,
            alert=True,
        ),
        Notice(
            "bill_due_soon",
            _BOTH,
            _OFFICE,
            ("account_end", "amount", "due_on"),
            _REMINDER,
            life=_DAY,
            alert=True,
        ),
        Notice(
            "bill_overdue",
            _BOTH,
            _OFFICE,
            ("account_end", "amount", "due_on"),
            _REMINDER,
            life=_DAY,
            alert=True,
        ),
        # The address of the page with the way to a complaint does not fit into one part.
        Notice(
            "bill_unusual",
            _BOTH,
            _OFFICE,
            ("account_end", "account_no", "times"),
            _REMINDER,
            life=_WEEK,
            alert=True,
            parts=2,
        ),
        Notice(
            "reading_reminder",
            _BOTH,
            _OFFICE,
            ("account_end", "link"),
            _REMINDER,
            secret=True,
            life=_WEEK,
            alert=True,
            parts=2,
        ),
        Notice("budget_passed", _BOTH, _OFFICE, ("account_end", "amount"), _REMINDER, life=_WEEK, alert=True),
        Notice("units_passed", _BOTH, _OFFICE, ("account_end", "units"), _REMINDER, life=_WEEK, alert=True),
        Notice("erasure_asked", _SMS, _CHANGE),
        Notice("account_erased", _SMS, _PROVEN),
    )
}
