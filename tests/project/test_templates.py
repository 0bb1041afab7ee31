"""Templates: no bypass of escaping or the content policy, and everything works without JavaScript."""

import re

import pytest
from jinja2 import Environment, nodes

from tests.project.tree import none_of, texts

EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
ELEMENT = re.compile(r"<([a-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
ASKS = re.compile(r"\bhx-(get|post|put|patch|delete)\b")
# A link, a form, or a named control that the form submits.
WORKS_ALONE = re.compile(r"\b(href|action|formaction|name)\s*=")
FORBIDDEN = {
    r"\|\s*safe\b": "|safe",
    r"\bMarkup\(": "Markup(",
    r"\{%-?\s*autoescape\s+false": "autoescape false",
    r"\shx-on": "hx-on",
    r"\bjavascript:": "javascript:",
    r"hx-[\w-]+\s*=\s*[\"']js:": "js: in an hx- attribute",
}
INLINE = {
    r"\sstyle\s*=": "an inline style",
    r"\son[a-z]+\s*=": "an inline event handler",
}
IMPORTED = re.compile(r"\{%-?\s*from\s+[\"'][^\"']+[\"']\s+import\s+(.+?)\s*-?%\}", re.DOTALL)
IMPORTED_WHOLE = re.compile(r"\{%-?\s*import\s+[\"'][^\"']+[\"']\s+as\s+(\w+)")


def template_faults(place: str, text: str) -> list[str]:
    """Return every violation of the project's rules in a template."""
    plain = EXPRESSION.sub(lambda match: "¤" * (len(match[0]) if match[0].startswith("{{") else 0), text)
    faults = [f"{place}: {what}" for pattern, what in FORBIDDEN.items() if re.search(pattern, text)]
    for tag, attributes in ELEMENT.findall(plain):
        faults += [
            f"{place}: {what} on <{tag}>"
            for pattern, what in INLINE.items()
            if re.search(pattern, attributes)
        ]
        if tag == "script" and "src" not in attributes:
            faults.append(f"{place}: an inline <script>")
        if ASKS.search(attributes) and not WORKS_ALONE.search(attributes):
            faults.append(f"{place}: <{tag}> asks by htmx and does nothing without")
    return faults + [f"{place}: imports {name} and never uses it" for name in unused_imports(text)]


def unused_imports(text: str) -> list[str]:
    """Return the macros that a template imports without using them."""
    listed = [name.strip() for names in IMPORTED.findall(text) for name in names.split(",")]
    names = [re.sub(r"\s+with(out)? context$", "", name).split(" as ")[-1].strip() for name in listed]
    rest = IMPORTED_WHOLE.sub("", IMPORTED.sub("", text))
    return [
        name
        for name in names + IMPORTED_WHOLE.findall(text)
        if not re.search(rf"\b{re.escape(name)}\b", rest)
    ]


def test_templates_keep_the_rules():
    pages = [(place, text) for place, text in texts("templates") if place.endswith(".html")]

    assert pages
    none_of([fault for place, text in pages for fault in template_faults(place, text)])


def unknown_attributes(text: str, known: set[str]) -> set[str]:
    """Return the attributes that a template reads and no code defines."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(text)
    own = {pair.key.value for pair in tree.find_all(nodes.Pair) if isinstance(pair.key, nodes.Const)}
    own |= {keyword.key for keyword in tree.find_all(nodes.Keyword)}
    own |= {target.attr for target in tree.find_all(nodes.NSRef)}
    return {read.attr for read in tree.find_all(nodes.Getattr)} - known - own


def test_templates_read_attributes_that_exist():
    """Jinja renders an unknown attribute as nothing, so a page would lose it without an error."""
    pages = {place: text for place, text in texts("templates") if place.endswith(".html")}
    code = " ".join(text for place, text in texts("wss") if place.endswith(".py"))
    passed_on = re.findall(r'"(\w+)":|(?:macro|set) (\w+)', " ".join(pages.values()))
    known = (
        set(re.findall(r"\w+", code))
        | {name for names in passed_on for name in names}
        | {"index0"}
        | set(dir(str))
    )

    none_of(
        [
            f"{place}: .{name}"
            for place, text in pages.items()
            for name in sorted(unknown_attributes(text, known))
        ]
    )
    assert unknown_attributes("{{ bill.units_of }}{{ bill.units }}", {"units"}) == {"units_of"}


def test_macros_receive_values_and_use_no_globals():
    macros = [(place, text) for place, text in texts("templates/components")]

    none_of([place for place, text in macros if re.search(r"\bcurrent_user\b|\brequest\.", text)])


def test_code_does_not_vouch_for_html():
    vouching = re.compile(r"\bMarkup\(|\brender_template_string\(")

    none_of([place for place, text in texts("wss") if place.endswith(".py") and vouching.search(text)])


@pytest.mark.parametrize(
    "text",
    [
        "{{ remark|safe }}",
        "<p style='color:red'>",
        '<button onclick="x()">',
        "<script>alert(1)</script>",
        '<button hx-post="/x">Send</button>',
        '<div hx-get="{{ url_for("x") }}" hx-trigger="load"></div>',
        '<form action="/x" hx-on::after-request="x()">',
        '<a href="javascript:x()">',
        '{% from "components/forms.html" import field, hint %}{{ field(x) }}',
        '{% import "components/forms.html" as forms %}',
    ],
)
def test_a_broken_rule_is_seen(text: str):
    assert template_faults("x.html", text)


def test_what_works_without_scripts_passes():
    text = """{% from "components/forms.html" import field, button as send %}
      <form method="post" action="{{ url_for("auth.login") }}" hx-post="{{ url_for("auth.login") }}">
      {{ field(form.login) }}{{ send(_("Sign in")) }}<button name="again" hx-get="/x">{{ _("New") }}</button>
      </form><script src="{{ asset("js/wss.js") }}" defer></script>"""

    assert template_faults("x.html", text) == []
