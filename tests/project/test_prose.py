"""Docstrings and comments use the terms that a Flask developer searches for."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.project.tree import Source, none_of, sample, sources

# Words of a private dialect: for each there is a standard term (docs/glossary.md).
_DIALECT = re.compile(
    r"\b(nobody|somebody|whoever|whomever|anybody|everybody|anew|meanwhile|beside|knock\w*|deeds?|fates?|moods?|"
    r"keepers?|guards?|floors?|rooms?|doors?|houses?|shel(?:f|ves)|stood|rests? on|told|tells?|goes on|given up|"
    r"lapsed|lets? in|sung|town\w*|neighbourhood|inhabitants?|handed in|taken back|spends?|spent|moves? up|moved up)\b",
    re.IGNORECASE,
)
# These list the words that are forbidden.
_LISTS = {"tests/project/test_prose.py", "tests/project/test_words.py"}


def prose(source: Source) -> Iterator[tuple[int, str]]:
    """Yield each docstring and comment with its line."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def prose_faults(source: Source) -> list[str]:
    """Return the lines with words that have a standard term."""
    return [
        f"{source.path}:{line}: {found[0]}"
        for line, text in prose(source)
        if (found := _DIALECT.search(text)) and source.path not in _LISTS
    ]


def test_docstrings_and_comments_use_standard_terms():
    none_of([fault for source in sources() for fault in prose_faults(source)])


@pytest.mark.parametrize("text", ["# nobody has it", '"""Let somebody in."""', "# the message was given up"])
def test_a_word_of_the_dialect_is_seen(text: str):
    assert prose_faults(sample(f"{text}\n", "wss/x.py"))


def test_no_two_classes_share_a_name():
    names = Counter(
        node.name
        for source in sources("wss", "devtools")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    )

    none_of([name for name, times in names.items() if times > 1])


def test_no_module_re_exports_names():
    re_export = re.compile(r"^from (?!__future__)\S+ import .*\b(\w+) as \1\b", re.MULTILINE)

    none_of([source.path for source in sources("wss", "devtools") if re_export.search(source.text)])
