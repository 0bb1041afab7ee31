"""What every page stands on: language, style, static files, headers and error pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

from wss.web import compression, errors, filters, headers, inline_css, language, request_target, static_files
from wss.web.labels import bills, calculations, outcomes

_PROJECT = Path(__file__).resolve().parents[2]
_STATIC = _PROJECT / "static"
_TRANSLATIONS = _PROJECT / "translations"


def init_app(app: Flask, *, is_https: bool) -> None:
    """Lay the ground, before any room is added to it."""
    request_target.init_app(app)
    Htmx(app)
    app.config["SECURE_COOKIES"] = is_https
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # Blanks around a {% trans %} text are layout; the catalogue of texts is made the same way.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Answers pass these from the last to the first; compression has to see the finished page.
    compression.init_app(app)
    inline_css.init_app(app, _STATIC / "css" / "wss.css", is_https=is_https)
    headers.init_app(app, is_https=is_https)
    language.init_app(app, _TRANSLATIONS)
    static_files.init_app(app, _STATIC)
    filters.init_app(app)
    bills.init_app(app)
    calculations.init_app(app)
    outcomes.init_app(app)
    errors.init_app(app)
