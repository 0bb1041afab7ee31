"""The entries of the audit trail in words: what was done, about what, and why."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.lifecycle import Action
from wss.queries.access import AccessEntry
from wss.queries.reference import Reference
from wss.web import filters
from wss.web.labels.calls import call_reason
from wss.web.labels.requests import event_label, localized_name, reveal_reason

_OWN = {
    "sign_in": _l("Logged in"),
    "sign_in_by_otp": _l("Logged in by OTP"),
    "new_password": _l("New password"),
    "settings": _l("Settings changed"),
    "alerts_wanted": _l("Alerts started"),
    "alerts_stopped": _l("Alerts stopped"),
    "alerts_chosen": _l("Alerts for a connection changed"),
    "reading_typed": _l("Meter reading typed"),
    "email_bounced": _l("E-mails to this address bounced"),
    "end_session": _l("Logged out on another phone"),
    "end_all_sessions": _l("Logged out everywhere"),
    "own": _l("Connection added"),
    "lift_hold": _l("Waiting time ended by OTP"),
    "not_me": _l("Someone reported “this was not me”"),
    "new_mobile": _l("New mobile number"),
    "new_email": _l("New e-mail address"),
    "email_undone": _l("New e-mail address undone"),
    "mobile_undone": _l("New mobile number undone"),
    "password_undone": _l("New password undone"),
    "connection_undone": _l("Added connection undone"),
    "number_freed": _l("Mobile number removed from your login"),
    "mobile_coming": _l("New mobile number requested"),
    "mobile_objected": _l("New mobile number stopped"),
    "export": _l("Downloaded a copy of all data"),
    "call_back_asked": _l("Call by 1912 requested"),
    "call_back_cancelled": _l("Call by 1912 cancelled"),
    "self_bill": _l("Generated a bill from a reading"),
    "erasure_asked": _l("Erasure requested"),
    "erasure_taken_back": _l("Erasure request withdrawn"),
}
_STAFF = {
    "search": _l("Shown in a search result"),
    "view": _l("Opened"),
    "open": _l("Opened"),
    "reveal": _l("Viewed the full mobile number"),
    "export": _l("Included in a downloaded list (CSV)"),
    Action.TAKE_UP: _l("Started work"),
    Action.ASK: _l("Asked you"),
    Action.PROPOSE: _l("Sent a decision for approval"),
    Action.SEND_BACK: _l("Sent it back to check again"),
    Action.APPROVE: _l("Decided"),
    # At the helpdesk, during the call.
    "call_back_taken": _l("Viewed the full mobile number to call you, as you asked"),
    "call_back_reached": _l("Reached you by phone"),
    "call_back_missed": _l("Called and did not reach you"),
    "call_verified": _l("The caller was verified"),
    "call_closed": _l("Call closed: the caller could not be verified"),
    "consent_told": _l("The caller agreed to register it in your name"),
    "registration_link": _l("Link for registering sent by SMS"),
    "register_link": _l("Registration started: link sent by SMS"),
    "mobile_change_link": _l("Link for changing the mobile number sent by SMS"),
    "documents_link": _l("Link for sending documents sent by SMS"),
    "answer_told": _l("The caller answered the office's question"),
    "reminder_told": _l("The caller asked for progress"),
    "dead_number_told": _l("The caller said: the mobile number on record no longer works"),
    "confirm_told": _l("The caller said: problem solved"),
    "refuse_told": _l("The caller said: problem not solved"),
}


def entry_name(entry: AccessEntry) -> LazyString | str:
    """Return what was done, in words."""
    subject = entry.subject.partition(":")[0]
    if entry.deed == "register":
        return (
            _l("Registered a complaint or request")
            if subject == "request"
            else _l("Registered on the website")
        )
    ours = _OWN if entry.role in ("consumer", "visitor", "system") else _STAFF
    return ours.get(entry.deed) or event_label(entry.deed)


def about(entry: AccessEntry) -> str:
    """Return what was accessed."""
    kind, _colon, number = entry.subject.partition(":")
    if kind == "request":
        return _("Complaint number %(number)s", number=filters.complaint_no(number))
    if kind == "connection":
        return _("Connection %(number)s", number=filters.account_no(number))
    return _("Your record")


def reason_of(entry: AccessEntry, tables: Reference) -> str:
    """Return the reason that staff gave; without one, that they worked on the complaint."""
    given = str(entry.details.get("reason") or "")
    if "call" in entry.details:
        return str(call_reason(given))
    if given:
        return localized_name(tables.reasons[given]) if given in tables.reasons else str(reveal_reason(given))
    return _("Work on your complaint or request") if entry.subject.startswith("request:") else _("not given")


ACCESS_LOG_LABELS: dict[str, Any] = {word.__name__: word for word in (entry_name, about, reason_of)}
