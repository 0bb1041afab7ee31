"""How often something may happen: one table of limits, per what, how many, in how long."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Limit(StrEnum):
    """Every limit of the house; the table below gives each its numbers."""

    OTP_WRONG_DAY = "otp_wrong_day"
    OTP_WRONG_ADDRESS = "otp_wrong_address"
    OTP_ASK_GAP = "otp_ask_gap"
    OTP_ASK_SHORT = "otp_ask_short"
    OTP_ASK_DAY = "otp_ask_day"
    OTP_SEND_GAP = "otp_send_gap"
    OTP_SEND_SHORT = "otp_send_short"
    OTP_SEND_DAY = "otp_send_day"
    OTP_SEND_PART = "otp_send_part"
    OTP_SEND_KNOWN_GAP = "otp_send_known_gap"
    OTP_SEND_KNOWN_DAY = "otp_send_known_day"
    OTP_SEND_KNOWN_PART = "otp_send_known_part"
    OTP_SEND_CALL_GAP = "otp_send_call_gap"
    OTP_SEND_CALL_DAY = "otp_send_call_day"
    PHONE_LINK = "phone_link"
    PHONE_LINK_MISS = "phone_link_miss"
    PHONE_KNOWN = "phone_known"
    OTP_SEND_ADDRESS = "otp_send_address"
    OTP_SEND_EMPLOYEE = "otp_send_employee"
    OTP_SEND_DEVICE = "otp_send_device"
    OTP_SEND_DEVICE_TIGHT = "otp_send_device_tight"
    OTP_SEND_BUDGET = "otp_send_budget"
    OTP_SEND_UNKNOWN = "otp_send_unknown"
    OTP_SEND_SERIES = "otp_send_series"
    SEND_NOTHING = "send_nothing"
    NOTICE_DAY = "notice_day"
    NOTICE_CHANGE = "notice_change"
    PUMPING = "pumping"
    ALARM = "alarm"
    SIGN_IN_ACCOUNT = "sign_in_account"
    SIGN_IN_ADDRESS = "sign_in_address"
    SIGN_IN_NAMES = "sign_in_names"
    SIGN_IN_ALL = "sign_in_all"
    SIGN_IN_MAIL = "sign_in_mail"
    SIGN_IN_BILL = "sign_in_bill"
    SITE_FAILURES = "site_failures"
    GUESSING = "guessing"
    USER_NAME_BROWSER = "user_name_browser"
    USER_NAME_ADDRESS = "user_name_address"
    STEP_ONE_ACCOUNT = "step_one_account"
    STEP_ONE_ADDRESS = "step_one_address"
    STEP_ONE_ALL = "step_one_all"
    PROVE_BROWSER = "prove_browser"
    JOIN_MISSES = "join_misses"
    BEGIN_BROWSER = "begin_browser"
    BEGIN_ADDRESS = "begin_address"
    ONE_NUMBER_BROWSER = "one_number_browser"
    ONE_NUMBER_ADDRESS = "one_number_address"
    ONE_NUMBER_ALL = "one_number_all"
    STEP_ONE_MISSES = "step_one_misses"
    OTP_SEND_FREE = "otp_send_free"
    CAPTCHA_ADDRESS = "captcha_address"
    ACTIVATION_MAIL = "activation_mail"
    ACTIVATION_MAIL_BROWSER = "activation_mail_browser"
    CONFIRM_MAIL = "confirm_mail"
    CONFIRM_MAIL_ALL = "confirm_mail_all"
    RESET_MAIL = "reset_mail"
    RESET_MAIL_KNOWN = "reset_mail_known"
    RESET_MAIL_KNOWN_PART = "reset_mail_known_part"
    HASH_BROWSER = "hash_browser"
    HASH_ADDRESS = "hash_address"
    LINK_TRY = "link_try"
    PROVE_AGAIN = "prove_again"
    NEW_EMAIL = "new_email"
    MOBILE_COMING = "mobile_coming"
    EXPORT = "export"
    TRACK_NUMBER = "track_number"
    TRACK_ADDRESS = "track_address"
    TRACK_ALL = "track_all"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_SIGN_IN_ADDRESS = "staff_sign_in_address"
    STAFF_SIGN_IN_ALL = "staff_sign_in_all"
    STAFF_CODE = "staff_code"
    STAFF_CODE_HOUR = "staff_code_hour"
    STAFF_CODE_DAY = "staff_code_day"
    STAFF_CODE_SEEN = "staff_code_seen"
    CALL_MISS = "call_miss"
    CALL_FACTS = "call_facts"
    CALL_LINK = "call_link"
    CALL_LINK_DAY = "call_link_day"
    REGISTER_CONNECTION = "register_connection"
    REGISTER_CONSUMER = "register_consumer"
    REGISTER_CALLS = "register_calls"
    WITHDRAW_CONNECTION = "withdraw_connection"
    WITHDRAW_CONSUMER = "withdraw_consumer"
    REOPEN_CONNECTION = "reopen_connection"
    REOPEN_CONSUMER = "reopen_consumer"
    KEEP_TYPED = "keep_typed"
    DOCUMENTS = "documents"
    PRINTED_SHEETS = "printed_sheets"
    CSP_REPORT_ADDRESS = "csp_report_address"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many times within a window that begins at the first."""

    times: int
    within: timedelta


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# docs/specification.md#codes-and-links and #shared-networks; docs/security.md explains each row.
# Limits per address are wide, as villages share one behind carrier NAT. Narrow ones are per account, mobile, device.
ALLOWANCES: dict[Limit, Allowance] = {
    # Wrong codes count for the browser or call that typed them and for its network, never for a mobile or an account:
    # a stranger cannot use up what belongs to the owner. Five wrong tries end one code (domain/otp).
    Limit.OTP_WRONG_DAY: Allowance(15, _DAY),
    Limit.OTP_WRONG_ADDRESS: Allowance(300, _HOUR),
    # What one browser asks for, by what it has typed, right or wrong: told openly, and the same for every input.
    Limit.OTP_ASK_GAP: Allowance(1, _MINUTE),
    Limit.OTP_ASK_SHORT: Allowance(3, 15 * _MINUTE),
    Limit.OTP_ASK_DAY: Allowance(6, _DAY),
    # What a mobile gets from browsers that it does not know, over all purposes. Never told to them: it would show that
    # what they typed belongs to this mobile.
    Limit.OTP_SEND_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_SHORT: Allowance(3, 15 * _MINUTE),
    Limit.OTP_SEND_DAY: Allowance(6, _DAY),
    # So many of the six go to one unknown browser.
    Limit.OTP_SEND_PART: Allowance(3, _DAY),
    # Kept for browsers that have signed in with this mobile, or have opened the link that was sent to it.
    Limit.OTP_SEND_KNOWN_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_KNOWN_DAY: Allowance(6, _DAY),
    # So many of these go to one of them: a known browser that is in other hands leaves as many to the owner's.
    Limit.OTP_SEND_KNOWN_PART: Allowance(3, _DAY),
    # Kept for calls of the help-desk, which strangers' browsers cannot use up.
    Limit.OTP_SEND_CALL_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_CALL_DAY: Allowance(6, _DAY),
    # The link by which who holds the mobile makes a browser known to it; sent once its codes are used up.
    Limit.PHONE_LINK: Allowance(1, _DAY),
    Limit.PHONE_LINK_MISS: Allowance(100, _HOUR),
    # No limit but a mark: this browser is known to this mobile.
    Limit.PHONE_KNOWN: Allowance(1, _DAY),
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
    # What people have told about to themselves by what they do, signed in or on a call, per mobile. What becomes of a
    # request or login that is there already has a share of its own: an owner must hear of it whatever else was sent.
    Limit.NOTICE_DAY: Allowance(50, _DAY),
    Limit.NOTICE_CHANGE: Allowance(50, _DAY),
    # No limit but a flag: it stands for so long after the worker has last found that too few codes are used.
    Limit.PUMPING: Allowance(1, 30 * _MINUTE),
    Limit.ALARM: Allowance(1, _HOUR),
    Limit.SIGN_IN_ACCOUNT: Allowance(5, 15 * _MINUTE),
    Limit.SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    # All names of one consumer together, as seen from here: user name and each account number. Never told, as it would
    # say which name and which number belong together: beyond it the right password needs an OTP as well.
    Limit.SIGN_IN_NAMES: Allowance(5, 15 * _MINUTE),
    # Wrong passwords of one consumer over all networks. Beyond it the right one needs an OTP as well, unless the
    # browser is known: nobody is locked out.
    Limit.SIGN_IN_ALL: Allowance(100, _DAY),
    # What only the right password causes: the OTP by e-mail where there is no mobile, a bill number without either.
    Limit.SIGN_IN_MAIL: Allowance(6, _DAY),
    Limit.SIGN_IN_BILL: Allowance(5, _HOUR),
    # Failed tries of the whole site; beyond it the flag below is set, and everybody solves a captcha while it stands.
    Limit.SITE_FAILURES: Allowance(1_000, 5 * _MINUTE),
    Limit.GUESSING: Allowance(1, 30 * _MINUTE),
    # User names that somebody wishes, taken or free: the answer tells which exist. The name may always be left out.
    Limit.USER_NAME_BROWSER: Allowance(20, _HOUR),
    Limit.USER_NAME_ADDRESS: Allowance(300, _HOUR),
    # Per account as seen from one network, so that a stranger elsewhere locks nobody out.
    Limit.STEP_ONE_ACCOUNT: Allowance(5, _HOUR),
    Limit.STEP_ONE_ADDRESS: Allowance(300, _HOUR),
    # Misses of one account over all networks: only ever a captcha (ASKS_CAPTCHA_FROM).
    Limit.STEP_ONE_ALL: Allowance(50, _DAY),
    # Account and bill at a way back in, fitting or not, by one browser.
    Limit.PROVE_BROWSER: Allowance(10, _HOUR),
    # Numbers of others' connections that somebody who is signed in tries to add: there no captcha is asked.
    Limit.JOIN_MISSES: Allowance(20, _DAY),
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
    # E-mails with a link, per address; a browser takes at most half of them.
    Limit.ACTIVATION_MAIL: Allowance(6, _DAY),
    Limit.ACTIVATION_MAIL_BROWSER: Allowance(3, _DAY),
    # Letters that confirm an address: per consumer and address, so that no other login uses up the owner's, and per
    # address over all logins, so that ten logins together flood no mail box.
    Limit.CONFIRM_MAIL: Allowance(3, _DAY),
    Limit.CONFIRM_MAIL_ALL: Allowance(30, _DAY),
    Limit.RESET_MAIL: Allowance(6, _DAY),
    # Kept for browsers that the consumer has logged in with; and so many of these for one of them.
    Limit.RESET_MAIL_KNOWN: Allowance(6, _DAY),
    Limit.RESET_MAIL_KNOWN_PART: Allowance(3, _DAY),
    # New passwords that are hashed for who is not signed in: each costs as much as a try at the login.
    Limit.HASH_BROWSER: Allowance(60, _HOUR),
    Limit.HASH_ADDRESS: Allowance(300, 15 * _MINUTE),
    Limit.LINK_TRY: Allowance(5, _DAY),
    Limit.PROVE_AGAIN: Allowance(5, 15 * _MINUTE),
    # Each warns the mobile by SMS, which no other limit may hold back.
    Limit.NEW_EMAIL: Allowance(5, _DAY),
    # Numbers that wait to take the place of a consumer's, each of which warns the old addresses.
    Limit.MOBILE_COMING: Allowance(3, _DAY),
    # Each copy reads everything there is of a consumer.
    Limit.EXPORT: Allowance(3, _DAY),
    # Misses only: masked numbers show two of the four digits everywhere. Per complaint number as seen from one network,
    # and over all of them, 1912 included: beyond that the link of the SMS and the login remain.
    Limit.TRACK_NUMBER: Allowance(5, _HOUR),
    Limit.TRACK_ADDRESS: Allowance(100, _HOUR),
    Limit.TRACK_ALL: Allowance(200, _DAY),
    # Per employee as seen from one network; whole circles share an address, so that one is wide.
    Limit.STAFF_SIGN_IN: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    # Per employee over all networks: only ever a captcha, as behind the password stands the code.
    Limit.STAFF_SIGN_IN_ALL: Allowance(100, _DAY),
    # Codes count per employee, from wherever: only who has the password gets so far.
    Limit.STAFF_CODE: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_CODE_HOUR: Allowance(20, _HOUR),
    Limit.STAFF_CODE_DAY: Allowance(50, _DAY),
    # No limit but a mark: a code that was recognised as one of another time is never taken, not at that time either.
    Limit.STAFF_CODE_SEEN: Allowance(1, _HOUR),
    # Numbers that lead nowhere, per employee: a caller misreads one, nobody misreads sixty.
    Limit.CALL_MISS: Allowance(60, _HOUR),
    # Bill number and name that do not fit, per employee and account: a caller cannot stop the next one.
    Limit.CALL_FACTS: Allowance(9, _DAY),
    # The same link to the same mobile.
    Limit.CALL_LINK: Allowance(3, _DAY),
    # All links of calls to one mobile.
    Limit.CALL_LINK_DAY: Allowance(6, _DAY),
    # Requests: each is work of an office, a figure of the MIS and an SMS. Per consumer and connection, and per consumer
    # over all their connections; 1912 has its own number for each connection, which no session uses up.
    Limit.REGISTER_CONNECTION: Allowance(6, _DAY),
    Limit.REGISTER_CONSUMER: Allowance(20, _DAY),
    Limit.REGISTER_CALLS: Allowance(6, _DAY),
    Limit.WITHDRAW_CONNECTION: Allowance(6, _DAY),
    Limit.WITHDRAW_CONSUMER: Allowance(10, _DAY),
    Limit.REOPEN_CONNECTION: Allowance(6, _DAY),
    Limit.REOPEN_CONSUMER: Allowance(10, _DAY),
    # What is kept of a form while it is filled in: a change every three seconds for an hour is no person.
    Limit.KEEP_TYPED: Allowance(1_200, _HOUR),
    # Per consumer or link, whether they are kept or refused: each may cost five seconds of the processor.
    Limit.DOCUMENTS: Allowance(60, _HOUR),
    # Slips, bills and petitions that are drawn for a consumer: each may cost a second of the processor.
    Limit.PRINTED_SHEETS: Allowance(60, _HOUR),
    # Reports of browsers, per network: a page that is hurt sends a handful.
    Limit.CSP_REPORT_ADDRESS: Allowance(60, _HOUR),
}

# From so many on, within the window of the limit, the next try takes a captcha.
ASKS_CAPTCHA_FROM: dict[Limit, int] = {
    Limit.STEP_ONE_ALL: 50,
    Limit.TRACK_ALL: 20,
    Limit.STAFF_SIGN_IN_ADDRESS: 30,
    Limit.STAFF_SIGN_IN_ALL: 100,
    Limit.USER_NAME_BROWSER: 5,
    Limit.USER_NAME_ADDRESS: 60,
}


@dataclass(frozen=True, slots=True)
class LimitResult:
    """The answer to counting one more: how often so far, and, when refused, seconds until the window ends."""

    allowed: bool
    count: int
    retry_after: int = 0
