"""The words for messages that are not delivered: what they are, their state, and why."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.backups import HELD
from wss.domain.delivery import UNREACHABLE, DeliveryState, Urgency
from wss.services.messages.resend import ResendOutcome

NOTICE: dict[str, LazyString] = {
    "registration_otp": _l("OTP: registration"),
    "hold_otp": _l("OTP: allow a new number"),
    "sign_in_otp": _l("OTP: login"),
    "sign_in_mail": _l("OTP by e-mail: login"),
    "password_otp": _l("OTP: new password"),
    "new_mobile_otp": _l("OTP: new mobile number"),
    "old_mobile_otp": _l("OTP: old mobile number"),
    "claim_otp": _l("OTP: claim to a connection"),
    "join_otp": _l("OTP: add a connection"),
    "call_otp": _l("OTP: caller, number on record"),
    "call_own_otp": _l("OTP: caller, own number"),
    "call_confirm_otp": _l("OTP: caller’s answer “problem solved”"),
    "call_refuse_otp": _l("OTP: caller’s answer “not solved”"),
    "already_registered": _l("Already registered"),
    "confirm_email": _l("Link: confirm the e-mail address"),
    "activation": _l("Link: complete the registration"),
    "not_me": _l("Link: “this was not me”"),
    "phone_link": _l("Link: get the OTP on this phone"),
    "reset_link": _l("Link: new password"),
    "registration_link": _l("Link: the registration page"),
    "register_link": _l("Link: continue the registration"),
    "mobile_change_link": _l("Link: change the mobile number"),
    "documents_link": _l("Link: send documents"),
    "hold_ended": _l("Registration cancelled from the number on record"),
    "hold_over": _l("Registration complete after the waiting time"),
    "registered_consumer": _l("Consumer registered"),
    "registered_held": _l("Registered, on hold for 24 hours"),
    "user_name": _l("User name"),
    "password_changed": _l("Password changed"),
    "mobile_coming": _l("Mobile number will change in 24 hours"),
    "mobile_coming_late": _l("Mobile number will change later"),
    "mobile_changed": _l("Mobile number changed"),
    "number_in_use": _l("Mobile number now used by a login"),
    "email_changed": _l("E-mail address changed"),
    "connection_added": _l("Connection added"),
    "change_undone": _l("Change undone"),
    "confirm_otp": _l("OTP: confirm the person"),
    "connection_claimed": _l("Connection removed after a claim"),
    "claim_granted": _l("Claim accepted"),
    "request_registered": _l("Request registered"),
    "request_registered_1912": _l("Request registered by 1912"),
    "question": _l("Information requested"),
    "question_reminder": _l("Reminder to answer"),
    "question_withdrawn": _l("Reply no longer needed"),
    "resolved": _l("Request resolved"),
    "resolved_revised": _l("Complaint resolved: bill revised"),
    "resolved_not_needed": _l("Complaint resolved: bill found right"),
    "resolved_refused": _l("Request resolved: refused"),
    "bill_revised": _l("Bill revised"),
    "confirm_reminder": _l("Reminder to confirm"),
    "reopened": _l("Request reopened"),
    "withdrawn": _l("Request withdrawn"),
    "dispute_lifted": _l("Request resumed after an objection"),
    "dispute_cancelled": _l("Request closed: consumer did not ask for it"),
    "closed": _l("Request closed"),
    "closed_final": _l("Request closed, no reopening"),
    "closed_disputed": _l("Request closed, continued as a new one"),
    "escalated": _l("Request sent to a senior officer"),
    "bill_issued": _l("New bill"),
    "bill_due_soon": _l("Bill due in a few days"),
    "bill_overdue": _l("Bill overdue"),
    "bill_unusual": _l("Bill far above the usual"),
    "reading_reminder": _l("Reminder to type a reading"),
    "budget_passed": _l("Budget in rupees will be passed"),
    "units_passed": _l("Budget in units will be passed"),
    "erasure_asked": _l("Erasure requested"),
    "account_erased": _l("Login erased"),
}
_URGENCIES: dict[int, LazyString] = {
    Urgency.CODE: _l("codes and links"),
    Urgency.NOTICE: _l("notices"),
    Urgency.REMINDER: _l("reminders"),
}
_STATES: dict[str, LazyString] = {
    DeliveryState.WAITING: _l("waiting"),
    DeliveryState.SENDING: _l("being sent"),
    DeliveryState.TEMPORARY_FAILURE: _l("phone not reached, will try again"),
}
_REASONS: dict[str, LazyString] = {
    UNREACHABLE: _l("phone switched off or without signal"),
    "Unworded": _l("text or value wrong"),
    "ValueError": _l("text or value wrong"),
    "ConnectionRefusedError": _l("cannot connect to the gateway"),
    "ConnectionResetError": _l("connection lost"),
    "RemoteDisconnected": _l("connection lost"),
    "TimeoutError": _l("no answer in time"),
    "no starttls": _l("mail server has no encryption"),
    "no address": _l("no usable e-mail address"),
    HELD: _l("waited at the time of a backup; held after the restore"),
}
_GATEWAYS: dict[str, LazyString] = {
    "sms1": _l("gateway 1"),
    "sms2": _l("gateway 2"),
    "mail": _l("mail server"),
}
_ANSWERS = {
    "gateway": _l("gateway answered %(answer)s"),
    "smtp": _l("mail server answered %(answer)s"),
}
RESEND_ERRORS: dict[ResendOutcome, LazyString] = {
    ResendOutcome.MOVED_ON: _l("This message has already been sent again or delivered."),
    ResendOutcome.EMPTIED: _l(
        "The text of this message has been deleted. The recipient must request a new one."
    ),
    ResendOutcome.EXPIRED: _l("This message has expired."),
}
NO_DEAD_LETTERS = _l("None of these can be sent again.")
BILL_NOT_WAITING = _l("This bill has since been sent again.")
NO_UNPOSTED_BILLS = _l("These bills have since been sent again.")


def notice_name(notice: str) -> LazyString | str:
    """Return the name of a kind of message; a message of a former kind keeps its code."""
    return NOTICE.get(notice, notice)


def urgency_name(urgency: int) -> LazyString | str:
    """Return which messages go first, and which last."""
    return _URGENCIES.get(urgency, "")


def waiting_state(state: str) -> LazyString | str:
    """Return the state of a message that is not sent yet."""
    return _STATES.get(state, state)


def reason_words(reason: str) -> LazyString | str:
    """Return why a message is a dead letter; an unknown answer of a gateway is shown as it is."""
    answered, _blank, answer = reason.partition(" ")
    if answered in _ANSWERS and answer.isdecimal():
        return _ANSWERS[answered] % {"answer": answer}
    return _REASONS.get(reason, reason) or _l("no reason given")


def refusal_words(reason: str) -> LazyString | str:
    """Return why the billing system does not have a revised bill."""
    _gateway, _blank, answer = reason.partition(" ")
    return _l("billing system answered %(answer)s") % {"answer": answer} if answer else reason_words(reason)


def channel_name(channel: str) -> LazyString | str:
    """Return the channel of a message in words."""
    return _l("E-mail") if channel == "email" else "SMS"


def gateway_name(gateway: str) -> LazyString | str:
    """Return the name of a gateway; one that is not known keeps its code."""
    return _GATEWAYS.get(gateway, gateway)


TEMPLATE_LABELS: dict[str, Any] = {
    word.__name__: word
    for word in (
        notice_name,
        urgency_name,
        waiting_state,
        reason_words,
        refusal_words,
        channel_name,
        gateway_name,
    )
}
