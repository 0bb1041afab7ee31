"""Sentences for callers who have proved only four digits, or a bill: no more than the website shows to them."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss import clock
from wss.domain.lifecycle import BEFORE_RESOLVED, Closing, Status
from wss.queries.calls import RequestOfCall
from wss.queries.reference import Reference
from wss.queries.tracking import TrackedRequest
from wss.web import filters
from wss.web.helpdesk.read_back import deadline_sentence
from wss.web.labels.requests import STATUS, localized_name, office_name
from wss.web.labels.staff import post_name

_CLOSED = {
    Closing.CONFIRMED: _l("It is closed: it was confirmed that the problem is solved."),
    Closing.UNCONFIRMED: _l("It is closed because there was no answer."),
    Closing.DISPUTED: _l("It is closed, although the decision was not accepted."),
}


def public_status_sentences(found: TrackedRequest, tables: Reference) -> list[str]:
    """Return the status of a complaint as the website shows it: status, date and office."""
    kind, office = tables.kinds.get(found.kind), tables.offices.get(found.holder_office_code)
    number = filters.complaint_no(found.complaint_no)
    sentences = [
        _(
            "This is about complaint number %(number)s, %(kind)s.",
            number=number,
            kind=localized_name(kind) if kind else found.kind,
        )
    ]
    if found.frozen:
        return [*sentences, _("It is on hold until we know who registered it.")]
    is_closed = found.status == Status.CLOSED and found.closing
    words = {"office": office_name(office), "post": post_name(found.holder_role)}
    spoken = _CLOSED[Closing(found.closing or "")] if is_closed else STATUS[Status(found.status)].spoken
    sentences.append(str(spoken) % words)
    if found.status not in BEFORE_RESOLVED:
        return sentences
    if office and office.phone:
        sentences.append(_("The phone number of the office is %(phone)s.", phone=office.phone))
    deadline = deadline_sentence(found, clock.local_date(clock.now()))
    return [
        *sentences,
        deadline or _("The reply date, %(day)s, has passed.", day=filters.day(found.promised_on)),
    ]


def registration_sentences() -> list[str]:
    """Return what a caller who wants a bill corrected hears: by the memorandum such complaints go to the website."""
    address = f"{current_app.extensions['wss'].config.public_url}/register"
    return [
        _("You can register a bill complaint on the website. You need the account number and a bill number."),
        _(
            "The website is %(address)s. I can send you the link by SMS. Register there and submit "
            "your complaint.",
            address=address,
        ),
        _("Both numbers are printed on every bill. If you have no bill, ask at your sub-division office."),
    ]


def counter_sentences(one: RequestOfCall, tables: Reference) -> list[str]:
    """Return where to go when the number on record no longer works, and what to bring."""
    office = tables.offices.get(one.holder_office_code)
    sentences = [_("Please go to the counter of this office: %(office)s.", office=office_name(office))]
    if office and office.phone:
        sentences.append(_("The phone number of the office is %(phone)s.", phone=office.phone))
    return [
        *sentences,
        _("Take your last bill, a photo identity card and the phone with the new number with you."),
        _(
            "Your complaint number for the counter is %(number)s. Please write it down.",
            number=filters.complaint_no(one.complaint_no),
        ),
    ]
