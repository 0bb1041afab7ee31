"""One-time passwords: rate limits for sending and for attempts, each per requester; a right code is accepted once."""

import secrets

from wss import vault
from wss.clock import now
from wss.domain.identifiers import normalise_digits
from wss.domain.otp import LIFE, OtpOutcome, OtpPurpose, OtpRequester, OtpResult, OtpSending
from wss.domain.rate_limits import Limit
from wss.models import Otp
from wss.queries.codes import add_otp, count_attempts, live_otps, use_otp
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.otp_shares import OtpShare, take_share
from wss.services.shared import rate_limits
from wss.services.shared.login_failures import FailureKind, note_failure
from wss.services.shared.sms_budget import consume_budget, count_code_request

_REFERENCES = 10**8
_COUNTERS = 2**62


def send_otp(unlocks: OtpPurpose, notice: str, recipient: Recipient, asker: OtpRequester) -> OtpSending:
    """Count a request for a new OTP and send it; a refused request sends nothing and changes nothing."""
    counted = count_code_request(asker)
    return send_counted(unlocks, notice, recipient, asker) if counted.ok else counted


def send_counted(
    unlocks: OtpPurpose, notice: str, recipient: Recipient, asker: OtpRequester, share: OtpShare | None = None
) -> OtpSending:
    """Send a new OTP whose request is counted already, unless a limit of the mobile or of the day is reached.

    A browser does not see that refusal: the code is withheld with the same work, as where there is no mobile to
    send it to. An employee sees it. A caller that sends two codes at once has taken the `share` of each mobile
    before.
    """
    share = share or take_share(asker, recipient.mobile)
    if asker.employee and not share.is_granted:
        return OtpSending(False, share.retry_after)
    asked = consume_budget(asker, recipient.mobile, withhold=not share.is_granted)
    if asked.refused is not None:
        return asked.refused
    otp = new_otp(unlocks, asker, is_sent=not asked.withhold)
    otp.is_held_back = bool(recipient.mobile) and not share.is_granted
    [otp.message_id] = queue_notice(notice, recipient, code_values(otp), withhold=asked.withhold)
    add_otp(otp)
    return OtpSending(True)


def try_otp(unlocks: OtpPurpose, asker: OtpRequester, typed: str) -> OtpResult:
    """Check a code. Each attempt is counted first: for the requester, the network, and the code.

    A later code that was withheld does not replace one that was sent: the sent one stays valid. Whether a code is
    exhausted by wrong attempts depends on the newest code alone, so that it does not reveal which codes were sent.
    """
    counts = (Limit.OTP_WRONG_DAY, asker.key), (Limit.OTP_WRONG_ADDRESS, asker.sender)
    limit_result = rate_limits.consume_all(counts)
    if not limit_result.allowed:
        return OtpResult(OtpOutcome.STOPPED, limit_result.retry_after)
    live = live_otps(unlocks, asker.key, now())
    newest = live[0] if live else None
    otp = next((one for one in live if one.is_sent), newest)
    counted = count_attempts({one.id for one in (newest, otp) if one is not None})
    is_right = otp is not None and vault.is_otp_code(normalise_digits(typed), otp.counter)
    # A withheld code proves nothing: otherwise every new browser would have five guesses at a code that was never
    # sent.
    may_prove = otp is not None and otp.is_sent and otp.id in counted
    if otp is not None and may_prove and is_right and use_otp(otp.id, now()):
        rate_limits.give_all_back(counts)
        return OtpResult(OtpOutcome.RIGHT)
    if newest is not None and newest.id not in counted:
        # The code is exhausted, so this was no attempt.
        rate_limits.give_all_back(counts)
        wait = rate_limits.peek(Limit.OTP_ASK_GAP, asker.request_key).retry_after
        return OtpResult(OtpOutcome.STOPPED, max(1, wait))
    note_failure(FailureKind.OTP)
    return OtpResult(OtpOutcome.WRONG)


def code_values(otp: Otp) -> dict[str, str]:
    """Return the values for the text of a message with this OTP."""
    return {"otp": vault.otp_code(otp.counter), "reference_no": otp.reference_no}


def new_otp(unlocks: OtpPurpose, asker: OtpRequester, *, is_sent: bool) -> Otp:
    """Create a new OTP; once it is stored, the previous one of the same subject can no longer be tried."""
    at = now()
    return Otp(
        reference_no=f"{secrets.randbelow(_REFERENCES):08d}",
        purpose=unlocks.purpose,
        mobile=unlocks.mobile,
        subject=unlocks.subject,
        asker=asker.key,
        is_sent=is_sent,
        counter=secrets.randbelow(_COUNTERS),
        created_at=at,
        expires_at=at + LIFE,
    )
