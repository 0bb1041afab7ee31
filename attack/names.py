"""Names of the parameters that the code reads: certain for a view's module, possible for the rest of its folder."""

import ast
import re
from functools import cache
from pathlib import Path

from flask import Flask

from attack.targets import Place

PROJECT = Path(__file__).resolve().parent.parent
WEB = PROJECT / "wss" / "web"
_QUERY = re.compile(r"""args(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']|["'](\w+)["'] in request\.args""")
_FORM = re.compile(r"""form(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']|["'](\w+)["'] in request\.form""")
# Passed as a whole to code that reads its fields.
_OFFICERS = ("type", "user", "user_id", "start", "end", "status", "late", "escalated", "account_no", "after")
_FIGURES = ("office", "from", "to", "kind", "sort", "figure", "own", "after", "month")
_TAKEN_APART = {
    "officer.todo": _OFFICERS,
    "officer.pending": ("account_no", "after"),
    "mis": _FIGURES,
    "consumer.who_looked": ("before", "own_before"),
}
_BEFORE_EVERY_PAGE = ("lang",)
_HIDDEN = {"csrf_token", "fields_of"}


def endpoints_of(app: Flask) -> list[Place]:
    """Return every rule of the site's URL map with each of its methods, and the names that it reads or may read."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        module = PROJECT / (app.view_functions[rule.endpoint].__module__.replace(".", "/") + ".py")
        part = rule.endpoint.partition(".")[0]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            known = names_in(module, method)
            if method == "GET":
                known |= {*_TAKEN_APART.get(rule.endpoint, _TAKEN_APART.get(part, ()))}
            perhaps = names_of_part(part, method) - known
            found.append(
                Place(rule.rule, method, rule.endpoint, tuple(sorted(known)), tuple(sorted(perhaps)))
            )
    return found


@cache
def names_of_part(part: str, method: str) -> set[str]:
    """Return the names that a folder of `wss/web` reads anywhere."""
    everywhere = {*_BEFORE_EVERY_PAGE} if method == "GET" else set()
    return everywhere.union(*(names_in(path, method) for path in sorted((WEB / part).glob("*.py"))))


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() and WEB in path.parents else ""


def names_in(path: Path, method: str) -> set[str]:
    """Return the names that one module reads from the query, or from forms."""
    pattern = _QUERY if method == "GET" else _FORM
    found = {one or other for one, other in pattern.findall(_text(path))}
    return (found | (set(_fields(_text(path))) if method == "POST" else set())) - _HIDDEN


def _fields(text: str) -> list[str]:
    """Return the fields of the forms that a module declares."""
    return [
        target.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call)
        for target in line.targets
        if isinstance(target, ast.Name) and "Field" in ast.dump(line.value.func)
    ]
