"""Shares of the codes that a mobile gets: for browsers unknown to it, for known ones, and for help-desk calls."""

from dataclasses import dataclass

from wss.domain.otp import OtpRequester
from wss.domain.rate_limits import Limit
from wss.queries.consumers import consumers_with_mobile
from wss.services.shared import rate_limits

_COMMON = Limit.OTP_SEND_GAP, Limit.OTP_SEND_SHORT, Limit.OTP_SEND_DAY
_OF_KNOWN = Limit.OTP_SEND_KNOWN_GAP, Limit.OTP_SEND_KNOWN_DAY
_OF_CALLS = Limit.OTP_SEND_CALL_GAP, Limit.OTP_SEND_CALL_DAY


@dataclass(frozen=True, slots=True)
class OtpShare:
    """Whether a mobile's codes leave one for this requester; if not, the seconds that an employee has to wait."""

    is_granted: bool
    retry_after: int = 0


def take_share(asker: OtpRequester, mobile: str | None) -> OtpShare:
    """Consume one of the codes that a mobile may get.

    A browser that the mobile does not know takes from the six that all of those have together, and at most its part.
    A known one does so as well, and when those are used up takes from those that are kept for known browsers, of which
    each gets at most its part: one that is in other hands leaves the rest to the owner's. A call has its own alone.
    """
    subject = mobile or f"nobody {asker.request_key}"
    if asker.employee:
        return _of_call(asker, subject)
    counted_as = known_as(asker, mobile or "")
    is_known = counted_as is not None
    part = _unlimited_count(asker) if is_known else (Limit.OTP_SEND_PART, f"{asker.part} {subject}")
    has_common = rate_limits.consume_all_silently([part, *((limit, subject) for limit in _COMMON)], subject)
    may_reserve = is_known and not has_common
    kept = [
        (Limit.OTP_SEND_KNOWN_PART, f"{counted_as} {subject}"),
        *((limit, subject) for limit in _OF_KNOWN),
    ]
    reserve = kept if may_reserve else [_unlimited_count(asker, limit) for limit, _subject in kept]
    return OtpShare((rate_limits.consume_all_silently(reserve, subject) and may_reserve) or has_common)


def take_shares(asker: OtpRequester, *mobiles: str | None) -> list[OtpShare]:
    """Consume one code of each mobile, always in the same order: two transactions never wait for each other."""
    order = sorted(range(len(mobiles)), key=lambda place: mobiles[place] or "")
    taken = {place: take_share(asker, mobiles[place]) for place in order}
    return [taken[place] for place in range(len(mobiles))]


def known_as(asker: OtpRequester, mobile: str) -> str | None:
    """Return what this browser counts as where it is known to the mobile: its consumer has signed in here before, or
    who holds it has opened its link here. None where it is not. The same statements for every mobile."""
    owners = consumers_with_mobile(mobile)
    has_mark = not rate_limits.peek(Limit.PHONE_KNOWN, _mark(asker.key, mobile, owners)).allowed
    if has_mark:
        return f"link {asker.key}"
    return next((f"browser {asker.trusted[owner]}" for owner in owners if owner in asker.trusted), None)


def known_browser_key(key: str, mobile: str) -> str:
    """Return the key under which a browser is stored as known to a mobile. Forgetting the known browsers of its
    consumer invalidates the key as well."""
    return _mark(key, mobile, consumers_with_mobile(mobile))


def _mark(key: str, mobile: str, owners: dict[int, int]) -> str:
    return f"{key} {mobile} {sum(owners.values())}"


def _of_call(asker: OtpRequester, mobile: str) -> OtpShare:
    part = Limit.OTP_SEND_PART, f"{asker.part} {mobile}"
    limit_result = rate_limits.consume_all([part, *((limit, mobile) for limit in _OF_CALLS)])
    return OtpShare(limit_result.allowed, limit_result.retry_after)


def _unlimited_count(asker: OtpRequester, of: str = "") -> tuple[Limit, str]:
    return Limit.SEND_NOTHING, f"{asker.key} {of}"
