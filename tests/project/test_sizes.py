"""Rooms that can be seen at a glance: small modules, small functions, every one saying what it is for."""

import ast

from tests.project.tree import Source, none_of, sample, sources, texts

MODULE_LINES = 300
# Samples and expectations make tests longer than what they test.
TEST_MODULE_LINES = 400
FUNCTION_LINES = 40
PARAMETERS = 6
TEMPLATE_LINES = 120


def size_faults(source: Source) -> list[str]:
    """Modules and functions that are too long to be read in one go."""
    faults = []
    length = len(source.text.splitlines())
    if length > (TEST_MODULE_LINES if source.path.startswith("tests/") else MODULE_LINES):
        faults.append(f"{source.path}: {length} lines")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            faults += [source.fault(node, f"{node.name} {what}") for what in _too_much(node, source.path)]
    return faults


def _too_much(node: ast.FunctionDef | ast.AsyncFunctionDef, place: str) -> list[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    parameters = len([a for a in node.args.posonlyargs + node.args.args if a.arg not in ("self", "cls")])
    faults = [f"has {lines} lines"] if lines > FUNCTION_LINES else []
    if parameters > PARAMETERS and not place.startswith("tests/"):
        faults.append(f"has {parameters} parameters")
    return faults


def docstring_faults(source: Source) -> list[str]:
    """A module that does not say what it is for, in its first sentence."""
    docstring = ast.get_docstring(source.tree)
    return [] if docstring and len(docstring) > 10 else [f"{source.path}: no docstring"]


def test_modules_and_functions_are_small():
    none_of(
        [
            fault
            for source in sources("wss", "tests", "devtools", "bench", "attack")
            for fault in size_faults(source)
        ]
    )


def test_templates_are_small():
    long = [(place, len(text.splitlines())) for place, text in texts("templates") if place.endswith(".html")]

    none_of([(place, length) for place, length in long if length > TEMPLATE_LINES])


def test_every_module_says_what_it_is_for():
    none_of([fault for source in sources() for fault in docstring_faults(source)])


def test_something_too_long_is_seen():
    assert size_faults(sample("x = 1\n" * 301, "wss/x.py"))
    assert size_faults(sample("def f():\n" + "    x = 1\n" * 40, "wss/x.py"))
    assert size_faults(sample("def f(a, b, c, d, e, f, g): ...", "wss/x.py"))


def test_a_module_without_docstring_is_seen():
    assert docstring_faults(sample("x = 1", "wss/x.py"))
    assert docstring_faults(sample('""" """', "wss/x.py"))
