"""Templates compiled once for each language, with the translations of their constant texts in the compiled code.

A page has about fifty texts without variables. Translating each when the page is rendered took a fifth of its time.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from gettext import NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

from wss.web.language import LANGUAGES, catalogue_of, page_language

_GETTEXT = frozenset(("_", "gettext"))


class _ConstantTexts(NodeTransformer):
    """Replaces `_("…")` without variables by the translated text."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """Return the translation of a constant text; any other call as it is."""
        self.generic_visit(node)
        has_variables = bool(node.kwargs or node.dyn_args or node.dyn_kwargs) or len(node.args) != 1
        if has_variables or not isinstance(node.node, nodes.Name) or node.node.name not in _GETTEXT:
            return node
        [text] = node.args
        if not isinstance(text, nodes.Const):
            return node
        # Trusted text, as Jinja's own gettext has it, in which "%%" stands for a percent sign.
        return nodes.TemplateData(self._catalogue.gettext(text.value) % {}, lineno=node.lineno)


class _TranslatedCode(CodeGenerator):
    """Generates the code of a template in the language of its environment."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        """Generate the code of the whole template, with its constant texts translated."""
        environment = self.environment
        if isinstance(environment, LanguageEnvironment) and environment.catalogue is not None:
            node = _ConstantTexts(environment.catalogue).visit(node)
        super().visit_Template(node, frame)


class LanguageEnvironment(Environment):
    """The templates of the site: `get_template` returns those of the page's language.

    `catalogue` is None in the environment that Flask creates; that of a language is an overlay of it.
    """

    code_generator_class = _TranslatedCode
    catalogue: NullTranslations | None = None
    by_language: Mapping[str, LanguageEnvironment] = MappingProxyType({})

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Return the template in the language of the page, or in that of this overlay."""
        own = self.by_language.get(page_language()) if self.catalogue is None else None
        if own is not None:
            return own.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals where a template adds none.

        A new mapping over them would be compared key by key at each import of a page.
        """
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask, folder: Path) -> None:
    """Add an environment for each language; called when the environment of the app is complete."""
    whole = app.jinja_env
    if not isinstance(whole, LanguageEnvironment):
        raise TypeError("the app needs a LanguageEnvironment")
    whole.by_language = {
        language: _overlay(whole, catalogue_of(app, folder, language)) for language in LANGUAGES
    }


def _overlay(whole: LanguageEnvironment, catalogue: NullTranslations) -> LanguageEnvironment:
    own = whole.overlay()
    own.catalogue = catalogue
    return own
