"""Handling of forms whose CSRF token is missing or out of date: explain the cause and show the form again."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from wss.web.access import cookie, is_signed_in
from wss.web.errors import Explanation, error_page

# The views of these endpoints do nothing until the form is valid, and show it with the submitted values.
_SHOWN_AGAIN = frozenset(
    {
        "auth.ask_for_claim",
        "auth.ask_login_otp",
        "auth.ask_mobile",
        "auth.ask_password",
        "auth.ask_username",
        "auth.give_the_details",
        "auth.name_account",
        "auth.try_claim",
        "auth.try_login",
        "auth.try_login_code",
        "auth.try_login_otp",
        "auth.try_mobile",
        "auth.try_new_password",
        "auth.verify_otp",
        "public.calculate",
        "staff.try_login",
        "staff.try_step_up",
        "staff.try_totp",
        "tracking.look",
    }
)
# Forms of pages that caches keep (wss/web/shared_pages.py): a page for all has no token of one visitor.
_FROM_SHARED_PAGES = ("tracking.look", "public.calculate")
REDIRECTS = range(300, 400)
_ANOTHER_TAB = _l(
    "You logged in or out in another tab, so this page was out of date. What you typed is still here. "
    "Enter passwords and OTPs again, then press the button again."
)
_NO_COOKIE = _l(
    "Your browser did not send our cookie back: it blocks cookies, or it was closed. Press the button "
    "again. If you see this again, allow cookies for this site in the browser settings, or use another "
    "browser."
)
_COOKIES_BLOCKED = Explanation(_l("Your browser is not sending cookies"), _NO_COOKIE)


def init_app(app: Flask, protect: CSRFProtect) -> None:
    """Check where forms without a token come from; explain a refused form to the user, instead of only refusing it."""
    app.register_error_handler(CSRFError, _explain)
    app.jinja_env.globals["csrf_token"] = _token

    @app.before_request
    def check_origin() -> None:
        if request.endpoint not in _FROM_SHARED_PAGES:
            return
        if comes_from_own_page():
            g.csrf_valid = True
        elif app.config.get("WTF_CSRF_ENABLED", True):
            protect.protect()


def _token() -> str:
    """Return the token of the request's forms, signed for the first of them."""
    signed: str | None = g.get("csrf_token")
    return signed or generate_csrf()


def exempt_forms_of_shared_pages(app: Flask, protect: CSRFProtect) -> None:
    """Leave the check of these forms to `check_origin`; called when their views are registered."""
    for endpoint in _FROM_SHARED_PAGES:
        protect.exempt(app.view_functions[endpoint])


def comes_from_own_page() -> bool:
    """Return whether the browser says that a page of this site sent the request; no page of others can say so."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    # Older browsers send one of these; with neither of them a token is asked for.
    sent_from = urlsplit(request.headers.get("Origin") or request.referrer or "")
    public = urlsplit(current_app.extensions["wss"].config.public_url)
    own = {(public.scheme, public.netloc), (request.scheme, request.host)}
    return (sent_from.scheme, sent_from.netloc) in own


def _explain(_error: CSRFError) -> Response:
    """Show the page of the form again if its view does nothing else; the request is refused either way."""
    if request.endpoint not in _SHOWN_AGAIN:
        return error_page(400, explanation=_COOKIES_BLOCKED if cookie().is_new else None)
    g.out_of_date = _words()
    view = current_app.view_functions[request.endpoint]
    try:
        response = make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
    except Exception as error:
        # Flask does not look for a handler of an error raised within a handler: 429 would become 500.
        return make_response(current_app.handle_user_exception(error))
    if response.status_code in REDIRECTS:
        return response if _is_second_press() else error_page(400)
    response.status_code = 400
    return response


def _is_second_press() -> bool:
    """Return whether the OTP has registered a consumer a moment ago, which gave the browser a new CSRF token."""
    return request.endpoint == "auth.verify_otp" and "otp" in request.form and is_signed_in()


def _words() -> LazyString:
    return _NO_COOKIE if cookie().is_new else _ANOTHER_TAB
