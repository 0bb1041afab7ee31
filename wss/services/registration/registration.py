"""Step one and two of a registration: which connection, then who; up to the OTP."""

from dataclasses import dataclass
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.captcha import CaptchaAnswer
from wss.domain.otp import OtpPurpose, OtpSending, asker_of
from wss.domain.ownership import (
    LAST_BILLS,
    ActivationChannel,
    OnRecord,
    activation_channel,
    is_among_last,
)
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Connection, Registration
from wss.queries.codes import live_otps
from wss.queries.consumers import active_consumer, connection_row, is_user_name_taken
from wss.queries.registrations import (
    account_of_bill,
    latest_bill_numbers,
    registration_of,
)
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_counted
from wss.services.registration import _user_name_checks
from wss.services.registration._activation_letters import count_letter, send_letter
from wss.services.registration._registration_start import TypedNumbers, count_begun, keep_begun
from wss.services.registration.ownership import on_record_of
from wss.services.registration.pending_details import RegistrationDetails, keep_details, password_to_keep
from wss.services.shared import captchas, links, rate_limits
from wss.services.shared.identity_proof import count_miss, count_numbers, forget_numbers, tried_with
from wss.services.shared.password_hashes import new_password
from wss.services.shared.sms_budget import count_ask

REGISTER_LINK = "register"


class StepOneOutcome(StrEnum):
    """How step one ended; all but GO_ON leave the visitor there."""

    GO_ON = "go_on"
    NO_MATCH = "no_match"
    WRONG_CAPTCHA = "wrong_captcha"
    TOO_OFTEN = "too_often"
    ALREADY_REGISTERED = "already_registered"


@dataclass(frozen=True, slots=True)
class StepOneResult:
    """The outcome of step one; when too often, in how many seconds one may try again."""

    outcome: StepOneOutcome
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class StepOneInput:
    """What was typed in step one, well-formed or empty, with the captcha when one was asked."""

    account_no: str = ""
    bill_no: str = ""
    captcha_id: str = ""
    captcha: str = ""


class StepTwoOutcome(StrEnum):
    """How step two ended; all but the first two are errors at a field."""

    OTP_SENT = "otp_sent"
    LINK_SENT = "link_sent"
    LOST = "lost"
    MOBILE_REQUIRED = "mobile_required"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105 the name of an outcome
    ADDRESS_REQUIRED = "address_required"
    USER_NAME_TAKEN = "user_name_taken"
    USER_NAMES_TOO_OFTEN = "user_names_too_often"
    WRONG_CAPTCHA = "wrong_captcha"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class StepTwoResult:
    """The outcome of step two; when too often, in how many seconds a code can be sent."""

    outcome: StepTwoOutcome
    retry_after: int = 0


def captcha_is_due(visitor: Visitor) -> bool:
    """Whether this browser has to solve one before it may name a connection and have a code sent."""
    return captchas.is_due(visitor)


def name_connection(visitor: Visitor, numbers: StepOneInput) -> StepOneResult:
    """Step one. With both numbers they must fit; with one it always goes on, and shows nothing."""
    with transaction():
        solved = CaptchaAnswer(numbers.captcha_id, numbers.captcha)
        if captchas.is_missing(visitor, solved, *tried_with(numbers.account_no, numbers.bill_no)):
            return StepOneResult(StepOneOutcome.WRONG_CAPTCHA)
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
        keep_begun(visitor, account_no, TypedNumbers(account_no), both_given=True)
        return True


def _both(visitor: Visitor, numbers: StepOneInput) -> StepOneResult:
    """Account and bill together. The try is counted before it is looked at, and given back when it fits."""
    spent = count_numbers(visitor, numbers.account_no)
    if not spent.allowed:
        return StepOneResult(StepOneOutcome.TOO_OFTEN, spent.retry_after)
    # The same two statements whether or not the account exists.
    latest = latest_bill_numbers(numbers.account_no, LAST_BILLS)
    owner = active_consumer(numbers.account_no, now())
    if not is_among_last(numbers.bill_no, latest):
        rate_limits.spend(Limit.STEP_ONE_MISSES, visitor.session_hash)
        count_miss(numbers.account_no)
        return StepOneResult(StepOneOutcome.NO_MATCH)
    forget_numbers(visitor, numbers.account_no)
    if owner is not None:
        return StepOneResult(StepOneOutcome.ALREADY_REGISTERED)
    return _begin(visitor, numbers, numbers.account_no, both_given=True)


def _connection_of_one(numbers: StepOneInput) -> Connection | None:
    """The connection that a single number names; the same statements whether or not there is one."""
    account_no = numbers.account_no or account_of_bill(numbers.bill_no) or ""
    return connection_row(account_no)


def _begin(
    visitor: Visitor, numbers: StepOneInput, account_no: str | None, *, both_given: bool
) -> StepOneResult:
    """Go on, unless this browser or its network begins too many."""
    spent = count_begun(visitor)
    if not spent.allowed:
        return StepOneResult(StepOneOutcome.TOO_OFTEN, spent.retry_after)
    keep_begun(visitor, account_no, TypedNumbers(numbers.account_no, numbers.bill_no), both_given=both_given)
    return StepOneResult(StepOneOutcome.GO_ON)


def has_protecting_mobile(account_no: str) -> bool:
    """Whether a mobile protects this connection, so that who registers it needs one."""
    return on_record_of(connection_row(account_no)).asked is not None


