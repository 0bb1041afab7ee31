"""Updates the Hindi catalogue with pybabel; `--check` names each text that is missing, doubtful or unused."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from wss.web.language import compile_catalogue

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "translations"
HINDI = TRANSLATIONS / "hi" / "LC_MESSAGES" / "messages.po"
# Sorted by text, without source locations: moving code does not change the file, and branches rarely conflict.
_EXTRACT = "-k _l -k lazy_gettext -k lazy_ngettext:1,2 --no-location --sort-output --no-wrap"
_UPDATE = "-l hi --no-wrap --ignore-obsolete --previous --ignore-pot-creation-date"
_PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")


def english(root: Path = ROOT) -> Catalog:
    """Return the texts of code and templates."""
    with TemporaryDirectory() as folder:
        return _read(_extracted(root, Path(folder)))


def hindi() -> Catalog:
    """Return the translations."""
    return _read(HINDI)


def faults(english: Catalog, hindi: Catalog) -> Iterator[str]:
    """Yield what keeps the translations from being complete and confirmed."""
    for message in english:
        if message.id:
            fault = _fault(message, hindi.get(message.id))
            if fault:
                yield f"{fault}: {message.id!r}"
    unused = (message.id for message in hindi if message.id and message.id not in english)
    yield from (f"translated, but used nowhere: {text!r}" for text in (*unused, *hindi.obsolete))


def update() -> None:
    """Add new texts to the Hindi catalogue, empty or with a guess marked fuzzy, and remove unused ones."""
    with TemporaryDirectory() as folder:
        template = _extracted(ROOT, Path(folder))
        _pybabel("update", *_UPDATE.split(), "-i", str(template), "-d", str(TRANSLATIONS))


def main(arguments: list[str]) -> int:
    """Update and compile the catalogue, or with --check only return 1 if something is wrong with it."""
    if "--check" not in arguments:
        update()
        compile_catalogue(TRANSLATIONS)
    found = list(faults(english(), hindi()))
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found and "--check" in arguments else 0


def _fault(message: Message, found: Message | None) -> str:
    if found is None or not all(_forms(found.string)):
        return "no Hindi"
    if found.fuzzy:
        return "not confirmed yet (fuzzy)"
    if message.id != found.id:
        return "another plural than in the code"
    if _placeholders(_forms(found.string)[-1]) != _placeholders(_forms(message.id)[-1]):
        return "other placeholders in the Hindi"
    return ""


def _extracted(root: Path, folder: Path) -> Path:
    template = folder / "messages.pot"
    mapping = str(TRANSLATIONS / "babel.cfg")
    sources = (str(root / "wss"), str(root / "templates"))
    _pybabel("extract", "-F", mapping, *_EXTRACT.split(), "-o", str(template), *sources)
    return template


def _pybabel(*words: str) -> None:
    CommandLineInterface().run(["pybabel", "--quiet", *words])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="hi")


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _placeholders(text: str) -> set[str]:
    return {match[1] or match[2] for match in _PLACEHOLDER.finditer(text)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
