"""The status of a complaint, from its number and the mobile's last digits, or from the short link of its SMS."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, ValidationError

from wss.domain import identifiers
from wss.domain.captcha import CaptchaAnswer
from wss.domain.lifecycle import OPEN
from wss.domain.typed_values import is_code
from wss.queries.reference import reference
from wss.queries.tracking import TrackedRequest, events_of
from wss.services.login.consumer_login import is_captcha_required
from wss.services.requests.status_lookup import LAST_DIGITS, StatusLookup
from wss.services.requests.tracking import look_up, look_up_by_link
from wss.web.access import visitor
from wss.web.captchas import captcha_if_due, wrong_sum
from wss.web.fields import PlainForm, ShapedField, add_error
from wss.web.labels.requests import REQUEST_LABELS
from wss.web.pages import render
from wss.web.retry_times import time_to_wait

tracking = Blueprint("tracking", __name__)


@tracking.context_processor
def words() -> dict[str, Any]:
    """Return the words for codes, for every page of this blueprint."""
    return REQUEST_LABELS


class TrackForm(PlainForm):
    """The complaint number, and the last digits of the mobile that got its SMS."""

    complaint_no = ShapedField(_l("Complaint number"), identifiers.complaint_no, required=True)
    mobile_last4 = StringField(_l("Last 4 digits of the mobile number"))
    captcha_id = HiddenField()
    captcha = StringField(_l("Solve the sum in the picture"))

    def validate_mobile_last4(self, field: StringField) -> None:
        """Require four digits, in any script."""
        if not is_code(field.data or "", LAST_DIGITS):
            raise ValidationError(_("Enter the last 4 digits of the mobile number that received the SMS"))


@tracking.get("/track")
def track() -> Response:
    """Show the form."""
    return _track_page(TrackForm(formdata=None))


@tracking.post("/track")
def look() -> Response:
    """Show the status of the complaint; one error for a wrong number and for wrong digits."""
    form = TrackForm()
    if "reload_captcha" in request.form:
        return _track_page(form)
    if not form.validate():
        return _track_page(form, 422)
    solved = CaptchaAnswer(form.captcha_id.data or "", form.captcha.data or "")
    lookup = look_up(visitor(), form.complaint_no.value, form.mobile_last4.data or "", solved)
    if lookup.found is not None:
        return render("tracking/track.html", form=form, **status_of(lookup.found))
    if lookup.wants_captcha:
        add_error(form.captcha, wrong_sum(form))
        return _track_page(form, 422)
    if lookup.retry_after:
        add_error(form.complaint_no, _too_often(lookup))
        response = _track_page(form, 429)
        response.headers["Retry-After"] = str(lookup.retry_after)
        return response
    words = _(
        "The complaint number and the mobile digits do not match. The complaint number is in "
        "the SMS and on the slip. Use the mobile number that received the SMS."
    )
    add_error(form.complaint_no, words)
    return _track_page(form, 422)


def _track_page(form: TrackForm, status: int = 200) -> Response:
    captcha_id = captcha_if_due(form, is_due=is_captcha_required())
    return render("tracking/track.html", status=status, form=form, captcha_id=captcha_id)


def _too_often(lookup: StatusLookup) -> str:
    if lookup.is_everywhere:
        return _(
            "This complaint number was tried too many times today. Use the link in your SMS, log in, or "
            "try again in %(time)s.",
            time=time_to_wait(lookup.retry_after),
        )
    return _("Too many attempts. Try again in an hour, or log in, or call 1912.")


@tracking.get("/t/<code>")
def by_link(code: str) -> Response:
    """Show the status by the short link of the SMS; nothing can be done there."""
    lookup = look_up_by_link(visitor(), code)
    if lookup.found is not None:
        return render("tracking/status.html", **status_of(lookup.found))
    response = render("tracking/dead_link.html", status=429 if lookup.retry_after else 404)
    if lookup.retry_after:
        response.headers["Retry-After"] = str(lookup.retry_after)
    return response


def status_of(found: TrackedRequest) -> dict[str, Any]:
    """Return what the page shows: status, dates and offices."""
    tables = reference()
    return {
        "found": found,
        "kind": tables.kinds.get(found.kind),
        "events": events_of(found.id),
        "offices": tables.offices,
        "office": tables.offices.get(found.holder_office_code),
        "is_open": found.status in OPEN,
    }