def give_details(visitor: Visitor, details: RegistrationDetails) -> StepTwoResult:
    """Step two: keep who it is, with the consents of this moment, and send what proves it."""
    with transaction():
        if _under_way(visitor) is None:
            return StepTwoResult(StepTwoOutcome.LOST)
        # Before the password costs its hash.
        asked = (
            _user_name_checks.ask(visitor, details.solved) if details.user_name else _user_name_checks.MAY_ASK
        )
    if asked.refused is not None:
        return StepTwoResult(StepTwoOutcome(asked.refused), asked.retry_after)
    password = password_to_keep(visitor, details)
    if password.retry_after:
        return StepTwoResult(StepTwoOutcome.TOO_OFTEN, password.retry_after)
    with transaction():
        registration = _under_way(visitor)
        if registration is None:
            return StepTwoResult(StepTwoOutcome.LOST)
        registration.password_hash = password.hash
        connection = connection_row(registration.account_no or "")
        on_record = on_record_of(connection)
        mobile = details.mobile if registration.both_given else on_record.asked
        channel = _channel(registration, details, on_record, mobile)
        if isinstance(channel, StepTwoOutcome):
            return StepTwoResult(channel)
        address = on_record.email or details.email or ""
        counted = _count_proof(
            visitor, registration, channel, address if channel is ActivationChannel.EMAIL else mobile or ""
        )
        if counted is not None and not counted.ok:
            return StepTwoResult(StepTwoOutcome.TOO_OFTEN, counted.retry_after)
        keep_details(registration, visitor, details)
        registration.mobile, registration.channel = mobile, channel.value
        if channel is ActivationChannel.EMAIL:
            send_letter(registration, address)
            return StepTwoResult(StepTwoOutcome.LINK_SENT)
        if counted is not None:
            _send(visitor, registration)
        return StepTwoResult(StepTwoOutcome.OTP_SENT)


def _channel(
    registration: Registration, details: RegistrationDetails, on_record: OnRecord, mobile: str | None
) -> ActivationChannel | StepTwoOutcome:
    """By what it is proved, or why it cannot be."""
    if not registration.both_given:
        is_taken = bool(details.user_name) and is_user_name_taken(details.user_name or "")
        return StepTwoOutcome.USER_NAME_TAKEN if is_taken else ActivationChannel.OTP
    refused = _refused(details, on_record)
    if refused is not None:
        return refused
    channel = activation_channel(mobile, details.email, on_record) or ActivationChannel.EMAIL
    needs_password = channel is ActivationChannel.EMAIL and not registration.password_hash
    return StepTwoOutcome.PASSWORD_REQUIRED if needs_password else channel


def _count_proof(
    visitor: Visitor, registration: Registration, channel: ActivationChannel, to: str
) -> OtpSending | None:
    """Count one more code or link; None where a refused ask leaves a code of this browser that still works, as what is
    refused changes nothing."""
    if channel is ActivationChannel.EMAIL:
        return count_letter(visitor, to)
    asker = asker_of(visitor, registration.typed(to or None))
    counted = count_ask(asker)
    unlocks = OtpPurpose(*registration.unlocks_for(to or None))
    return None if not counted.ok and live_otps(unlocks, asker.key, now()) else counted


def names_take_a_captcha(visitor: Visitor) -> bool:
    """Whether so many user names were asked for from here that the next one takes a captcha."""
    return _user_name_checks.take_a_captcha(visitor)


def _under_way(visitor: Visitor) -> Registration | None:
    registration = registration_of(visitor.session_hash, now())
    return None if registration is None or registration.is_done else registration


def keep_password(visitor: Visitor, password: str) -> None:
    """Keep a password that may be used, though something beside it has to be put right: no page can show it again."""
    new = new_password(visitor, password)
    with transaction():
        registration = _under_way(visitor)
        if registration is not None and new.hash:
            registration.password_hash = new.hash


def resend(visitor: Visitor) -> OtpSending | None:
    """Send the code once more, within the limits; None when no registration is under way."""
    with transaction():
        registration = registration_of(visitor.session_hash, now())
        if registration is None or registration.channel != ActivationChannel.OTP:
            return None
        counted = count_ask(asker_of(visitor, registration.typed(registration.mobile)))
        return _send(visitor, registration) if counted.ok else counted


def _refused(details: RegistrationDetails, on_record: OnRecord) -> StepTwoOutcome | None:
    """What stands against these details of a known connection."""
    if details.user_name and is_user_name_taken(details.user_name):
        return StepTwoOutcome.USER_NAME_TAKEN
    if details.mobile is None and on_record.asked is not None:
        return StepTwoOutcome.MOBILE_REQUIRED
    if activation_channel(details.mobile, details.email, on_record) is None:
        return StepTwoOutcome.ADDRESS_REQUIRED
    return None


def _send(visitor: Visitor, registration: Registration) -> OtpSending:
    """Send the OTP, or do the same work towards nobody where nobody may get one.

    One number only: an SMS goes out only when the connection exists, has a mobile on record and nobody registered
    it; who did gets "you are registered". Limits count the same either way, so that they tell nothing.
    """
    captchas.count_code(visitor)
    owner = active_consumer(registration.account_no or "", now())
    mobile, notice = registration.mobile, "registration_otp"
    if owner is not None and not registration.both_given:
        mobile, notice = owner.mobile or mobile, "already_registered"
    return send_counted(
        OtpPurpose(*registration.unlocks),
        notice,
        Recipient(registration.language, mobile),
        asker_of(visitor, registration.typed(registration.mobile)),
    )
