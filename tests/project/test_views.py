"""Each page is complete: its module is imported, its template exists, and its blueprint is in the access table."""

import re

from tests.project.tree import none_of, texts
from wss.web.access_table import ACCESS_TABLE

VIEW = re.compile(r"^@\w+\.(?:get|post|route)\(", re.MULTILINE)
BLUEPRINT = re.compile(r'Blueprint\("(\w+)"')
TEMPLATE = re.compile(r"[\"']([\w/]+\.html)[\"']")


def is_imported(place: str, python: dict[str, str]) -> bool:
    """Return whether the package of a module, or the application, imports it: otherwise its views do not exist."""
    folder, _slash, module = place.removesuffix(".py").rpartition("/")
    importing = python.get(f"{folder}/__init__.py", "") + python["wss/__init__.py"]
    return re.search(rf"\b{module}\b", importing) is not None


def test_every_module_of_views_is_imported():
    python = {place: text for place, text in texts("wss") if place.endswith(".py")}

    none_of([place for place, text in python.items() if VIEW.search(text) and not is_imported(place, python)])


def test_every_template_of_a_page_exists_and_is_used():
    there = {place.removeprefix("templates/") for place, _ in texts("templates") if place.endswith(".html")}
    named = {
        name
        for place, text in texts("wss", "templates")
        if place.endswith((".py", ".html"))
        for name in TEMPLATE.findall(text)
    }

    none_of(sorted(named ^ there))


def test_every_blueprint_is_in_the_access_table():
    modules = [text for place, text in texts("wss/web") if place.endswith(".py")]

    assert {name for text in modules for name in BLUEPRINT.findall(text)} <= set(ACCESS_TABLE)
