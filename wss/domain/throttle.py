"""How often something may happen: one table of limits, per what, how many, in how long."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address


class Limit(StrEnum):
    """Every limit of the house; the table below gives each its numbers."""

    OTP_WRONG = "otp_wrong"
    OTP_WRONG_DAY = "otp_wrong_day"
    OTP_SEND_GAP = "otp_send_gap"
    OTP_SEND_SHORT = "otp_send_short"
    OTP_SEND_DAY = "otp_send_day"
    OTP_SEND_ADDRESS = "otp_send_address"
    OTP_SEND_EMPLOYEE = "otp_send_employee"
    OTP_SEND_DEVICE = "otp_send_device"
    OTP_SEND_DEVICE_TIGHT = "otp_send_device_tight"
    OTP_SEND_BUDGET = "otp_send_budget"
    OTP_SEND_UNKNOWN = "otp_send_unknown"
    OTP_SEND_SERIES = "otp_send_series"
    SEND_NOTHING = "send_nothing"
    NOTICE_DAY = "notice_day"
    PUMPING = "pumping"
    ALARM = "alarm"
    SIGN_IN_ACCOUNT = "sign_in_account"
    SIGN_IN_ADDRESS = "sign_in_address"
    STEP_ONE_ACCOUNT = "step_one_account"
    STEP_ONE_ADDRESS = "step_one_address"
    PROVE_ACCOUNT = "prove_account"
    BEGIN_BROWSER = "begin_browser"
    BEGIN_ADDRESS = "begin_address"
    ONE_NUMBER_BROWSER = "one_number_browser"
    ONE_NUMBER_ADDRESS = "one_number_address"
    ONE_NUMBER_ALL = "one_number_all"
    STEP_ONE_MISSES = "step_one_misses"
    OTP_SEND_FREE = "otp_send_free"
    CAPTCHA_ADDRESS = "captcha_address"
    ACTIVATION_MAIL = "activation_mail"
    LINK_TRY = "link_try"
    PROVE_AGAIN = "prove_again"
    EXPORT = "export"
    TRACK_NUMBER = "track_number"
    TRACK_ADDRESS = "track_address"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_SIGN_IN_ADDRESS = "staff_sign_in_address"
    STAFF_CODE = "staff_code"
    STAFF_CODE_HOUR = "staff_code_hour"
    STAFF_CODE_DAY = "staff_code_day"
    STAFF_CODE_SEEN = "staff_code_seen"
    CALL_MISS = "call_miss"
    CALL_FACTS = "call_facts"
    CALL_LINK = "call_link"
    KEEP_TYPED = "keep_typed"
    CSP_REPORT_ADDRESS = "csp_report_address"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many times within a window that begins at the first."""

    times: int
    within: timedelta


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# spec "Codes and links", "Addresses of networks are shared"; quality/security numbers. Addresses are wide:
# villages share one behind carrier NAT; the tight limits are per account, mobile and device.
ALLOWANCES: dict[Limit, Allowance] = {
    Limit.OTP_WRONG: Allowance(5, 15 * _MINUTE),
    Limit.OTP_WRONG_DAY: Allowance(15, _DAY),
    Limit.OTP_SEND_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_SHORT: Allowance(3, 15 * _MINUTE),
    Limit.OTP_SEND_DAY: Allowance(6, _DAY),
    Limit.OTP_SEND_ADDRESS: Allowance(300, _HOUR),
    # The hall of 1912 is one address: there each employee counts by themselves.
    Limit.OTP_SEND_EMPLOYEE: Allowance(60, _HOUR),
    # A browser, whatever its network: a shop where a village registers fits, a script needs a new one all the time.
    Limit.OTP_SEND_DEVICE: Allowance(20, _HOUR),
    # While too few codes are used, a captcha buys no more than these.
    Limit.OTP_SEND_DEVICE_TIGHT: Allowance(3, _HOUR),
    # What all SMS that outsiders can cause may come to in a day; and how many of them may go to numbers that stand
    # nowhere with us, so that the rest is kept for consumers.
    Limit.OTP_SEND_BUDGET: Allowance(200_000, _DAY),
    Limit.OTP_SEND_UNKNOWN: Allowance(120_000, _DAY),
    # Of numbers that stand nowhere with us: those of one series, as rings of fraudsters hold whole series.
    Limit.OTP_SEND_SERIES: Allowance(500, _DAY),
    # Never reached: what is not sent is counted here, so that it is the same work as what is. Soon cleared away, as
    # there is a row for each who asks.
    Limit.SEND_NOTHING: Allowance(10**9, _MINUTE),
    # What people have told about to themselves by what they do, signed in or on a call, per mobile.
    Limit.NOTICE_DAY: Allowance(50, _DAY),
    # No limit but a flag: it stands for so long after the worker has last found that too few codes are used.
    Limit.PUMPING: Allowance(1, 30 * _MINUTE),
    Limit.ALARM: Allowance(1, _HOUR),
    Limit.SIGN_IN_ACCOUNT: Allowance(5, 15 * _MINUTE),
    Limit.SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    Limit.STEP_ONE_ACCOUNT: Allowance(5, _HOUR),
    Limit.STEP_ONE_ADDRESS: Allowance(300, _HOUR),
    Limit.PROVE_ACCOUNT: Allowance(10, _HOUR),
    # Registrations that are begun, each a row: a shop where a village registers fits.
    Limit.BEGIN_BROWSER: Allowance(20, _HOUR),
    Limit.BEGIN_ADDRESS: Allowance(300, _HOUR),
    # A bill number alone, with a captcha each: such numbers can be counted up. Beyond these both numbers are asked
    # for, which nobody can use up for an owner.
    Limit.ONE_NUMBER_BROWSER: Allowance(6, _HOUR),
    Limit.ONE_NUMBER_ADDRESS: Allowance(60, _HOUR),
    Limit.ONE_NUMBER_ALL: Allowance(1_000, _HOUR),
    # From the third miss of a session, and before a browser's second code, a captcha.
    Limit.STEP_ONE_MISSES: Allowance(3, _HOUR),
    Limit.OTP_SEND_FREE: Allowance(1, _DAY),
    Limit.CAPTCHA_ADDRESS: Allowance(1_200, 15 * _MINUTE),
    Limit.ACTIVATION_MAIL: Allowance(6, _DAY),
    Limit.LINK_TRY: Allowance(5, _DAY),
    Limit.PROVE_AGAIN: Allowance(5, 15 * _MINUTE),
    # Each copy reads everything there is of a consumer.
    Limit.EXPORT: Allowance(3, _DAY),
    # Misses only: masked numbers show two of the four digits everywhere.
    Limit.TRACK_NUMBER: Allowance(5, _HOUR),
    Limit.TRACK_ADDRESS: Allowance(100, _HOUR),
    # Per employee as seen from one network; whole circles share an address, so that one is wide.
    Limit.STAFF_SIGN_IN: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    # Codes count per employee, from wherever: only who has the password gets so far.
    Limit.STAFF_CODE: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_CODE_HOUR: Allowance(20, _HOUR),
    Limit.STAFF_CODE_DAY: Allowance(50, _DAY),
    # No limit but a mark: a code that was recognised as one of another time is never taken, not at that time either.
    Limit.STAFF_CODE_SEEN: Allowance(1, _HOUR),
    # Numbers that lead nowhere, per employee: a caller misreads one, nobody misreads sixty.
    Limit.CALL_MISS: Allowance(60, _HOUR),
    # Bill number and name that do not fit, per account, whoever asks.
    Limit.CALL_FACTS: Allowance(9, _DAY),
    # The same link to the same mobile.
    Limit.CALL_LINK: Allowance(3, _DAY),
    # What is kept of a form while it is filled in: a change every three seconds for an hour is no person.
    Limit.KEEP_TYPED: Allowance(1_200, _HOUR),
    # Reports of browsers, per network: a page that is hurt sends a handful.
    Limit.CSP_REPORT_ADDRESS: Allowance(60, _HOUR),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer to counting one more: how often so far, and, when refused, seconds until the window ends."""

    allowed: bool
    count: int
    retry_after: int = 0


def network_key(address: str) -> str:
    """What stands for a network address in a limit: IPv4 whole, IPv6 by its /64 (one household, one phone)."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    # A socket that serves both kinds writes IPv4 as ::ffff:203.0.113.9; by its /64 all of India would be one.
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return ":".join(parsed.exploded.split(":")[:4])
