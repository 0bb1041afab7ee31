"""The status of a complaint for whoever has its number and the mobile's last digits, or the short link of its SMS."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from wss.domain import identifiers
from wss.domain.lifecycle import OPEN
from wss.queries.reference import reference
from wss.queries.tracking import Tracked, happenings
from wss.services.tracking import LAST_DIGITS, look_by_link, look_up
from wss.web.access import visitor
from wss.web.fields import PlainForm, ShapedField
from wss.web.pages import render
from wss.web.wording_of_codes import WORDS

tracking = Blueprint("tracking", __name__)


@tracking.context_processor
def words() -> dict[str, Any]:
    """The words for codes, for every page of this room."""
    return WORDS


class TrackForm(PlainForm):
    """Complaint number, and what only the receiver of its SMS knows."""

    complaint_no = ShapedField(_l("Complaint number"), identifiers.complaint_no, required=True)
    mobile_last4 = StringField(_l("Last 4 digits of the mobile number"))

    def validate_mobile_last4(self, field: StringField) -> None:
        """Four digits in any script."""
        digits = identifiers.normalise_digits(field.data or "")
        if len(digits) != LAST_DIGITS or not digits.isdecimal():
            raise ValidationError(_("Enter the last 4 digits of the mobile number that got the SMS"))


@tracking.get("/track")
def track() -> Response:
    """Ask for the number."""
    return render("tracking/track.html", form=TrackForm(formdata=None))


@tracking.post("/track")
def look() -> Response:
    """Show how the complaint stands; one answer for a wrong number and for wrong digits."""
    form = TrackForm()
    if not form.validate():
        return render("tracking/track.html", status=422, form=form)
    looked = look_up(visitor(), form.complaint_no.value, form.mobile_last4.data or "")
    if looked.found is not None:
        return render("tracking/track.html", form=form, **status_of(looked.found))
    if looked.retry_after:
        form.complaint_no.errors = (_("Too many attempts. Wait an hour, sign in, or call 1912."),)
        response = render("tracking/track.html", status=429, form=form)
        response.headers["Retry-After"] = str(looked.retry_after)
        return response
    form.complaint_no.errors = (
        _("Complaint number and mobile do not fit together. Both stand in the SMS or on the slip."),
    )
    return render("tracking/track.html", status=422, form=form)


@tracking.get("/t/<code>")
def by_link(code: str) -> Response:
    """The short link of the SMS: it shows, and can do nothing."""
    looked = look_by_link(visitor(), code)
    if looked.found is not None:
        return render("tracking/status.html", **status_of(looked.found))
    response = render("tracking/dead_link.html", status=429 if looked.retry_after else 404)
    if looked.retry_after:
        response.headers["Retry-After"] = str(looked.retry_after)
    return response


def status_of(found: Tracked) -> dict[str, Any]:
    """What the page tells: status, dates and offices."""
    tables = reference()
    return {
        "found": found,
        "kind": tables.kinds.get(found.kind),
        "events": happenings(found.id),
        "offices": tables.offices,
        "office": tables.offices.get(found.holder_office_code),
        "is_open": found.status in OPEN,
    }
