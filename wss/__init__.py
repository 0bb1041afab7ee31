"""WSS: the site where a consumer disputes an electricity bill and follows the complaint until it is settled."""

import gc

# What modules make stays: looking through it again and again took a seventh of a start. create_app sets it back.
_COLLECTS_AFTER = gc.get_threshold()
gc.set_threshold(100_000, *_COLLECTS_AFTER[1:])

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from wss import cli, db, metrics, vault
from wss.config import Config, development_secret
from wss.db import Database
from wss.domain.uploads import BYTES_PER_UPLOAD
from wss.gateways import Gateways, open_gateways
from wss.services.messages.outbox import Outbox

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Components:
    """The components of the application, for code that needs one of them."""

    config: Config
    database: Database
    gateways: Gateways
    outbox: Outbox


def create_app(config: Config | None = None, *, has_pages: bool = True) -> Flask:
    """Return the application: configuration, database, gateways, commands, and unless it only runs them its pages."""
    config = config or Config.from_env()
    app = _empty_application(has_pages)
    app.config.update(
        MAX_CONTENT_LENGTH=BYTES_PER_UPLOAD + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        TRUSTED_HOSTS=list(config.hosts),
        # A form that is filled in slowly on a slow connection must not expire; the token is bound to the cookie.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    configure_secrets(app, config)
    gateways = open_gateways(config)
    app.extensions["wss"] = Components(
        config,
        db.configure(Database(config.database, config.database_pool, config.database_overflow)),
        gateways,
        Outbox(
            gateways,
            config.public_url,
            close_on_silence=config.close_on_silence,
            staff_url=config.staff_url,
        ),
    )
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies)  # type: ignore[method-assign]
    cli.register(app)
    if has_pages:
        _add_web(app, config)
    metrics.watch_database(db.database().engine)
    gc.set_threshold(*_COLLECTS_AFTER)
    return app


def _empty_application(has_pages: bool) -> Flask:
    application = Flask
    if has_pages:
        # Here, because commands need no templates.
        from wss.web.application import Application

        application = Application
    return application(__name__, template_folder=str(PROJECT / "templates"), static_folder=None)


def configure_secrets(app: Flask, config: Config) -> None:
    """Set the secrets of the site: the first one signs and seals, the others are accepted."""
    secret = config.secret_key or (development_secret(config.instance) if config.is_development else "")
    app.secret_key = secret
    # The library signs with the last key of a list, and verifies with any.
    app.config["WTF_CSRF_SECRET_KEY"] = [*reversed(config.secret_key_old), secret]
    vault.configure(secret, *config.secret_key_old)


def _add_web(app: Flask, config: Config) -> None:
    """Add app setup, access check and blueprints, in that order."""
    # Here, as commands and the worker need none of it.
    from flask_wtf.csrf import CSRFProtect

    from wss.web import (
        access,
        access_table,
        app_setup,
        body_limits,
        csrf,
        plain_text,
        proxies,
        request_metrics,
        site_names,
        staff_menu,
        template_language,
    )
    from wss.web.admin import admin
    from wss.web.auth import auth
    from wss.web.consumer import consumer
    from wss.web.cookie import CookieSessions
    from wss.web.csp_reports import csp_reports
    from wss.web.deliveries import deliveries
    from wss.web.dev import demo_clock, dev
    from wss.web.gateway_receipts import gateway
    from wss.web.health import health
    from wss.web.helpdesk import helpdesk
    from wss.web.mis import mis
    from wss.web.officer import officer
    from wss.web.public import public
    from wss.web.public.unsubscribe import stop_alerts
    from wss.web.site_probe import doctor
    from wss.web.staff import staff
    from wss.web.tracking import tracking

    app.session_interface = CookieSessions(is_https=config.is_https)
    app_setup.init_app(
        app,
        is_https=config.is_https,
        covers_subdomains=config.hsts_subdomains,
        trusted=config.trusted_proxies or 0,
        slow_ms=config.slow_request_ms,
    )
    proxies.init_app(app, trusted=config.trusted_proxies or 0)
    body_limits.init_app(app)
    if config.has_demo_clock:
        demo_clock.init_app(app)
    access.init_app(app)
    body_limits.refuse_large_bodies(app)
    staff_menu.init_app(app)
    # Gateways and mail programs have no form with a token: their requests are signed.
    csrf_protect = CSRFProtect(app)
    csrf.init_app(app, csrf_protect)
    csrf_protect.exempt(gateway)
    csrf_protect.exempt(stop_alerts)
    # Browsers send reports by themselves, without a page of ours.
    csrf_protect.exempt(csp_reports)
    plain_text.init_app(app)
    blueprints = [public, auth, consumer, tracking, health, gateway, staff, officer, mis, admin, helpdesk]
    for blueprint in [
        *blueprints,
        deliveries,
        csp_reports,
        doctor,
        *([dev] if config.is_development else []),
    ]:
        app.register_blueprint(blueprint)
    csrf.exempt_forms_of_shared_pages(app, csrf_protect)
    site_names.init_app(app, config.staff_url, access_table.is_staff_endpoint)
    # The last, so that what the others refuse is counted too.
    request_metrics.init_app(app)
    template_language.init_app(app, PROJECT / "translations")
