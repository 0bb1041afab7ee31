"""Every module has a docstring that says what it is for."""

import ast

from tests.project.tree import Source, none_of, sample, sources


def docstring_faults(source: Source) -> list[str]:
    """Return a fault for a module that does not say what it is for."""
    docstring = ast.get_docstring(source.tree)
    return [] if docstring and len(docstring) > 10 else [f"{source.path}: no docstring"]


def test_every_module_says_what_it_is_for():
    none_of([fault for source in sources() for fault in docstring_faults(source)])


def test_a_module_without_docstring_is_seen():
    assert docstring_faults(sample("x = 1", "wss/x.py"))
    assert docstring_faults(sample('""" """', "wss/x.py"))
