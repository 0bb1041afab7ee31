"""The project's files as the tests of tests/project read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What tools create, keep or download; it is not the project's text.
NOT_OURS = {".git", ".venv", ".attack", ".hypothesis", "instance", "node_modules"}
CACHES = "cache"
TEXTS = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".txt",
    ".toml",
    ".in",
    ".json",
    ".po",
    ".csv",
    ".sh",
    ".mako",
    "",
}


@dataclass(frozen=True)
class Source:
    """One Python file: its path and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree of the file."""
        return ast.parse(self.text)

    @property
    def module(self) -> str:
        """Return the dotted name of the module."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def fault(self, node: ast.AST, what: str) -> str:
        """Return one sentence for the reader of a failed test."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


def files(*folders: str) -> Iterator[Path]:
    """Yield the project's files in these folders, or these files, or all of them."""
    for start in [ROOT / folder for folder in folders] or [ROOT]:
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            parts = path.relative_to(ROOT).parts
            is_made = any(CACHES in part for part in parts[:-1])
            if path.is_file() and not is_made and not NOT_OURS.intersection(parts):
                yield path


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield path and content of every text file."""
    for path in files(*folders):
        if path.suffix in TEXTS:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return every Python file."""
    return tuple(Source(place, text) for place, text in texts(*folders) if place.endswith(".py"))


def sample(text: str, path: str) -> Source:
    """Return a made-up file, to show that a rule can be broken."""
    return Source(path, text)


def none_of(faults: list[str]) -> None:
    """Fail with every fault on its own line."""
    assert not faults, "\n" + "\n".join(faults)
