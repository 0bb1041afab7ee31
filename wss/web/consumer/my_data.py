"""My data: what is stored, who accessed it, a copy of everything, consents, and erasure."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Response, request, send_file, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.retention import erasure_obstacle
from wss.domain.typed_values import whole_number
from wss.queries import access, my_data
from wss.queries.access import AccessEntry
from wss.queries.consumers import consumer as consumer_row
from wss.queries.consumers import holds_of
from wss.queries.erasure import activity_of, erasure_asked_at
from wss.queries.reference import reference
from wss.services.my_data.erasure import ErasureOutcome, request_erasure, withdraw_erasure_request
from wss.services.my_data.export import write_export
from wss.services.my_data.settings import set_alerts
from wss.web import filters
from wss.web.access import cookie, current_actor, current_consumer, is_signed_in
from wss.web.consumer.blueprint import consumer, document_storage
from wss.web.consumer.reauthentication import not_confirmed
from wss.web.downloads import A_ZIP, as_download
from wss.web.labels.audit import ACCESS_LOG_LABELS
from wss.web.pages import redirect_to, render

_CHANNELS = ("sms", "email")


@consumer.get("/account/access")
def who_looked() -> Response:
    """Show who accessed the data: staff by post and office, and the consumer's own actions."""
    me = current_consumer().id
    by_staff = access.actions_of_staff(me, _before("before"))
    own = access.own_actions(me, _before("own_before"))
    return render(
        "consumer/access.html",
        by_staff=by_staff,
        own=own,
        older=_older(by_staff),
        own_older=_older(own),
        on_hold=_is_on_hold(),
        tables=reference(),
        **ACCESS_LOG_LABELS,
    )


@consumer.get("/account/data")
def held_data() -> Response:
    """Show what is stored, for what purpose, and on which consent."""
    return _held_page()


@consumer.post("/account/data/export")
def export_data() -> Response:
    """Send a copy of everything as one archive.

    A download does not change the page, so reauthentication leads back to the page.
    """
    asked = not_confirmed(
        _("Download everything"), next_page=url_for("consumer.held_data", confirmed=1, _anchor="copy")
    )
    if asked is not None:
        return asked
    # The response closes the file once it has been sent.
    file = TemporaryFile()  # noqa: SIM115
    limit_result = write_export(current_actor(), file, document_storage().store)
    if not limit_result.allowed:
        file.close()
        return _wait(_held_page(429), limit_result.retry_after)
    file.seek(0)
    # The file name has kind and day, but nothing about the consumer.
    response = as_download(send_file(file, mimetype=A_ZIP), A_ZIP, f"wss-{filters.day(clock.now())}")
    response.headers["Cache-Control"] = "no-store"
    return response


@consumer.post("/account/data/alerts")
def change_alerts() -> Response:
    """Withdraw the consent to alerts, or give it again."""
    channel, wanted = request.form.get("channel", ""), request.form.get("wanted") == "1"
    if channel not in _CHANNELS or (channel == "email" and wanted and not current_consumer().email):
        return redirect_to("consumer.settings")
    set_alerts(current_actor(), channel, wanted=wanted)
    return redirect_to("consumer.held_data", _anchor="consents")


@consumer.get("/account/data/erase")
def erase() -> Response:
    """Show what erasure means, and whether it is possible now."""
    owner = consumer_row(current_consumer().id)
    return render(
        "consumer/erase.html",
        hindrance=erasure_obstacle(activity_of(owner), clock.now()) if owner else None,
        asked_at=erasure_asked_at(current_consumer().id),
    )


@consumer.post("/account/data/erase")
def ask_erase() -> Response:
    """Erase the data, or record the request for erasure, after reauthentication."""
    asked = not_confirmed(_("End my online registration and erase my data"))
    if asked is not None:
        return asked
    if request_erasure(current_actor(), document_storage().store) is ErasureOutcome.ERASED:
        cookie().renew()
        return redirect_to("consumer.erased")
    return redirect_to("consumer.erase")


@consumer.post("/account/data/keep")
def keep_data() -> Response:
    """Withdraw the request for erasure."""
    withdraw_erasure_request(current_actor())
    return redirect_to("consumer.erase")


@consumer.get("/account/erased")
def erased() -> Response:
    """Show that the data were erased; a logged-in consumer is redirected to their account."""
    if is_signed_in():
        return redirect_to("consumer.account")
    return render("consumer/erased.html")


def _held_page(status: int = 200) -> Response:
    me, at = current_consumer(), clock.now()
    return render(
        "consumer/my_data.html",
        status=status,
        me=me,
        row=my_data.own_row(me.id),
        connections=my_data.connections_now(me.id, at),
        held=my_data.held_counts(me.id, clock.now()),
        on_hold=_is_on_hold(),
        consents=my_data.consents_of(me.id),
        too_often=status == 429,
        confirmed="confirmed" in request.args,
    )


def _is_on_hold() -> bool:
    """Return whether the only connection is still on hold: until then nothing of it is shown."""
    me = current_consumer()
    return me.is_held and bool(holds_of(me.id, clock.now()))


def _before(name: str) -> int | None:
    return whole_number(request.args.get(name, ""))


def _older(entries: list[AccessEntry]) -> int | None:
    return entries[-1].id if len(entries) == access.PAGE else None


def _wait(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response
