"""Inbox, captcha answers and authenticator codes for development; not in the URL map in production."""

from flask import Blueprint, Response, abort, current_app, jsonify, request

from wss import clock, vault
from wss.domain.errors import MessageTextError
from wss.queries.captchas import captcha_sum
from wss.queries.messages import newest_messages
from wss.queries.reference import reference
from wss.queries.staff import credential_of
from wss.services.messages.outbox import Outbox
from wss.web.pages import render

dev = Blueprint("dev", __name__, url_prefix="/dev")
NEWEST = 100


@dev.get("/outbox")
def outbox() -> Response:
    """Show every recent message, newest first, with its text."""
    posted: Outbox = current_app.extensions["wss"].outbox
    # The worker, which loads the texts in force, is another process: here only the project's own texts are loaded.
    posted.texts = reference().texts
    shown = []
    for message in newest_messages(NEWEST):
        parcel, fault = None, ""
        if message.text_sealed:
            try:
                parcel = posted.parcel(message)
            except (MessageTextError, vault.BrokenSeal) as unworded:
                # One text in force that lacks a value must not hide all other messages.
                fault = str(unworded) or type(unworded).__name__
        shown.append(
            {
                "id": message.id,
                "channel": message.channel,
                "to": message.recipient,
                "notice": message.notice,
                "language": message.language,
                "subject": parcel.subject if parcel else "",
                "text": parcel.text if parcel else fault,
                "state": message.state,
                "created_at": message.created_at.isoformat(),
            }
        )
    if request.args.get("format") == "json":
        return jsonify(shown)
    return render("dev/outbox.html", messages=shown)


@dev.get("/captcha/<captcha_id>")
def captcha_answer(captcha_id: str) -> Response:
    """Return the answer of a displayed captcha as text."""
    asked = captcha_sum(captcha_id, clock.now())
    if asked is None:
        abort(404)
    return Response(str(asked.answer), mimetype="text/plain")


@dev.get("/totp/<employee_id>")
def totp_code(employee_id: str) -> Response:
    """Return the code that an employee's authenticator shows.

    Right after one was used, return the next, which is already valid.
    """
    at = clock.now()
    seen = credential_of(employee_id, clock.local_date(at))
    if seen is None:
        abort(404)
    secret = vault.unseal(seen.totp_secret_sealed)
    is_used = seen.totp_last_step >= vault.totp(secret).timecode(at)
    return Response(vault.totp_code(secret, at, ahead=int(is_used)), mimetype="text/plain")
