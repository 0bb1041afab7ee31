"""Inbox, captcha answers and authenticator codes for development; not in the URL map in production."""

from dataclasses import asdict

from flask import Response, abort, jsonify, request

from wss import clock, vault
from wss.queries.captchas import captcha_sum
from wss.queries.messages import newest_messages
from wss.queries.staff import credential_of
from wss.web.dev.blueprint import dev
from wss.web.dev.shown_messages import shown_messages
from wss.web.pages import render

NEWEST = 100


@dev.get("/outbox")
def outbox() -> Response:
    """Show every recent message, newest first, with its text."""
    shown = shown_messages(newest_messages(NEWEST))
    if request.args.get("format") == "json":
        return jsonify([asdict(one) | {"created_at": one.created_at.isoformat()} for one in shown])
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
