"""A small application with empty blueprints, for what all pages share."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, abort, after_this_request, g
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from sqlalchemy import exc
from sqlalchemy.exc import OperationalError

from tests.factories import Household, a_household, sign_in
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.domain.errors import Forbidden, NotFound, Outdated, StoreAway
from wss.web import app_setup
from wss.web.pages import redirect_to, render
from wss.web.public.captchas import public

BLUEPRINTS = {
    "auth": (("login", "/login"), ("register", "/register"), ("finish", "/finish")),
    "consumer": (
        ("account", "/account"),
        ("connection", "/account/<account_no>"),
        ("timeline", "/requests/<complaint_no>"),
    ),
    "tracking": (("track", "/track"), ("look", "/track/look")),
    "health": (("livez", "/livez"),),
    "dev": (("outbox", "/dev/outbox"),),
}
BROKEN_RULES = {"not-found": NotFound(), "outdated": Outdated(), "forbidden": Forbidden("not_now")}
SECRET_OF_THE_MACHINE = "SELECT mobile FROM consumers in /srv/wss/db.py"


def _add_empty_blueprints(app: Flask) -> None:
    for name, pages in BLUEPRINTS.items():
        blueprint = Blueprint(name, name)
        for endpoint, address in pages:
            blueprint.add_url_rule(address, endpoint, lambda **_values: render("public/sitemap.html"))
        if name == "auth":
            blueprint.add_url_rule("/logout", "logout", lambda: redirect_to("public.home"), methods=["POST"])
        app.register_blueprint(blueprint)


def _add_failing_endpoints(app: Flask) -> None:
    @app.get("/answer/<int:status>")
    def answer(status: int) -> object:
        return ("", status) if status < 400 else abort(status)

    @app.get("/broken/<rule>")
    def broken(rule: str) -> object:
        raise BROKEN_RULES[rule]

    @app.get("/no-documents")
    def no_documents() -> object:
        raise StoreAway

    @app.get("/crash")
    def crash() -> object:
        raise RuntimeError(SECRET_OF_THE_MACHINE)

    @app.get("/no-database")
    def no_database() -> object:
        raise OperationalError(SECRET_OF_THE_MACHINE, {}, RuntimeError("locked"))

    @app.get("/part")
    def part() -> object:
        return render("public/sitemap.html", "errors/_details.html", wait=2)

    @app.get("/on")
    def on() -> object:
        return redirect_to("public.help_page")


def _add_database_errors(app: Flask) -> None:
    def fail(kind: str) -> None:
        kinds = getattr(exc, kind)
        given = (SECRET_OF_THE_MACHINE, {}, RuntimeError()) if issubclass(kinds, exc.DBAPIError) else ()
        raise kinds(*given)

    @app.get("/database-error/<when>/<kind>")
    def database_error(when: str, kind: str) -> object:
        if when == "in":
            fail(kind)
        after_this_request(lambda _response: fail(kind))
        return ""


@pytest.fixture
def home(visitor: Visitor, frozen_clock: FrozenClock) -> Household:
    """Return an unregistered connection."""
    return a_household(registered=False)


@pytest.fixture
def clerk(complainant: Household, visitor: Visitor) -> Visitor:
    """Return the clerk of the office, logged in, reading English."""
    return signed_in(visitor, "C1")


@pytest.fixture
def reader(complainant: Household, visitor: Visitor) -> Visitor:
    """Return the complainant, logged in, reading English."""
    sign_in(visitor, complainant.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


@pytest.fixture
def small_site() -> Flask:
    """Return an application with the app setup, the public pages and empty endpoints."""
    app = Flask("wss", template_folder="../templates", static_folder=None)
    # Flask's own cookie replaces the site's; the home page's form needs one.
    app.config.update(SECRET_KEY="only for tests, and long enough", TESTING=False, SESSION_COOKIE_SECURE=True)
    CSRFProtect(app)
    app.before_request(lambda: setattr(g, "who", None))
    app_setup.init_app(app, is_https=True)
    app.register_blueprint(public)
    _add_empty_blueprints(app)
    _add_failing_endpoints(app)
    _add_database_errors(app)
    return app


@pytest.fixture
def anonymous_visitor(small_site: Flask) -> Iterator[FlaskClient]:
    """Yield an anonymous client of the small site."""
    with small_site.test_client() as client:
        yield client
