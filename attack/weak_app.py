"""Serves an application with known faults, by which a blind scanner is noticed: `python -m attack.weak_app`.

It listens on this machine only, holds made-up data in memory, and is part of nothing else.
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
# A mobile number that the application writes into its log.
LOGGED_MOBILE = "9876500321"
# Each connection holds one of these for as long as it likes, also when it sends nothing.
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
    """Give every answer its headers, but for the one that lacks them."""
    if request.path != "/bare":
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
    return response


@weak.get("/")
def home() -> str:
    """Links to every fault."""
    links = "".join(
        f'<a href="{to}">{to}</a> '
        for to in ("/search?q=1", "/hello?name=a", "/go?next=/", "/day?day=2026-11-30", "/lodged/1", "/bare")
    )
    form = '<form method="post" action="/profile"><input name="mobile" value="9000000000"></form>'
    return f"<!doctype html><title>Weak</title>{links}{form}"


@weak.get("/search")
def search() -> str:
    """SQL injection."""
    asked = "select name from bill where number = '" + request.args.get("q", "") + "'"  # noqa: S608
    try:
        with _lock:
            found = _bills.execute(asked).fetchall()
    except (sqlite3.Error, sqlite3.Warning, ValueError, UnicodeError) as error:
        return f"<p>sqlite3.OperationalError: {type(error).__name__}</p>"
    return f"<p>{len(found)} found: {[name for (name,) in found]}</p>" if found else "<p>nothing</p>"


@weak.get("/hello")
def hello() -> str:
    """Reflected markup."""
    return "<!doctype html><p>Hello " + request.args.get("name", "") + "</p>"


@weak.get("/go")
def go_on() -> Answer:
    """An open redirect."""
    return redirect(request.args.get("next") or "/", 303)


@weak.get("/day")
def day() -> Any:
    """A server error on the first day there is."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return "no such day", 400
    return f"<p>{asked - timedelta(days=1)}</p>"


@weak.get("/lodged/<number>")
def lodged(number: str) -> Response:
    """Text from the address, shown as the application's own."""
    page = Response(mimetype="text/html")
    safe = number.replace("&", "&amp;").replace("<", "&lt;")
    page.set_data(f"<p>Your complaint number is <b>{safe[:3]}</b> <b>{safe[3:]}</b></p>")
    return page


@weak.get("/bare")
def bare() -> Response:
    """No security headers, and a cookie that scripts can read."""
    response = Response("<p>bare</p>", mimetype="text/html")
    response.set_cookie(COOKIE + "_seen", "1")
    return response


@weak.get("/account/<account_no>")
def account(account_no: str) -> Any:
    """Another's account for everybody who is signed in."""
    if not request.cookies.get(COOKIE, "").startswith(("consumer", "other", "admin")):
        return redirect("/login", 303)
    return f"<p>Account {len(account_no)}</p>"


@weak.get("/papers")
def papers() -> str:
    """A page for administrators that asks for nobody's role."""
    return "<p>papers</p>"


@weak.get("/login")
def login() -> str:
    """The sign-in page."""
    return '<form method="post" action="/login"><input name="login"><input name="password"></form>'


@weak.post("/profile")
def change_profile() -> Answer:
    """A change without a token, which writes the mobile number into the log."""
    profile["mobile"] = request.form.get("mobile", "")
    weak.logger.warning("mobile of %s changed", LOGGED_MOBILE)
    return redirect("/", 303)


class RawHeaders:
    """Puts the query of `/header` into a header as it is."""

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
    """A thread for each connection and few of them, with no time limit: idle connections keep everybody out."""

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a free place before the next connection is taken."""
        _free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Give the place back once the client has gone."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            _free.release()


_free = threading.Semaphore(PLACES_OF_SERVER)


@weak.get("/header")
def header() -> str:
    """For the URL map only: `RawHeaders` answers."""
    return "ok"


def server(port: int) -> BaseServer:
    """The application on a port of this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return FewPlaces(HOST, port, RawHeaders(weak))


if __name__ == "__main__":
    server(int(os.environ.get("PORT") or sys.argv[1])).serve_forever()
