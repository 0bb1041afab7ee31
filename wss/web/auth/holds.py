"""The page about a registration on hold: until when, and whether an OTP was sent to the old number."""

from typing import Any

from wss import clock
from wss.domain.masking import masked_mobile
from wss.domain.otp import OtpPurpose
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Otp
from wss.queries.codes import latest_otp
from wss.queries.consumers import holds_of
from wss.queries.drafts import held_drafts
from wss.queries.reference import reference
from wss.services.registration.activation import HOLD_PURPOSE, hold_mobile
from wss.services.requests.held_requests import SUBMIT_AUTOMATICALLY
from wss.web.access import cookie
from wss.web.labels.requests import localized_name
from wss.web.otp_page import sms_progress_of


def hold_context(consumer_id: int) -> dict[str, Any]:
    """Return the hold that ends last, its old number masked, and the OTP that was sent there."""
    holds = holds_of(consumer_id, clock.now())
    if not holds:
        return {
            "held_until": None,
            "old_mobile": "",
            "reference_no": "",
            "wait": 0,
            "sms_progress": None,
            "drafts": [],
        }
    asked = hold_mobile(consumer_id)
    otp = latest_otp(OtpPurpose(HOLD_PURPOSE, f"ownership:{holds[0].id}", asked or ""), cookie().id_hash)
    return {
        "held_until": holds[0].held_until,
        "old_mobile": masked_mobile(asked),
        "reference_no": otp.reference_no if otp else "",
        "wait": seconds_to_resend(otp),
        "sms_progress": sms_progress_of(otp, may_show=True),
        "drafts": _held_drafts(holds[0].account_no, consumer_id),
    }


def _held_drafts(account_no: str, consumer_id: int) -> list[tuple[str, str, bool]]:
    """Return the requests written during the hold: kind, its name, and whether it is sent automatically afterwards."""
    kinds = reference().kinds
    return [
        (draft.kind, localized_name(kinds[draft.kind]), bool(draft.fields.get(SUBMIT_AUTOMATICALLY)))
        for draft in held_drafts(account_no, consumer_id)
        if draft.kind in kinds
    ]


def seconds_to_resend(otp: Otp | None) -> int:
    """Return the seconds until another OTP can be requested."""
    if otp is None:
        return 0
    resend_delay = ALLOWANCES[Limit.OTP_ASK_GAP].within
    return max(0, round((otp.created_at + resend_delay - clock.now()).total_seconds()))
