"""Builds the Hindi catalogue from translations/hi/parts; `--check` says what is missing or out of date."""

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[1]
SOURCES = (("wss", "**.py", "python"), ("templates", "**.html", "jinja2"))
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
# Blanks around a {% trans %} text are layout, not words.
JINJA = {"trimmed": "true", "silent": "false"}
# Hindi counts 0 and 1 as one, unlike English.
HEADERS = [
    ("Project-Id-Version", "WSS"),
    ("Language", "hi"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=2; plural=(n > 1);"),
]
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")

Hindi = str | list[str]


class DatelessCatalog(Catalog):
    """A catalogue that comes out the same whenever it is made."""

    mime_headers = property(lambda _self: HEADERS)


@dataclass
class Texts:
    """What the code says in English, and what the parts answer in Hindi."""

    english: dict[str, str] = field(
        default_factory=dict
    )  # singular → plural, or "" for a text without plural
    hindi: dict[str, Hindi] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)

    def faults(self) -> Iterator[str]:
        """Everything that keeps the catalogue from being whole."""
        yield from self.conflicts
        for text, plural in sorted(self.english.items()):
            answer = self.hindi.get(text)
            if not answer:
                yield f"no Hindi for: {text!r}"
            elif bool(plural) != isinstance(answer, list):
                yield f"one form where two are needed, or two where one is: {text!r}"
            elif any(_placeholders(form) != _placeholders(plural or text) for form in _forms(answer)[-1:]):
                yield f"other placeholders in the Hindi of: {text!r}"
        yield from (
            f"translated, but said nowhere: {text!r}" for text in sorted(self.hindi.keys() - self.english)
        )


def collect(root: Path = ROOT) -> Texts:
    """Read the English out of code and templates, and the Hindi out of the parts."""
    texts = Texts()
    for text, plural in _extracted(root):
        texts.english[text] = texts.english.get(text) or plural
    for part in sorted((root / "translations/hi/parts").glob("*.json")):
        for text, answer in json.loads(part.read_text(encoding="utf-8")).items():
            if texts.hindi.setdefault(text, answer) != answer:
                texts.conflicts.append(f"{part.name} and another part differ about: {text!r}")
    return texts


def compiled(texts: Texts) -> Mapping[str, bytes]:
    """The catalogue's two files, by name."""
    catalog = DatelessCatalog(
        locale="hi", header_comment="# Made by `make translations` from translations/hi/parts."
    )
    for text, plural in texts.english.items():
        answer = texts.hindi.get(text, "")
        if plural:
            catalog.add((text, plural), tuple(answer) if isinstance(answer, list) else ("", ""))
        else:
            catalog.add(text, answer if isinstance(answer, str) else "")
    catalog.fuzzy = False
    readable, binary = io.BytesIO(), io.BytesIO()
    write_po(readable, catalog, width=0, sort_output=True, no_location=True)
    write_mo(binary, catalog)
    return {"messages.po": readable.getvalue(), "messages.mo": binary.getvalue()}


def stale(files: Mapping[str, bytes], root: Path = ROOT) -> list[str]:
    """The catalogue's files that are not what the parts make."""
    folder = root / "translations/hi/LC_MESSAGES"
    return [
        f"out of date, run `make translations`: {name}"
        for name, content in files.items()
        if not (folder / name).exists() or (folder / name).read_bytes() != content
    ]


def main(arguments: list[str]) -> int:
    """Write the catalogue, or with --check only tell what is wrong with it."""
    texts = collect()
    files = compiled(texts)
    faults = list(texts.faults())
    if "--check" in arguments:
        faults += stale(files)
    else:
        folder = ROOT / "translations/hi/LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        print(f"{len(texts.english)} texts written to {folder.relative_to(ROOT)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults and "--check" in arguments else 0


def _extracted(root: Path) -> Iterator[tuple[str, str]]:
    for folder, pattern, method in SOURCES:
        found = extract_from_dir(
            root / folder,
            method_map=[(pattern, method)],
            options_map={pattern: JINJA if method == "jinja2" else {}},
            keywords=KEYWORDS,
        )
        for _file, _line, message, _comments, _context in found:
            yield (message[0], message[1]) if isinstance(message, tuple) else (message, "")


def _forms(answer: Hindi) -> list[str]:
    return answer if isinstance(answer, list) else [answer]


def _placeholders(text: str) -> set[str]:
    return {match[1] or match[2] for match in PLACEHOLDER.finditer(text)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
