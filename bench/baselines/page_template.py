"""Turns a page into plain Jinja templates that render the same bytes from a dictionary.

What a page shows of its records becomes a variable, rows of a list become a loop, the parts of the page become
includes; everything else, translated already, is text of the template. There are no macros and no functions.
"""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import escape

from bench.baselines.applications import PAGE, VALUES

_LIST = re.compile(r"(<(?P<list>ol|dl)\b[^>]*>)(?P<rows>.*?)(</(?P=list)>)", re.DOTALL)
_ROW = re.compile(r"<(?P<row>li|div)\b.*?</(?P=row)>", re.DOTALL)
_PART = re.compile(
    r"(<head>.*?</head>|<header\b.*?</header>|<section\b.*?</section>|<footer>.*?</footer>)", re.DOTALL
)
_TOKEN = re.compile(r"(<style\b.*?</style>|<[^>]*>)", re.DOTALL)
# Attributes that the site computes, when there is a number or a token in them.
_COMPUTED = re.compile(r'(?<=\s)((?:href|src|action|value|datetime|hx-get|hx-post)=")([^"]*[0-9][^"]*)(?=")')
# Elements whose text comes from records, even without a digit in it.
_SHOWS = re.compile(r"<(?:dd|time|blockquote|h1|h3|title|option)\b")
_JINJA = re.compile(r"\{[{%#]|[%#}]\}")


@dataclass
class GeneratedPage:
    """The page it was made from; templates by name, the values for them, and how much of each kind they contain."""

    source: str
    templates: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    variables: int = 0
    loops: int = 0

    @property
    def includes(self) -> int:
        """Return how many parts are included."""
        return len(self.templates) - 1

    def write(self, folder: Path) -> None:
        """Write templates and values where `applications.page` reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.templates.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        (folder / VALUES).write_text(json.dumps(self.values, ensure_ascii=False), encoding="utf-8")


def generated(page: str) -> GeneratedPage:
    """Return the templates of a page."""
    made = GeneratedPage(page)
    whole = []
    for number, part in enumerate(_PART.split(page)):
        text = _part(made, part)
        if number % 2:
            name = f"part{number}.html"
            made.templates[name] = text
            text = f'{{% include "{name}" %}}'
        whole.append(text)
    made.templates[PAGE] = "".join(whole)
    return made


def _part(made: GeneratedPage, part: str) -> str:
    """Return the template of a part, in which each list of several rows is a loop."""
    text, end = [], 0
    for found in _LIST.finditer(part):
        rows = list(_ROW.finditer(found["rows"]))
        if len(rows) < 2 or _ROW.sub("", found["rows"]).strip():
            continue
        first, last = found.start("rows") + rows[0].start(), found.start("rows") + rows[-1].end()
        text += [_filled(made, part[end:first], made.values, ""), _loop(made, part[first:last])]
        end = last
    return "".join([*text, _filled(made, part[end:], made.values, "")])


def _loop(made: GeneratedPage, rows: str) -> str:
    """Return a loop over rows: each distinct shape of a row is a branch."""
    made.loops += 1
    name = f"rows{made.loops}"
    shapes: dict[str, int] = {}
    made.values[name] = []
    for row in _ROW.finditer(rows):
        values: dict[str, Any] = {}
        text = _filled(made, row[0], values, "row.")
        values["shape"] = shapes.setdefault(text, len(shapes))
        made.values[name].append(values)
    branches = "".join(
        f"{{% {'elif' if number else 'if'} row.shape == {number} %}}{text}" for text, number in shapes.items()
    )
    return f"{{% for row in {name} %}}{branches}{{% endif %}}{{% endfor %}}"


def _filled(made: GeneratedPage, part: str, values: dict[str, Any], prefix: str) -> str:
    """Return a part with variables in place of what records say, in a row of all texts; their values are added."""

    def variable(text: str) -> str:
        plain = html.unescape(text)
        if str(escape(plain)) != text:
            return _static(text)
        name = f"v{len(values)}"
        values[name] = plain
        made.variables += 1
        return f"{{{{ {prefix}{name} }}}}"

    filled, shows = [], False
    for number, token in enumerate(_TOKEN.split(part)):
        if number % 2:
            shows = bool(prefix or _SHOWS.match(token))
            computed = _COMPUTED.split(token)
            # In turn: the text before an attribute, its name, its value.
            filled += [
                variable(one) if place % 3 == 2 else _static(one) for place, one in enumerate(computed)
            ]
        elif token.strip() and (shows or any(letter.isdigit() for letter in token)):
            filled.append(variable(token))
        else:
            filled.append(_static(token))
    return "".join(filled)


def _static(text: str) -> str:
    return f"{{% raw %}}{text}{{% endraw %}}" if _JINJA.search(text) else text
