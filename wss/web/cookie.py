"""The one cookie: a random id. What belongs to it stands in tables, and nothing of worth can be read out of it."""

import re
import secrets
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from wss import vault

_ID = re.compile(r"[A-Za-z0-9_-]{43}")
CSRF = "csrf_token"


class CookieSession(dict[str, Any], SessionMixin):
    """What Flask calls the session: the cookie's id, and the CSRF token that follows from it."""

    def __init__(self, session_id: str, *, is_new: bool) -> None:
        super().__init__()
        self.id = session_id
        self.is_new = is_new
        self.is_used = False

    def __contains__(self, key: object) -> bool:
        """Flask-WTF asks whether there is a token: there always is."""
        return key == CSRF or super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        """The token of this id, or whatever else was put in for the length of the request."""
        if key == CSRF:
            self.is_used = True
            return vault.keyed_hash("csrf", self.id)
        return super().__getitem__(key)

    @property
    def id_hash(self) -> str:
        """What tables keep of the id. Asking for it means that the browser has to keep the cookie."""
        self.is_used = True
        return vault.keyed_hash("session", self.id)

    def renew(self, session_id: str | None = None) -> None:
        """Take another id, as signing in and out do, so that a cookie planted before is worth nothing."""
        self.id = session_id or secrets.token_urlsafe(32)
        self.is_new = self.is_used = True


class CookieSessions(SessionInterface):
    """Reads the id from the cookie, and sets it once a page has used it."""

    def __init__(self, *, is_https: bool) -> None:
        self.is_https = is_https
        self.name = "__Host-wss" if is_https else "wss"

    def open_session(self, app: Flask, request: Request) -> CookieSession:
        """The id of the browser, or a new one for it."""
        value = request.cookies.get(self.name, "")
        if _ID.fullmatch(value):
            return CookieSession(value, is_new=False)
        return CookieSession(secrets.token_urlsafe(32), is_new=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie with the first page that needs it; it ends with the browser."""
        if isinstance(session, CookieSession) and session.is_new and session.is_used:
            response.set_cookie(
                self.name, session.id, path="/", httponly=True, samesite="Lax", secure=self.is_https
            )

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """The cookie has no time of its own; the table has."""
        return None
