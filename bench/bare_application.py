"""A page of the site without the site: the same templates and texts without session, database or compression.

No checks are made either.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from flask import Flask, render_template, template_rendered
from flask_babel import Babel, get_locale
from jinja2 import Template
from jinja2.environment import TemplateModule

from bench.keys import COOKIE
from wss import PROJECT

# Flask and Flask-Login add these to each context; they belong to one request.
_OF_THE_REQUEST = {"g", "request", "session", "current_user"}


@dataclass(frozen=True)
class Part:
    """A template that the site renders in advance and may cache, with its values.

    The bare page renders it each time.
    """

    template: str
    values: dict[str, Any]


@dataclass(frozen=True)
class FrozenPage:
    """A page rendered once: its template and every value that went into it."""

    endpoint: str
    template: str
    context: dict[str, Any]
    constants: dict[str, Any]
    locale: str
    parts: dict[str, Part]
    body: bytes


def frozen_page(site: Flask, address: str, session_id: str) -> FrozenPage:
    """Request a page of the site and record the context of its template."""
    seen: list[tuple[str, str, dict[str, Any], str]] = []

    def keep(_sender: Flask, template: Template, context: dict[str, Any], **_: object) -> None:
        values = {name: value for name, value in context.items() if name not in _OF_THE_REQUEST}
        endpoint = str(context["request"].endpoint)
        seen.append((endpoint, template.name or "", values, str(get_locale())))

    config = site.extensions["wss"].config
    client = site.test_client()
    client.set_cookie(COOKIE, session_id, domain=config.hosts[0])
    with (
        template_rendered.connected_to(keep, site),
        _recorded_parts() as made,
        _recorded_results(site) as results,
    ):
        answer = client.get(address, base_url=config.public_url)
    if answer.status_code != 200 or len(seen) != 1:
        raise RuntimeError(f"{address} answers {answer.status_code} from {len(seen)} templates")
    endpoint, template, context, locale = seen[0]
    constants = {name: _always(result) for name, result in results.items()}
    parts = {name: made[id(value)] for name, value in context.items() if isinstance(value, TemplateModule)}
    return FrozenPage(endpoint, template, context, constants, locale, parts, answer.data)


@contextmanager
def _recorded_parts() -> Iterator[dict[int, Part]]:
    """Record which parts are rendered in advance, and from what."""
    made: dict[int, Part] = {}
    original = Template.make_module

    def noted(
        self: Template, values: dict[str, Any] | None = None, *rest: Any, **named: Any
    ) -> TemplateModule:
        module = original(self, values, *rest, **named)
        made[id(module)] = Part(self.name or "", dict(values or {}))
        return module

    with patch.object(Template, "make_module", noted):
        yield made


def template_app(site: Flask, page: FrozenPage) -> Flask:
    """Return a bare application that renders this page; its response equals the site's, byte by byte."""
    app = Flask("template", static_folder=None)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    Babel(
        app,
        default_locale=page.locale,
        default_timezone="Asia/Kolkata",
        default_translation_directories=str(PROJECT / "translations"),
        locale_selector=lambda: page.locale,
    )
    environment = app.jinja_env
    environment.loader = site.jinja_env.loader
    environment.policies.update(site.jinja_env.policies)
    for name, value in site.jinja_env.filters.items():
        environment.filters.setdefault(name, value)
    for name, value in {**site.jinja_env.globals, **page.constants}.items():
        environment.globals.setdefault(name, value)
    _register(app, site, page)
    return app


def _register(app: Flask, site: Flask, page: FrozenPage) -> None:
    """Register the same URLs, so that links are built alike; only the page's own URL returns content."""

    def answer(**_: object) -> str:
        made = {
            name: app.jinja_env.get_template(part.template).make_module(part.values)
            for name, part in page.parts.items()
        }
        return render_template(page.template, **{**page.context, **made})

    def nothing(**_: object) -> str:
        return ""

    app.url_map.converters.update(site.url_map.converters)
    for rule in site.url_map.iter_rules():
        view = answer if rule.endpoint == page.endpoint else nothing
        methods = sorted(rule.methods or {"GET"})
        app.add_url_rule(rule.rule, rule.endpoint, view, methods=methods)


@contextmanager
def _recorded_results(site: Flask) -> Iterator[dict[str, Any]]:
    """Record what the site's own template functions return to this page.

    Only those that the page calls: others may need a visitor of another kind, such as an employee.
    """
    results: dict[str, Any] = {}
    usual = Flask("usual").jinja_env.globals

    def noting(name: str, function: Any) -> Any:
        def noted() -> Any:
            results[name] = function()
            return results[name]

        return noted

    own = {name: value for name, value in site.jinja_env.globals.items() if name not in usual}
    recorders = {name: noting(name, value) for name, value in own.items() if _needs_nothing(value)}
    with patch.dict(site.jinja_env.globals, recorders):
        yield results


def _needs_nothing(value: Any) -> bool:
    if not inspect.isfunction(value):
        return False
    required = [one for one in inspect.signature(value).parameters.values() if one.default is one.empty]
    return not required


def _always(value: object) -> Any:
    return lambda: value
