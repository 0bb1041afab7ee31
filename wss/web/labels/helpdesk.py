"""The words for the helpdesk: reasons for calls, relations to the consumer, consents, and refusals."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.calls import CONSENT_VERSION, CallReason, Relation
from wss.services.calls.caller_links import LinkOutcome
from wss.web.fields import MESSAGES

REASONS = {
    CallReason.BILL: _l("A bill is wrong"),
    CallReason.STATUS: _l("Status of a complaint"),
    CallReason.REGISTRATION: _l("Registration on the website"),
    CallReason.MOBILE: _l("Mobile number"),
    CallReason.OTHER: _l("Something else"),
}
RELATIONS = {
    Relation.SELF: _l("the consumer"),
    Relation.FAMILY: _l("a family member of the consumer"),
    Relation.TENANT: _l("a tenant"),
    Relation.EMPLOYEE: _l("an employee of the consumer"),
    Relation.OTHER: _l("someone else"),
}
# A request stores the version; a sentence that was read out once must remain here.
CONSENTS = {
    CONSENT_VERSION: _l(
        "I need your consent to register a complaint for this connection in the consumer's name. Whatever I open is"
        " recorded, and the consumer can see it. We will send the consumer an SMS with the complaint number and a link"
        " to stop the complaint. Do you agree?"
    ),
    "2026-11": _l(
        "I am about to register a request for this connection in the consumer's name. What I open is written down,"
        " and the consumer can see it. The complaint number goes to the consumer by SMS, with a link by which they can"
        " stop the request. Do you agree?"
    ),
}
WRONG_KEYS = {
    "q_missing": _l("Enter the number the caller gives"),
    "q_wildcard": _l("Enter the full number. Wildcards are not allowed."),
    "q_too_short": _l("Enter the full number. This one is too short."),
    "q_malformed": _l(
        "This is not a valid account, bill, complaint or mobile number. Ask for it again, digit by digit."
    ),
}
CALLER_ERRORS = {
    **MESSAGES,
    "mobile_missing": _l("Enter the caller's mobile number"),
    "spoken_name_missing": _l("Enter the name the caller gives"),
    "mobile_of_employee": _l("This is your own number. Enter the caller's number."),
    "otp": _l("This is not the OTP we sent. Ask the caller to read it out again."),
    "facts": _l("The bill number and name do not match this connection. Ask for both again."),
    "status": _l("The complaint number and the 4 digits do not match. Ask for both again."),
}
# By the code of the reason why an action is refused.
BARRED = {
    "not_verified": _l("Verify the caller first"),
    "otp_required": _l("Enter the OTP the caller reads out"),
    "consent_required": _l("Read the text out and tick the box when the caller agrees"),
    "relation_required": _l("Choose who the caller is"),
    "answer_required": _l("Enter the caller's answer"),
    "remark_required": _l("Enter what the caller says is still wrong"),
    "call_back_over": _l("The consumer has cancelled this call, or its result is recorded already."),
    "step_not_allowed": _l("The status has changed. An answer is no longer needed."),
}
LINKS = {
    LinkOutcome.NO_MOBILE: _l(
        "There is no mobile number to send an SMS to. Ask the caller to go to the website."
    ),
    LinkOutcome.ALREADY_REGISTERED: _l(
        "This connection is already registered. The consumer can log in on the website."
    ),
    LinkOutcome.NOT_REGISTERED: _l("This connection is not registered yet. Start the registration first."),
}
# The result of an action, for the page that follows it.
DONE = {
    "verified": _l("The caller is verified."),
    "facts_right": _l("Bill number and name match. Now verify the caller's own number."),
    "link_sent": _l("The registration link is on its way by SMS."),
    "address_sent": _l("The website link is on its way by SMS."),
    "documents_link_sent": _l("The link for photos is on its way by SMS. It works for 7 days."),
    "answered": _l("The answer has been sent to the office. It will continue its work."),
    "reminded": _l("The reminder is recorded, and the officer will see it. Read out the status."),
    "reminded_before": _l("A reminder was already recorded today. Read out the status."),
    "dead_number": _l("The request for the counter is registered. Read out where the caller should go."),
    "dead_number_before": _l(
        "A request for the counter was already registered. Read out where the caller should go."
    ),
    "registration_begun": _l(
        "The link is on its way by SMS. The consumer must set a password with it within 24 hours."
    ),
    "mobile_change_begun": _l("The link is on its way by SMS. The consumer can change the number with it."),
    "call_back_busy": _l("First record the result of the call that you have taken."),
    "call_back_reached": _l("Recorded: reached. Now verify the caller before you tell anything."),
    "confirmed": _l("The consumer confirmed. The request is closed."),
    "refused": _l("The office has been told that the problem is not solved."),
}


def reason_name(reason: str) -> LazyString | str:
    """Return the reason for a call in words."""
    return REASONS.get(CallReason(reason), reason)


def relation_name(relation: str) -> LazyString | str:
    """Return the caller's relation to the consumer in words."""
    return RELATIONS.get(Relation(relation), relation)
