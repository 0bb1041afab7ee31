"""The link in a reminder to type a reading: it shows the form, accepts one reading, and then the projected bill."""

from __future__ import annotations

from typing import Any

from flask import Response

from wss.domain.errors import NotFound
from wss.services.alerts.readings import ReadingPage, page_of_link, page_of_result, type_reading_by_link
from wss.web.access import cookie
from wss.web.labels.projections import OBSTACLES, PROJECTION_LABELS
from wss.web.language import has_chosen_language, in_language, page_language
from wss.web.pages import redirect_to, render
from wss.web.reading_form import ReadingForm
from wss.web.tracking.views import tracking


@tracking.get("/reading/<token>")
def reading(token: str) -> Response:
    """Show the form. Mail scanners open links, so this changes nothing."""
    return _page(token, ReadingForm(formdata=None))


@tracking.post("/reading/<token>")
def take_reading(token: str) -> Response:
    """Store the reading; the link works once."""
    form = ReadingForm()
    if not form.validate():
        return _page(token, form, 422)
    try:
        refused = type_reading_by_link(token, form.value, cookie().id_hash)
    except NotFound:
        return _dead()
    if refused is not None:
        form.reading.errors = (OBSTACLES[refused],)
        return _page(token, form, 422)
    return redirect_to("tracking.reading_result")


@tracking.get("/reading/result")
def reading_result() -> Response:
    """Show the next bill as projected from the reading that this browser has sent."""
    return _shown(page_of_result(cookie().id_hash), "tracking/reading_result.html")


def _page(token: str, form: ReadingForm, status: int = 200) -> Response:
    return _shown(page_of_link(token), "tracking/reading.html", status, token=token, form=form)


def _shown(page: ReadingPage | None, template: str, status: int = 200, **context: Any) -> Response:
    if page is None:
        return _dead()
    with in_language(page_language() if has_chosen_language() else page.language):
        return render(
            template,
            status=status,
            connection=page.connection,
            next_bill=page.next_bill,
            **context,
            **PROJECTION_LABELS,
        )


def _dead() -> Response:
    return render("tracking/dead_link.html", status=404)
