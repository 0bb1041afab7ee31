"""Image and sound of captchas; the sum itself is never sent."""

from typing import Any

from flask import Response, abort, current_app, make_response, url_for

from wss import clock, vault
from wss.domain.captcha import CaptchaSum
from wss.queries.captchas import captcha_sum
from wss.web.captchas import fresh_captcha
from wss.web.language import referring_page, request_language
from wss.web.pages import redirect_to_address, render, wants_fragment
from wss.web.public.views import public


@public.get("/captcha/new")
def captcha_new() -> Response:
    """Return a new captcha instead of the current one; without HTMX, redirect to the form's page."""
    if not wants_fragment():
        back = referring_page()
        return redirect_to_address(back if back != url_for("public.home") else url_for("auth.login"))
    return render("public/_captcha.html", captcha_id=fresh_captcha())


@public.get("/captcha/<captcha_id>.png")
def captcha_picture(captcha_id: str) -> Response:
    """Return the captcha as an image."""
    return _kept(_gateways().picture(_sum(captcha_id), _seed(captcha_id)), "image/png")


@public.get("/captcha/<captcha_id>.wav")
def captcha_sound(captcha_id: str) -> Response:
    """Return the captcha as speech, in the reader's language."""
    return _kept(_gateways().sound(_sum(captcha_id), request_language(), _seed(captcha_id)), "audio/wav")


def _gateways() -> Any:
    return current_app.extensions["wss"].gateways


def _sum(captcha_id: str) -> CaptchaSum:
    return captcha_sum(captcha_id, clock.now()) or abort(404)


def _seed(captcha_id: str) -> int:
    """Return the seed for image and sound: the same each time for this captcha.

    It depends on our secret; otherwise an attacker could compute all images in advance and compare.
    """
    return int(vault.keyed_hash("captcha look", captcha_id)[:16], 16)


def _kept(content: bytes, media_type: str) -> Response:
    response = make_response(content)
    response.mimetype = media_type
    return response
