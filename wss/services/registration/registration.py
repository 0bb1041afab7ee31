"""Steps one and two of a registration: which connection, then which person, up to the OTP."""

from wss.clock import now
from wss.db import transaction
from wss.domain.captcha import CaptchaAnswer
from wss.domain.otp import OtpPurpose, OtpSending, requester_of
from wss.domain.ownership import (
    LAST_BILLS,
    ActivationChannel,
    RecordedContacts,
    activation_channel,
    is_among_last,
)
from wss.domain.rate_limits import Limit
from wss.domain.visitor import Visitor
from wss.models import Connection, Registration
from wss.queries.codes import live_otps
from wss.queries.consumers import active_consumer, connection_row, is_user_name_taken
from wss.queries.registrations import account_of_bill, latest_bill_numbers, registration_of
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_counted
from wss.services.registration import _user_name_checks
from wss.services.registration._activation_letters import count_letter, send_letter
from wss.services.registration._registration_start import TypedNumbers, count_begun, store_registration
from wss.services.registration.ownership import on_record_of
from wss.services.registration.pending_details import RegistrationDetails, keep_details, password_to_keep
from wss.services.registration.step_results import (
    StepOneInput,
    StepOneOutcome,
    StepOneResult,
    StepTwoOutcome,
    StepTwoResult,
)
from wss.services.shared import captchas, links, rate_limits
from wss.services.shared.identity_proof import captcha_counts, count_miss, count_numbers, forget_numbers
from wss.services.shared.password_hashes import new_password
from wss.services.shared.sms_budget import count_code_request

REGISTER_LINK = "register"


def captcha_is_due(visitor: Visitor) -> bool:
    """Return whether this browser must solve a captcha before it names a connection and gets a code sent."""
    return captchas.is_due(visitor)


def name_connection(visitor: Visitor, numbers: StepOneInput) -> StepOneResult:
    """Carry out step one. Two numbers must fit each other; with one number it always continues and reveals nothing."""
    with transaction():
        solved = CaptchaAnswer(numbers.captcha_id, numbers.captcha)
        if captchas.is_missing(visitor, solved, *captcha_counts(numbers.account_no, numbers.bill_no)):
            return StepOneResult(StepOneOutcome.WRONG_CAPTCHA)
        if numbers.account_no and numbers.bill_no:
            return _both(visitor, numbers)
        connection = _connection_of_one(numbers)
        return _begin(visitor, numbers, connection.account_no if connection else None, both_given=False)


def is_register_link_valid(token: str) -> bool:
    """Return whether a link of the help-desk leads to a connection, without using it."""
    subject = links.peek_link(token, REGISTER_LINK) or ""
    return connection_row(subject.partition(":")[2]) is not None


def begin_by_link(visitor: Visitor, token: str) -> bool:
    """Continue a registration that the help-desk began, with the link that it sent: step two, as with both
    numbers. Return False for an invalid link, or once the connection is registered."""
    with transaction():
        subject = links.peek_link(token, REGISTER_LINK)
        account_no = subject.partition(":")[2] if subject else ""
        if connection_row(account_no) is None or active_consumer(account_no, now()) is not None:
            return False
        if links.consume_link(token, REGISTER_LINK) is None:
            return False
        store_registration(visitor, account_no, TypedNumbers(account_no), both_given=True)
        return True


def _both(visitor: Visitor, numbers: StepOneInput) -> StepOneResult:
    """Check account and bill together. The attempt is counted before the check and given back when they fit."""
    limit_result = count_numbers(visitor, numbers.account_no)
    if not limit_result.allowed:
        return StepOneResult(StepOneOutcome.TOO_OFTEN, limit_result.retry_after)
    # The same two statements run whether or not the account exists.
    latest = latest_bill_numbers(numbers.account_no, LAST_BILLS)
    owner = active_consumer(numbers.account_no, now())
    if not is_among_last(numbers.bill_no, latest):
        rate_limits.consume(Limit.STEP_ONE_MISSES, visitor.session_hash)
        count_miss(numbers.account_no)
        return StepOneResult(StepOneOutcome.NO_MATCH)
    forget_numbers(visitor, numbers.account_no)
    if owner is not None:
        return StepOneResult(StepOneOutcome.ALREADY_REGISTERED)
    return _begin(visitor, numbers, numbers.account_no, both_given=True)


def _connection_of_one(numbers: StepOneInput) -> Connection | None:
    """Return the connection that a single number names; the same statements run whether or not there is one."""
    account_no = numbers.account_no or account_of_bill(numbers.bill_no) or ""
    return connection_row(account_no)


