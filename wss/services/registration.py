"""Step one and two of a registration: which connection, then who; up to the OTP."""

from dataclasses import dataclass
from enum import StrEnum

from wss import passwords
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.captcha import Solved
from wss.domain.otp import SendLimits, Sent, Unlocks
from wss.domain.ownership import (
    ACTIVATION_LIFE,
    LAST_BILLS,
    PRIVACY_VERSION,
    TERMS_VERSION,
    Channel,
    OnRecord,
    activation_channel,
    is_among_last,
)
from wss.domain.passwords import SHORTEST
from wss.domain.throttle import Limit
from wss.domain.visitor import Visitor
from wss.models import Connection, Registration
from wss.queries.codes import end_tokens, live_otp
from wss.queries.consumers import active_consumer, connection_row, is_user_name_taken
from wss.queries.registrations import (
    account_of_bill,
    latest_bill_numbers,
    registration_of,
)
from wss.services.steps import captchas, limits, links
from wss.services.steps.beginning import Typed, count_begun, keep_begun
from wss.services.steps.notices import Recipient, queue_notice
from wss.services.steps.otp import send_otp
from wss.services.steps.ownership import on_record_of

REGISTER_LINK = "register"


class StepOne(StrEnum):
    """How step one ended; all but GO_ON leave the visitor there."""

    GO_ON = "go_on"
    NO_MATCH = "no_match"
    WRONG_CAPTCHA = "wrong_captcha"
    TOO_OFTEN = "too_often"
    ALREADY_REGISTERED = "already_registered"


@dataclass(frozen=True, slots=True)
class StepOneAnswer:
    """The outcome of step one; when too often, in how many seconds one may try again."""

    outcome: StepOne
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was typed in step one, well-formed or empty, with the captcha when one was asked."""

    account_no: str = ""
    bill_no: str = ""
    captcha_id: str = ""
    captcha: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What was typed in step two, well-formed or empty."""

    mobile: str | None
    email: str | None
    user_name: str | None
    password: str
    sms_alerts: bool
    email_alerts: bool


class StepTwo(StrEnum):
    """How step two ended; all but the first two are errors at a field."""

    OTP_SENT = "otp_sent"
    LINK_SENT = "link_sent"
    LOST = "lost"
    MOBILE_REQUIRED = "mobile_required"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105 the name of an outcome
    ADDRESS_REQUIRED = "address_required"
    USER_NAME_TAKEN = "user_name_taken"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class StepTwoAnswer:
    """The outcome of step two; when too often, in how many seconds a code can be sent."""

    outcome: StepTwo
    retry_after: int = 0


def captcha_is_due(visitor: Visitor) -> bool:
    """Whether this browser has to solve one before it may name a connection and have a code sent."""
    return captchas.is_due(visitor)


def name_connection(visitor: Visitor, numbers: Numbers) -> StepOneAnswer:
    """Step one. With both numbers they must fit; with one it always goes on, and shows nothing."""
    with transaction():
        if captchas.is_missing(visitor, Solved(numbers.captcha_id, numbers.captcha)):
            return StepOneAnswer(StepOne.WRONG_CAPTCHA)
        if numbers.account_no and numbers.bill_no:
            return _both(visitor, numbers)
        connection = _connection_of_one(numbers)
        return _begin(visitor, numbers, connection.account_no if connection else None, both_given=False)


def begins_by(token: str) -> bool:
    """Whether a link of the help-desk's leads to a connection; looking uses nothing up."""
    subject = links.look_at(token, REGISTER_LINK) or ""
    return connection_row(subject.partition(":")[2]) is not None


def begin_by_link(visitor: Visitor, token: str) -> bool:
    """Go on with what the help-desk began for whoever got its link: step two, as with both numbers. False for a link
    that no longer helps, or once somebody has registered."""
    with transaction():
        subject = links.look_at(token, REGISTER_LINK)
        account_no = subject.partition(":")[2] if subject else ""
        if connection_row(account_no) is None or active_consumer(account_no, now()) is not None:
            return False
        if links.use_link(token, REGISTER_LINK) is None:
            return False
        keep_begun(visitor, account_no, Typed(account_no), both_given=True)
        return True


def _both(visitor: Visitor, numbers: Numbers) -> StepOneAnswer:
    """Account and bill together. The try is counted before it is looked at, and given back when it fits."""
    counts = (
        (Limit.STEP_ONE_ACCOUNT, numbers.account_no),
        (Limit.STEP_ONE_ADDRESS, visitor.address),
        (Limit.STEP_ONE_MISSES, visitor.session_hash),
    )
    for limit, subject in counts[:2]:
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            return StepOneAnswer(StepOne.TOO_OFTEN, spent.retry_after)
    # The same two statements whether or not the account exists.
    latest = latest_bill_numbers(numbers.account_no, LAST_BILLS)
    owner = active_consumer(numbers.account_no, now())
    if not is_among_last(numbers.bill_no, latest):
        limits.spend(*counts[2])
        return StepOneAnswer(StepOne.NO_MATCH)
    for limit, subject in counts[:2]:
        limits.give_back(limit, subject)
    if owner is not None:
        return StepOneAnswer(StepOne.ALREADY_REGISTERED)
    return _begin(visitor, numbers, numbers.account_no, both_given=True)


def _connection_of_one(numbers: Numbers) -> Connection | None:
    """The connection that a single number names; the same statements whether or not there is one."""
    account_no = numbers.account_no or account_of_bill(numbers.bill_no) or ""
    return connection_row(account_no)


