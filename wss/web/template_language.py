"""Templates compiled once for each language, with the translations of their texts in the compiled code.

A page has about eighty texts, and more calls. Looking up each translation when the page is rendered took a fifth of its
time; the context that Jinja offers to every called function, which none of the site's takes, a tenth.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from gettext import NullTranslations
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.visitor import NodeTransformer

from wss.web.language import LANGUAGES, catalogue_of, page_language

_GETTEXT = frozenset(("_", "gettext"))


class _ConstantTexts(NodeTransformer):
    """Replaces `_("…")` by the translated text, into which its variables are formatted."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """Return the translation of a constant text; any other call as it is."""
        self.generic_visit(node)
        is_plain = not (node.dyn_args or node.dyn_kwargs) and len(node.args) == 1
        if not is_plain or not isinstance(node.node, nodes.Name) or node.node.name not in _GETTEXT:
            return node
        [text] = node.args
        if not isinstance(text, nodes.Const):
            return node
        # Trusted text, as Jinja's own gettext has it, in which "%%" stands for a percent sign.
        translated = self._catalogue.gettext(text.value)
        if not node.kwargs:
            return nodes.TemplateData(translated % {}, lineno=node.lineno)
        variables = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
        words = nodes.TemplateData(translated, lineno=node.lineno)
        return nodes.Mod(words, nodes.Dict(variables), lineno=node.lineno)


class _TranslatedCode(CodeGenerator):
    """Generates the code of a template in the language of its environment."""

    environment: LanguageEnvironment

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        """Generate the code of the whole template, with its texts translated."""
        if self.environment.catalogue is not None:
            node = _ConstantTexts(self.environment.catalogue).visit(node)
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Generate a plain call: Jinja's own first asks whether the function takes the context."""
        names = [each.key for each in node.kwargs]
        if self._takes_context(node.node) or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, names)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _takes_context(self, called: nodes.Expr) -> bool:
        """Return whether a function takes the context: some globals of Jinja do, and nothing that views pass."""
        known = self.environment.globals.get(called.name) if isinstance(called, nodes.Name) else None
        return hasattr(known, "jinja_pass_arg")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Generate the import of macros: those of a template are the same for every page."""
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.macros(")
        self.visit(node.template, frame)
        self.write(")")


class LanguageEnvironment(Environment):
    """The templates of the site: `get_template` returns those of the page's language.

    `catalogue` is None in the environment that Flask creates; that of a language is an overlay of it.
    """

    code_generator_class = _TranslatedCode
    catalogue: NullTranslations | None = None
    by_language: Mapping[str, LanguageEnvironment] = MappingProxyType({})

    def __init__(self, app: App, **options: Any) -> None:
        # As many as there are: the cache of a limited size searches its list at each use.
        super().__init__(app, cache_size=-1, **options)
        self._macros: dict[str, TemplateModule] = {}

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

    def macros(self, name: str) -> TemplateModule:
        """Return the macros of a template."""
        found = self._macros.get(name)
        if found is None or self.auto_reload:
            found = self._macros[name] = self.get_template(name).module
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals where a template adds none: reading a mapping over them takes longer."""
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
    own.catalogue, own._macros = catalogue, {}
    return own
