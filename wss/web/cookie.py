"""The session cookie: a random id. Its data is in tables, so the cookie itself reveals nothing."""

import re
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin

from wss import vault
from wss.web.site_names import is_staff_request

_ID = re.compile(r"[A-Za-z0-9_-]{43}")
CSRF = "csrf_token"


class CookieSession(dict[str, Any], SessionMixin):
    """Flask's session object: the cookie's id, and the CSRF token that is derived from it."""

    def __init__(self, session_id: str, *, is_new: bool, csrf_purpose: str = "csrf") -> None:
        super().__init__()
        self.csrf_purpose = csrf_purpose
        self.id = session_id
        self.is_new = is_new
        self.is_used = False

    def __contains__(self, key: object) -> bool:
        """Return whether a key exists. Flask-WTF asks for the CSRF token, which always exists."""
        return key == CSRF or super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        """Return the CSRF token of this id, or any other value that was set during this request."""
        if key == CSRF:
            self.is_used = True
            return vault.csrf_value(self.id, self.csrf_purpose)
        return super().__getitem__(key)

    @property
    def id_hash(self) -> str:
        """Return the hash of the id that tables store. Reading it causes the cookie to be set."""
        self.is_used = True
        return vault.session_hash(self.id)

    def renew(self, session_id: str | None = None) -> None:
        """Replace the id, as login and logout do, so that a cookie planted before is worthless (session fixation)."""
        self.id = session_id or vault.new_session_id()
        self.is_new = self.is_used = True


class CookieSessions(SessionInterface):
    """The session interface: reads the id from the cookie, and sets the cookie once a page has used the id."""

    def __init__(self, *, is_https: bool) -> None:
        self.is_https = is_https
        self.name = "__Host-wss" if is_https else "wss"

    def name_of(self, app: Flask, request: Request) -> str:
        """Return the cookie's name; the name of staff has a cookie of its own."""
        return f"{self.name}_staff" if is_staff_request(app, request) else self.name

    def open_session(self, app: Flask, request: Request) -> CookieSession:
        """Return the browser's session, or a new one."""
        value = request.cookies.get(self.name_of(app, request), "")
        is_known = _ID.fullmatch(value) is not None
        purpose = "csrf-staff" if is_staff_request(app, request) else "csrf"
        session_id = value if is_known else vault.new_session_id()
        return CookieSession(session_id, is_new=not is_known, csrf_purpose=purpose)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie with the first page that needs it; it is a browser-session cookie."""
        if isinstance(session, CookieSession) and session.is_new and session.is_used:
            if response.cache_control.public:
                # No cache may give the session of one visitor to others.
                response.headers["Cache-Control"] = "no-store"
            response.set_cookie(
                self.name_of(app, current_request),
                session.id,
                path="/",
                httponly=True,
                samesite="Lax",
                secure=self.is_https,
            )

    def delete_cookie(self, response: Response) -> None:
        """Have the browser delete the cookie; a page that needs one gets a new id."""
        response.delete_cookie(self.name, path="/", httponly=True, samesite="Lax", secure=self.is_https)

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """Return None: the cookie has no expiry of its own; the row in the table has."""
        return None
