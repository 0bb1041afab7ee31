"""The words for the help-desk: reasons for calls, relations to the consumer, consents, and refusals."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.calls import CONSENT_VERSION, CallReason, Relation
from wss.services.calls.caller_links import LinkOutcome
from wss.web.fields import MESSAGES

REASONS = {
    CallReason.BILL: _l("A bill is wrong"),
    CallReason.STATUS: _l("Status of a complaint"),
    CallReason.REGISTRATION: _l("Registering on the website"),
    CallReason.MOBILE: _l("Mobile number"),
    CallReason.OTHER: _l("Something else"),
}
RELATIONS = {
    Relation.SELF: _l("the consumer"),
    Relation.FAMILY: _l("a family member of the consumer"),
    Relation.TENANT: _l("a tenant"),
    Relation.EMPLOYEE: _l("an employee of the consumer"),
    Relation.OTHER: _l("somebody else"),
}
# A request stores the version; a sentence that was read out once must remain here.
CONSENTS = {
    CONSENT_VERSION: _l(
        "I am about to register a request for this connection in the consumer's name. What I open is written down,"
        " and the consumer can see it. The complaint number goes to the consumer by SMS, with a link by which they can"
        " stop the request. Do you agree?"
    ),
}
WRONG_KEYS = {
    "q_missing": _l("Enter the number that the caller tells you"),
    "q_wildcard": _l("Enter the full number. Wildcards are not allowed."),
    "q_too_short": _l("Enter the full number. This one is too short."),
    "q_malformed": _l(
        "This is not a valid account, bill, complaint or mobile number. Ask for it again, digit by digit."
    ),
}
CALLER_ERRORS = {
    **MESSAGES,
    "mobile_of_employee": _l("This is your own number: enter the caller's"),
    "otp": _l("This is not the OTP that was sent"),
    "facts": _l("The bill number and name do not match this connection"),
    "status": _l("Complaint number and digits do not belong together: ask for both again"),
}
# By the code of the reason why an action is refused.
BARRED = {
    "not_verified": _l("Verify the caller first"),
    "otp_required": _l("Enter the OTP that the caller reads out"),
    "consent_required": _l("Read the sentences out, and tick the box once the caller has agreed"),
    "relation_required": _l("Choose who the caller is"),
    "answer_required": _l("Write down what the caller answers"),
    "remark_required": _l("Enter what the caller says is still wrong"),
    "step_not_allowed": _l("The status has changed. An answer is no longer needed."),
}
LINKS = {
    LinkOutcome.NO_MOBILE: _l("There is no mobile number to send an SMS to"),
    LinkOutcome.ALREADY_REGISTERED: _l(
        "A consumer has registered this connection already: they log in at the website"
    ),
    LinkOutcome.NOT_REGISTERED: _l("Nobody has registered this connection yet: begin with the registration"),
}
# The result of an action, for the page that follows it.
DONE = {
    "verified": _l("The caller is verified."),
    "facts_right": _l("Bill number and name match. Now verify the caller’s own number."),
    "link_sent": _l("The registration link is on its way by SMS."),
    "address_sent": _l("The address is on its way by SMS."),
    "documents_link_sent": _l("The link for photos is on its way by SMS. It works for 7 days."),
    "answered": _l("The answer is passed on. The office goes on with the complaint."),
    "reminded": _l(
        "The reminder is on the timeline, and the officer sees it. Read out how the complaint stands."
    ),
    "reminded_before": _l(
        "A reminder of today is already on the timeline. Read out how the complaint stands."
    ),
    "dead_number": _l("It is registered for the counter. Read out where the caller has to go."),
    "dead_number_before": _l(
        "It was already registered for the counter. Read out where the caller has to go."
    ),
    "registration_begun": _l(
        "The link is on its way by SMS. The consumer sets the password themselves, within 24 hours."
    ),
    "mobile_change_begun": _l("The link is on its way by SMS. The consumer changes the number themselves."),
    "confirmed": _l("The complaint is closed, as the consumer confirmed."),
    "refused": _l("The office has been told that it is not settled."),
}


def reason_name(reason: str) -> LazyString | str:
    """Return the reason for a call in words."""
    return REASONS.get(CallReason(reason), reason)


def relation_name(relation: str) -> LazyString | str:
    """Return the caller's relation to the consumer in words."""
    return RELATIONS.get(Relation(relation), relation)