def _begin(visitor: Visitor, numbers: Numbers, account_no: str | None, *, both_given: bool) -> StepOneAnswer:
    """Go on, unless this browser or its network begins too many."""
    spent = count_begun(visitor)
    if not spent.allowed:
        return StepOneAnswer(StepOne.TOO_OFTEN, spent.retry_after)
    keep_begun(visitor, account_no, Typed(numbers.account_no, numbers.bill_no), both_given=both_given)
    return StepOneAnswer(StepOne.GO_ON)


def has_protecting_mobile(account_no: str) -> bool:
    """Whether a mobile protects this connection, so that who registers it needs one."""
    return on_record_of(connection_row(account_no)).asked is not None


def give_details(visitor: Visitor, details: Details) -> StepTwoAnswer:
    """Step two: keep who it is, with the consents of this moment, and send what proves it."""
    password_hash = _password_hash(visitor, details)
    with transaction():
        registration = registration_of(visitor.session_hash, now())
        if registration is None or registration.is_done:
            return StepTwoAnswer(StepTwo.LOST)
        registration.password_hash = password_hash
        connection = connection_row(registration.account_no or "")
        on_record = on_record_of(connection)
        mobile = details.mobile if registration.both_given else on_record.asked
        channel = Channel.OTP
        if registration.both_given:
            refused = _refused(details, on_record)
            if refused is not None:
                return StepTwoAnswer(refused)
            channel = activation_channel(mobile, details.email, on_record) or Channel.EMAIL
            if channel is Channel.EMAIL and not registration.password_hash:
                return StepTwoAnswer(StepTwo.PASSWORD_REQUIRED)
        elif details.user_name and is_user_name_taken(details.user_name):
            return StepTwoAnswer(StepTwo.USER_NAME_TAKEN)
        _keep(registration, visitor, details)
        registration.mobile, registration.channel = mobile, channel.value
        if channel is Channel.EMAIL:
            return _send_link(registration, on_record.email or details.email or "")
        sent = _send(visitor, registration)
        if not sent.ok and live_otp(Unlocks(*registration.unlocks), now()) is None:
            return StepTwoAnswer(StepTwo.TOO_OFTEN, sent.retry_after)
        return StepTwoAnswer(StepTwo.OTP_SENT)


def _password_hash(visitor: Visitor, details: Details) -> str | None:
    """The hash of the password that was typed, else of the one that is kept, unless that is what all know by now."""
    if details.password:
        return passwords.hashed(details.password)
    with reading():
        registration = registration_of(visitor.session_hash, now())
        kept = registration.password_hash if registration else None
    known = [details.mobile, details.user_name, details.email, (details.email or "").partition("@")[0]]
    tried = (passwords.is_right(word, kept) for word in known if kept and word and len(word) >= SHORTEST)
    return None if any(tried) else kept


def keep_password(visitor: Visitor, password: str) -> None:
    """Keep a password that may be used, though something beside it has to be put right: no page can show it again."""
    password_hash = passwords.hashed(password)
    with transaction():
        registration = registration_of(visitor.session_hash, now())
        if registration is not None and not registration.is_done:
            registration.password_hash = password_hash


def resend(visitor: Visitor) -> Sent | None:
    """Send the code once more, within the limits; None when no registration is under way."""
    with transaction():
        registration = registration_of(visitor.session_hash, now())
        if registration is None or registration.channel != Channel.OTP:
            return None
        return _send(visitor, registration)


def _refused(details: Details, on_record: OnRecord) -> StepTwo | None:
    """What stands against these details of a known connection."""
    if details.user_name and is_user_name_taken(details.user_name):
        return StepTwo.USER_NAME_TAKEN
    if details.mobile is None and on_record.asked is not None:
        return StepTwo.MOBILE_REQUIRED
    if activation_channel(details.mobile, details.email, on_record) is None:
        return StepTwo.ADDRESS_REQUIRED
    return None


def _keep(registration: Registration, visitor: Visitor, details: Details) -> None:
    registration.email = details.email
    registration.user_name = details.user_name
    registration.sms_alerts = details.sms_alerts
    registration.email_alerts = details.email_alerts
    registration.terms_version = TERMS_VERSION
    registration.privacy_version = PRIVACY_VERSION
    registration.consented_at = now()
    registration.language = visitor.language


def _send(visitor: Visitor, registration: Registration) -> Sent:
    """Send the OTP, or do the same work towards nobody where nobody may get one.

    One number only: an SMS goes out only when the connection exists, has a mobile on record and nobody registered
    it; who did gets "you are registered". Limits count the same either way, so that they tell nothing.
    """
    captchas.count_code(visitor)
    owner = active_consumer(registration.account_no or "", now())
    mobile, notice, silently = registration.mobile, "registration_otp", registration.counted_silently_as
    if owner is not None and not registration.both_given:
        mobile, notice = owner.mobile or mobile, "already_registered"
        silently = mobile or silently
    return send_otp(
        Unlocks(*registration.unlocks),
        notice,
        Recipient(registration.language, mobile),
        SendLimits(registration.counted_as, visitor.address, silently, device=visitor.session_hash),
    )


def _send_link(registration: Registration, email: str) -> StepTwoAnswer:
    """Send the link that activates where no mobile is on record (RAPDRP procedure)."""
    # A link that went elsewhere before proves nothing: it is bound to its address.
    end_tokens("activate", links.subject_of_registration(registration.id, email), now())
    spent = limits.spend(Limit.ACTIVATION_MAIL, email)
    if not spent.allowed:
        return StepTwoAnswer(StepTwo.TOO_OFTEN, spent.retry_after)
    registration.expires_at = now() + ACTIVATION_LIFE
    subject = links.subject_of_registration(registration.id, email)
    token = links.new_link("activate", subject, ACTIVATION_LIFE)
    queue_notice("activation", Recipient(registration.language, email=email), {"path": f"/activate/{token}"})
    return StepTwoAnswer(StepTwo.LINK_SENT)
