"""The Flask application of the site: addresses are built from their rule, and views are plain functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, has_request_context
from flask.globals import request_ctx
from werkzeug.routing import Map, Rule

from wss.web.shared_pages import LANGUAGE_ARGUMENT, is_shared
from wss.web.template_language import LanguageEnvironment


class Application(Flask):
    """Flask with a shorter way to the addresses of one rule, of which a page has about twenty."""

    jinja_environment = LanguageEnvironment

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._only_rules: dict[Map, Mapping[str, Rule]] = {}

    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return the address of an endpoint, as Flask does."""
        is_path = _anchor is None and _method is None and _scheme is None and _external is None
        path = self._path(endpoint, values) if is_path else None
        return path or super().url_for(
            endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none of the site's is asynchronous, and Flask asks before every call."""
        return func

    def _path(self, endpoint: str, values: Mapping[str, Any]) -> str | None:
        """Return the path of an endpoint with one rule; None for what Flask has to decide: defaults, names, errors."""
        if not has_request_context() or is_shared():
            return None
        adapter = request_ctx.url_adapter
        if adapter is None or adapter.script_name != "/":
            return None
        rules = self._only_rules.get(adapter.map)
        if rules is None:
            rules = self._only_rules[adapter.map] = _only_rules(adapter.map)
        rule = rules.get(endpoint)
        if endpoint.partition(".")[0] in self.url_default_functions:
            values = dict(values)
            self.inject_url_defaults(endpoint, values)
        given = {name: value for name, value in values.items() if value is not None}
        if rule is None or not rule.arguments <= given.keys() or LANGUAGE_ARGUMENT in given:
            return None
        built = rule.build(given)
        return built[1] if built else None


def _only_rules(addresses: Map) -> dict[str, Rule]:
    """Return the rule of each endpoint that has one, apart from its addresses with a language."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in addresses.iter_rules():
        if LANGUAGE_ARGUMENT not in rule.arguments:
            found[rule.endpoint].append(rule)
    return {endpoint: rules[0] for endpoint, rules in found.items() if len(rules) == 1}
