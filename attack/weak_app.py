"""An application with known faults, which reveals scanners that find nothing: `python -m attack.weak_app`.

It listens on this machine only, has synthetic data in memory, and is not part of the product.
"""

import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Iterable
from datetime import date, timedelta
from socketserver import BaseServer
from typing import Any

from flask import Flask, Response, redirect, request
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wrappers import Response as Answer

HOST = "127.0.0.1"
COOKIE = "weak"
# A mobile number that the application logs.
LOGGED_MOBILE = "9876500321"
# Each connection occupies one of these without a time limit, even when it sends nothing.
PLACES_OF_SERVER = 50
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'",
    "Cache-Control": "no-store",
}
weak = Flask("attack.weak_app", static_folder=None)
_bills = sqlite3.connect(":memory:", check_same_thread=False)
_bills.executescript(
    "create table bill (number text, name text); insert into bill values ('1', 'Asha'), ('2', 'Ravi');"
)
_lock = threading.Lock()
profile = {"mobile": "9000000000"}


@weak.after_request
def protect(response: Response) -> Response:
    """Add the security headers to every response except the one that lacks them."""
    if request.path != "/bare":
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
    return response


@weak.get("/")
def home() -> str:
    """Show links to every fault."""
    links = "".join(
        f'<a href="{to}">{to}</a> '
        for to in ("/search?q=1", "/hello?name=a", "/go?next=/", "/day?day=2026-11-30", "/lodged/1", "/bare")
    )
    form = '<form method="post" action="/profile"><input name="mobile" value="9000000000"></form>'
    return f"<!doctype html><title>Weak</title>{links}{form}"


@weak.get("/search")
def search() -> str:
    """Allow SQL injection."""
    asked = "select name from bill where number = '" + request.args.get("q", "") + "'"  # noqa: S608
    try:
        with _lock:
            found = _bills.execute(asked).fetchall()
    except (sqlite3.Error, sqlite3.Warning, ValueError, UnicodeError) as error:
        return f"<p>sqlite3.OperationalError: {type(error).__name__}</p>"
    return f"<p>{len(found)} found: {[name for (name,) in found]}</p>" if found else "<p>nothing</p>"


@weak.get("/hello")
def hello() -> str:
    """Reflect markup."""
    return "<!doctype html><p>Hello " + request.args.get("name", "") + "</p>"


@weak.get("/go")
def redirect_to_next() -> Answer:
    """Redirect to any address."""
    return redirect(request.args.get("next") or "/", 303)


@weak.get("/day")
def day() -> Any:
    """Fail with a server error on the first possible day."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return "no such day", 400
    return f"<p>{asked - timedelta(days=1)}</p>"


@weak.get("/lodged/<number>")
def lodged(number: str) -> Response:
    """Show text from the address as the application's own."""
    page = Response(mimetype="text/html")
    safe = number.replace("&", "&amp;").replace("<", "&lt;")
    page.set_data(f"<p>Your complaint number is <b>{safe[:3]}</b> <b>{safe[3:]}</b></p>")
    return page


@weak.get("/bare")
def bare() -> Response:
    """Respond without security headers, and with a cookie that scripts can read."""
    response = Response("<p>bare</p>", mimetype="text/html")
    response.set_cookie(COOKIE + "_seen", "1")
    return response


@weak.get("/account/<account_no>")
def account(account_no: str) -> Any:
    """Show any account to everyone who is logged in."""
    if not request.cookies.get(COOKIE, "").startswith(("consumer", "other", "admin")):
        return redirect("/login", 303)
    return f"<p>Account {len(account_no)}</p>"


@weak.get("/papers")
def papers() -> str:
    """Show a page for administrators without a check of the role."""
    return "<p>papers</p>"


@weak.get("/login")
def login() -> str:
    """Show the login page."""
    return '<form method="post" action="/login"><input name="login"><input name="password"></form>'


@weak.post("/profile")
def change_profile() -> Answer:
    """Change data without a token, and log the mobile number."""
    profile["mobile"] = request.form.get("mobile", "")
    weak.logger.warning("mobile of %s changed", LOGGED_MOBILE)
    return redirect("/", 303)


class RawHeaders:
    """WSGI middleware that copies the query of `/header` into a header unchanged."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/header":
            return self.inner(environ, start_response)
        from urllib.parse import parse_qs

        lang = parse_qs(environ["QUERY_STRING"], encoding="latin-1").get("lang", [""])[0]
        start_response("200 OK", [*_HEADERS.items(), ("Content-Type", "text/plain"), ("X-Lang", lang)])
        return [b"ok"]


class FewPlaces(ThreadedWSGIServer):
    """A server with few threads, one for each connection, without a timeout: idle connections block everyone else."""

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a free thread before the next connection is accepted."""
        _free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Free the thread once the client has gone."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            _free.release()


_free = threading.Semaphore(PLACES_OF_SERVER)


@weak.get("/header")
def header() -> str:
    """Exist for the URL map only: `RawHeaders` responds."""
    return "ok"


def server(port: int) -> BaseServer:
    """Return the server of the application on a port of this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return FewPlaces(HOST, port, RawHeaders(weak))


if __name__ == "__main__":
    server(int(os.environ.get("PORT") or sys.argv[1])).serve_forever()
