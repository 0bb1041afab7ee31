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

    Without a mobile the same counts run for a subject of no mobile.

    A browser unknown to the mobile consumes from the six codes that all such browsers share, and at most its own
    part of them. A known browser does so as well, and has a reserve when those are used up. A call has only its
    own share.
    """
    subject = mobile or f"nobody {asker.asks}"
    if asker.employee:
        return _of_call(asker, subject)
    is_known = knows(asker, mobile or "")
    part = _nothing(asker) if is_known else (Limit.OTP_SEND_PART, f"{asker.part} {subject}")
    has_common = rate_limits.all_fit([part, *((limit, subject) for limit in _COMMON)], subject)
    may_reserve = is_known and not has_common
    reserve = [(limit, subject) if may_reserve else _nothing(asker, limit) for limit in _OF_KNOWN]
    return OtpShare((rate_limits.all_fit(reserve, subject) and may_reserve) or has_common)


def take_shares(asker: OtpRequester, *mobiles: str | None) -> list[OtpShare]:
    """Consume one code of each mobile, always in the same order: two transactions never wait for each other."""
    order = sorted(range(len(mobiles)), key=lambda place: mobiles[place] or "")
    taken = {place: take_share(asker, mobiles[place]) for place in order}
    return [taken[place] for place in range(len(mobiles))]


def knows(asker: OtpRequester, mobile: str) -> bool:
    """Return whether this browser is known to the mobile: its consumer has logged in here before, or its holder
    has opened a phone link here. The same statements run for every mobile."""
    owners = consumers_with_mobile(mobile)
    has_mark = not rate_limits.standing(Limit.PHONE_KNOWN, _mark(asker.key, mobile, owners)).allowed
    return has_mark or any(owner in asker.trusted for owner in owners)


def mark_of(key: str, mobile: str) -> str:
    """Return the key under which a browser is stored as known to a mobile. Forgetting the known browsers of its
    consumer invalidates the key as well."""
    return _mark(key, mobile, consumers_with_mobile(mobile))


def _mark(key: str, mobile: str, owners: dict[int, int]) -> str:
    return f"{key} {mobile} {sum(owners.values())}"


def _of_call(asker: OtpRequester, mobile: str) -> OtpShare:
    part = Limit.OTP_SEND_PART, f"{asker.part} {mobile}"
    spent = rate_limits.spend_all([part, *((limit, mobile) for limit in _OF_CALLS)])
    return OtpShare(spent.allowed, spent.retry_after)


def _nothing(asker: OtpRequester, of: str = "") -> tuple[Limit, str]:
    return Limit.SEND_NOTHING, f"{asker.key} {of}"