def _begin(
    visitor: Visitor, numbers: StepOneInput, account_no: str | None, *, both_given: bool
) -> StepOneResult:
    """Begin the registration, unless this browser or its network begins too many."""
    limit_result = count_begun(visitor)
    if not limit_result.allowed:
        return StepOneResult(StepOneOutcome.TOO_OFTEN, limit_result.retry_after)
    store_registration(
        visitor, account_no, TypedNumbers(numbers.account_no, numbers.bill_no), both_given=both_given
    )
    return StepOneResult(StepOneOutcome.STARTED)


def has_protecting_mobile(account_no: str) -> bool:
    """Return whether a mobile protects this connection, so that a registration needs a mobile."""
    return on_record_of(connection_row(account_no)).asked is not None


def missing_detail(registration: Registration, details: RegistrationDetails) -> StepTwoOutcome | None:
    """Return what a form with other errors lacks as well, so that all errors are shown together."""
    if not registration.both_given:
        return None
    has_password = bool(details.password or registration.password_hash)
    return _missing(
        details, on_record_of(connection_row(registration.account_no or "")), has_password=has_password
    )


def give_details(visitor: Visitor, details: RegistrationDetails) -> StepTwoResult:
    """Carry out step two: store the person's details with the consents given now, and send the proof."""
    with transaction():
        if _under_way(visitor) is None:
            return StepTwoResult(StepTwoOutcome.LOST)
        # Checked before the password is hashed, which is expensive.
        asked = (
            _user_name_checks.count_check(visitor, details.solved)
            if details.user_name
            else _user_name_checks.ALLOWED
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
    registration: Registration, details: RegistrationDetails, on_record: RecordedContacts, mobile: str | None
) -> ActivationChannel | StepTwoOutcome:
    """Return the channel of the proof, or the outcome that explains why there is none."""
    if not registration.both_given:
        is_taken = bool(details.user_name) and is_user_name_taken(details.user_name or "")
        return StepTwoOutcome.USER_NAME_TAKEN if is_taken else ActivationChannel.OTP
    if details.user_name and is_user_name_taken(details.user_name):
        return StepTwoOutcome.USER_NAME_TAKEN
    missing = _missing(details, on_record, has_password=bool(registration.password_hash))
    return missing or activation_channel(mobile, details.email, on_record) or ActivationChannel.EMAIL


def _count_proof(
    visitor: Visitor, registration: Registration, channel: ActivationChannel, to: str
) -> OtpSending | None:
    """Count one more code or link; None where the request is refused but a code of this browser is still valid, as
    a refused request changes nothing."""
    if channel is ActivationChannel.EMAIL:
        return count_letter(visitor, to)
    asker = requester_of(visitor, registration.typed(to or None))
    counted = count_code_request(asker)
    unlocks = OtpPurpose(*registration.unlocks_for(to or None))
    return None if not counted.ok and live_otps(unlocks, asker.key, now()) else counted


def names_require_captcha(visitor: Visitor) -> bool:
    """Return whether so many user names were tried from here that the next one requires a captcha."""
    return _user_name_checks.requires_captcha(visitor)


def _under_way(visitor: Visitor) -> Registration | None:
    registration = registration_of(visitor.session_hash, now())
    return None if registration is None or registration.is_done else registration


def keep_password(visitor: Visitor, password: str) -> None:
    """Store an acceptable password although another field is wrong, as no page can show the password again."""
    new = new_password(visitor, password)
    with transaction():
        registration = _under_way(visitor)
        if registration is not None and new.hash:
            registration.password_hash = new.hash


def resend(visitor: Visitor) -> OtpSending | None:
    """Resend the code, within the limits; None when no registration is under way."""
    with transaction():
        registration = registration_of(visitor.session_hash, now())
        if registration is None or registration.channel != ActivationChannel.OTP:
            return None
        counted = count_code_request(requester_of(visitor, registration.typed(registration.mobile)))
        return _send(visitor, registration) if counted.ok else counted


def _missing(
    details: RegistrationDetails, on_record: RecordedContacts, *, has_password: bool
) -> StepTwoOutcome | None:
    """Return what these details of a known connection lack for a proof, if anything."""
    if details.mobile is None and on_record.asked is not None:
        return StepTwoOutcome.MOBILE_REQUIRED
    channel = activation_channel(details.mobile, details.email, on_record)
    if channel is None:
        return StepTwoOutcome.ADDRESS_REQUIRED
    needs_password = channel is ActivationChannel.EMAIL and not has_password
    return StepTwoOutcome.PASSWORD_REQUIRED if needs_password else None


def _send(visitor: Visitor, registration: Registration) -> OtpSending:
    """Send the OTP, or do the same work without a recipient where no one may get one.

    With one number only, an SMS is sent only when the connection exists, has a mobile on record and is not
    registered; a registered consumer gets "you are registered". The limits count the same either way, so that they
    reveal nothing.
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
        requester_of(visitor, registration.typed(registration.mobile)),
    )
