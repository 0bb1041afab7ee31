"""Rate limits: one table of how often something may happen, per subject and period."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Limit(StrEnum):
    """Every rate limit; the table below has its numbers."""

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
    CALL_BACK = "call_back"
    CALL_BACK_MOBILE = "call_back_mobile"
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
    LEAFLETS = "leaflets"
    CSP_REPORT_ADDRESS = "csp_report_address"


@dataclass(frozen=True, slots=True)
class Allowance:
    """The allowed number within a window that begins with the first use."""

    times: int
    within: timedelta


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# docs/specification.md#codes-and-links and #shared-networks; docs/security.md explains each row.
# Limits per address are wide, as villages share one behind carrier NAT. Narrow ones are per account, mobile, device.
ALLOWANCES: dict[Limit, Allowance] = {
    # Wrong codes are counted for the browser or call that typed them and for its network, never for a mobile or an
    # account: a stranger cannot consume the owner's limit. Five wrong attempts expire a code (domain/otp).
    Limit.OTP_WRONG_DAY: Allowance(15, _DAY),
    Limit.OTP_WRONG_ADDRESS: Allowance(300, _HOUR),
    # Requests of one browser, by the typed text, right or wrong: the limit is disclosed, and is the same for every
    # input.
    Limit.OTP_ASK_GAP: Allowance(1, _MINUTE),
    Limit.OTP_ASK_SHORT: Allowance(3, 15 * _MINUTE),
    Limit.OTP_ASK_DAY: Allowance(6, _DAY),
    # Codes sent to a mobile for unknown browsers, over all purposes. Never disclosed to them: it would show that the
    # typed numbers belong to this mobile.
    Limit.OTP_SEND_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_SHORT: Allowance(3, 15 * _MINUTE),
    Limit.OTP_SEND_DAY: Allowance(6, _DAY),
    # The largest share of the six for one unknown browser.
    Limit.OTP_SEND_PART: Allowance(3, _DAY),
    # Reserved for browsers that have logged in with this mobile, or have opened the link that was sent to it.
    Limit.OTP_SEND_KNOWN_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_KNOWN_DAY: Allowance(6, _DAY),
    # So many of these go to one of them: a known browser that is in other hands leaves as many to the owner's.
    Limit.OTP_SEND_KNOWN_PART: Allowance(3, _DAY),
    # Kept for calls of the help-desk, which strangers' browsers cannot use up.
    Limit.OTP_SEND_CALL_GAP: Allowance(1, _MINUTE),
    Limit.OTP_SEND_CALL_DAY: Allowance(6, _DAY),
    # The link by which the holder of the mobile makes a browser known to it; sent once the limit of its codes is
    # consumed.
    Limit.PHONE_LINK: Allowance(1, _DAY),
    Limit.PHONE_LINK_MISS: Allowance(100, _HOUR),
    # No limit but a marker: this browser is known to this mobile.
    Limit.PHONE_KNOWN: Allowance(1, _DAY),
    Limit.OTP_SEND_ADDRESS: Allowance(300, _HOUR),
    # The offices of 1912 share one address: there each employee is counted separately.
    Limit.OTP_SEND_EMPLOYEE: Allowance(60, _HOUR),
    # A browser, on any network: wide enough for a shop where a village registers; a script needs a new browser all
    # the time.
    Limit.OTP_SEND_DEVICE: Allowance(20, _HOUR),
    # While too few codes are used, a captcha allows no more than this.
    Limit.OTP_SEND_DEVICE_TIGHT: Allowance(3, _HOUR),
    # The cost of all SMS per day that outsiders can cause; and the number of them that may go to mobiles that are
    # not in our records, so that the remainder is reserved for consumers.
    Limit.OTP_SEND_BUDGET: Allowance(200_000, _DAY),
    Limit.OTP_SEND_UNKNOWN: Allowance(120_000, _DAY),
    # Mobiles that are not in our records: the limit per number series, as groups of fraudsters hold whole series.
    Limit.OTP_SEND_SERIES: Allowance(500, _DAY),
    # Never reached: a message that is not sent is counted here, so that it costs the same work as a sent one.
    # Deleted soon, as there is a row for each requester.
    Limit.SEND_NOTHING: Allowance(10**9, _MINUTE),
    # Notices caused by a person's own actions, logged in or on a call, per mobile. Notices about an existing request
    # or login have a limit of their own: the owner must get them whatever else was sent.
    Limit.NOTICE_DAY: Allowance(50, _DAY),
    Limit.NOTICE_CHANGE: Allowance(50, _DAY),
    # A flag, not a limit: set for this long after the worker has found that too few codes are used.
    Limit.PUMPING: Allowance(1, 30 * _MINUTE),
    Limit.ALARM: Allowance(1, _HOUR),
    Limit.SIGN_IN_ACCOUNT: Allowance(5, 15 * _MINUTE),
    Limit.SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    # All names of one consumer together, per network: user name and each account number. Never disclosed, as it
    # would show which name and which number belong together: beyond it the right password needs an OTP as well.
    Limit.SIGN_IN_NAMES: Allowance(5, 15 * _MINUTE),
    # Wrong passwords of one consumer over all networks. Beyond it the right one needs an OTP as well, unless the
    # browser is known: no consumer is locked out.
    Limit.SIGN_IN_ALL: Allowance(100, _DAY),
    # Messages that only the right password causes: the OTP by e-mail if there is no mobile, a bill number without
    # either.
    Limit.SIGN_IN_MAIL: Allowance(6, _DAY),
    Limit.SIGN_IN_BILL: Allowance(5, _HOUR),
    # Failed attempts on the whole site; beyond it the flag below is set, and all visitors solve a captcha while it
    # is set.
    Limit.SITE_FAILURES: Allowance(1_000, 5 * _MINUTE),
    Limit.GUESSING: Allowance(1, 30 * _MINUTE),
    # Chosen user names, taken or free: the answer discloses which exist. The name is always optional.
    Limit.USER_NAME_BROWSER: Allowance(20, _HOUR),
    Limit.USER_NAME_ADDRESS: Allowance(300, _HOUR),
    # Per account and network, so that a stranger elsewhere locks no consumer out.
    Limit.STEP_ONE_ACCOUNT: Allowance(5, _HOUR),
    Limit.STEP_ONE_ADDRESS: Allowance(300, _HOUR),
    # Misses of one account over all networks: they only ever require a captcha (ASKS_CAPTCHA_FROM).
    Limit.STEP_ONE_ALL: Allowance(50, _DAY),
    # Pairs of account and bill at a recovery, matching or not, by one browser.
    Limit.PROVE_BROWSER: Allowance(10, _HOUR),
    # Numbers of others' connections that a logged-in consumer tries to add: no captcha is required there.
    Limit.JOIN_MISSES: Allowance(20, _DAY),
    # Started registrations, each a row: wide enough for a shop where a village registers.
    Limit.BEGIN_BROWSER: Allowance(20, _HOUR),
    Limit.BEGIN_ADDRESS: Allowance(300, _HOUR),
    # A bill number alone, each with a captcha: such numbers can be enumerated. Beyond this limit both numbers are
    # required, for which strangers cannot consume the owner's limit.
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
    # E-mails that confirm an address: per consumer and address, so that no other login consumes the owner's limit,
    # and per address over all logins, so that ten logins together do not flood a mailbox.
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
    # Each warns the mobile by SMS, which no other limit may suppress.
    Limit.NEW_EMAIL: Allowance(5, _DAY),
    # Numbers that wait to replace a consumer's number, each of which warns the old addresses.
    Limit.MOBILE_COMING: Allowance(3, _DAY),
    # Each copy reads all data of a consumer.
    Limit.EXPORT: Allowance(3, _DAY),
    # Misses only: masked numbers show two of the four digits everywhere. Per complaint number and network, and over
    # all networks, 1912 included: beyond that the link of the SMS and the login remain.
    Limit.TRACK_NUMBER: Allowance(5, _HOUR),
    Limit.TRACK_ADDRESS: Allowance(100, _HOUR),
    Limit.TRACK_ALL: Allowance(200, _DAY),
    # Per employee and network; whole circles share an address, so that one is wide.
    Limit.STAFF_SIGN_IN: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_SIGN_IN_ADDRESS: Allowance(300, 15 * _MINUTE),
    # Per employee over all networks: only ever requires a captcha, as the code is required after the password.
    Limit.STAFF_SIGN_IN_ALL: Allowance(100, _DAY),
    # Codes are counted per employee, over all networks: only a person with the password gets so far.
    Limit.STAFF_CODE: Allowance(5, 15 * _MINUTE),
    Limit.STAFF_CODE_HOUR: Allowance(20, _HOUR),
    Limit.STAFF_CODE_DAY: Allowance(50, _DAY),
    # No limit but a marker: a code that was recognised as one of another time is never accepted, not at that time
    # either.
    Limit.STAFF_CODE_SEEN: Allowance(1, _HOUR),
    # Numbers without a match, per employee: a caller misreads one number, but not sixty.
    Limit.CALL_MISS: Allowance(60, _HOUR),
    # Bill number and name that do not match, per employee and account: one caller cannot block the next.
    Limit.CALL_FACTS: Allowance(9, _DAY),
    # The same link to the same mobile.
    Limit.CALL_LINK: Allowance(3, _DAY),
    # All links of calls to one mobile.
    Limit.CALL_LINK_DAY: Allowance(6, _DAY),
    # Requests: each is work of an office, a figure of the MIS and an SMS. Per consumer and connection, and per consumer
    # over all their connections; 1912 has its own number for each connection, which no session uses up.
    # Requests for a call by a consumer; and by all consumers with one verified mobile, which is what rings.
    Limit.CALL_BACK: Allowance(3, _DAY),
    Limit.CALL_BACK_MOBILE: Allowance(6, _DAY),
    Limit.REGISTER_CONNECTION: Allowance(6, _DAY),
    Limit.REGISTER_CONSUMER: Allowance(20, _DAY),
    Limit.REGISTER_CALLS: Allowance(6, _DAY),
    Limit.WITHDRAW_CONNECTION: Allowance(6, _DAY),
    Limit.WITHDRAW_CONSUMER: Allowance(10, _DAY),
    Limit.REOPEN_CONNECTION: Allowance(6, _DAY),
    Limit.REOPEN_CONSUMER: Allowance(10, _DAY),
    # What is kept of a form while it is filled in: a change every three seconds for an hour is no person.
    Limit.KEEP_TYPED: Allowance(1_200, _HOUR),
    # Per consumer or link, whether stored or refused: each may take five seconds of processor time.
    Limit.DOCUMENTS: Allowance(60, _HOUR),
    # Slips, bills and petitions that are drawn for a consumer: each may take a second of processor time.
    Limit.PRINTED_SHEETS: Allowance(60, _HOUR),
    # Posters that are drawn for visitors, per network; one that has been drawn lately is not counted.
    Limit.LEAFLETS: Allowance(60, _HOUR),
    # Reports of browsers, per network: an attacked page sends a few.
    Limit.CSP_REPORT_ADDRESS: Allowance(60, _HOUR),
}

# From so many uses on, within the window of the limit, the next attempt requires a captcha.
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
    """The result of consuming a rate limit: the number of uses and, if refused, the seconds until the window ends."""

    allowed: bool
    count: int
    retry_after: int = 0
