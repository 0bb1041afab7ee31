"""App setup that every page needs: language, style sheet, static files, headers and error pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

from wss.web import (
    compression,
    errors,
    filters,
    headers,
    inline_css,
    language,
    request_log,
    request_target,
    shared_pages,
    site_names,
    static_files,
)
from wss.web.labels import bills, calculations, outcomes

_PROJECT = Path(__file__).resolve().parents[2]
_STATIC = _PROJECT / "static"
_TRANSLATIONS = _PROJECT / "translations"


def init_app(
    app: Flask, *, is_https: bool, covers_subdomains: bool = True, trusted: int = 0, slow_ms: int = 2000
) -> None:
    """Configure the app; called before any blueprint is registered."""
    request_target.init_app(app)
    # Around everything else: also what is refused before the application has an id.
    request_log.init_app(app, trusted=trusted, slow_ms=slow_ms)
    Htmx(app)
    app.config["SECURE_COOKIES"] = is_https
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # White space around a {% trans %} text is layout; the translation catalogue is extracted with the same setting.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Flask runs after-request functions from the last to the first; compression needs the complete page.
    compression.init_app(app)
    inline_css.init_app(app, _STATIC / "css" / "wss.css", is_https=is_https)
    headers.init_app(app, is_https=is_https, covers_subdomains=covers_subdomains)
    language.init_app(app, _TRANSLATIONS)
    shared_pages.init_app(app)
    static_files.init_app(app, _STATIC)
    filters.init_app(app)
    bills.init_app(app)
    calculations.init_app(app)
    outcomes.init_app(app)
    errors.init_app(app)
    app.jinja_env.globals["has_staff_name"] = site_names.has_staff_name
