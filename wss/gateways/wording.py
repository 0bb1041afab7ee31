"""Words a message: its template in the reader's language with the values put in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
_VARIABLE = re.compile(r"\{#([a-z0-9_]+)#\}")
LONGEST_SMS = 300
# A text by notice, language and part.
Texts = Mapping[tuple[str, str, str], str]
NONE_INSTEAD: Texts = MappingProxyType({})
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Unworded(Exception):
    """A message that cannot be worded: no such template, or a value is missing."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A message as it is read; an SMS has no subject."""

    subject: str
    text: str


def word(
    notice: str, channel: str, language: str, values: dict[str, str], instead: Texts = NONE_INSTEAD
) -> Worded:
    """The message of a notice; values are put in as they are, on one line, and never read as a template.

    `instead` holds the texts that stand in the place of the house's own.
    """

    def text(part: str) -> str:
        own = instead.get((notice, language, part))
        return _filled(own if own is not None else _template(notice, language, part), values)

    return Worded("", text("sms")) if channel == "sms" else Worded(text("subject"), text("body"))


def text_fault(notice: str, language: str, part: str, text: str) -> str | None:
    """What is wrong with a text that is to stand in the place of the house's own, as a code.

    It has to take the same values: a code or a link that is left out would reach nobody.
    """
    try:
        own = variables(notice, language, part)
    except Unworded:
        return "no_such_text"
    if set(_VARIABLE.findall(text)) != set(own):
        return "other_values"
    if part != "body" and _NOT_ONE_LINE.search(text):
        return "not_one_line"
    return "too_long" if part == "sms" and len(text) > LONGEST_SMS else None


def own_texts() -> Iterator[tuple[str, str, str, str]]:
    """The house's texts: notice, language, part and text, in their order."""
    for path in sorted(FOLDER.glob("*/*/*.txt")):
        notice, language = path.parts[-3:-1]
        yield notice, language, path.stem, _template(notice, language, path.stem)


def variables(notice: str, language: str, part: str) -> list[str]:
    """The names of the values that a template takes."""
    return _VARIABLE.findall(_template(notice, language, part))


@lru_cache(maxsize=256)
def _template(notice: str, language: str, part: str) -> str:
    path = FOLDER / notice / language / f"{part}.txt"
    if not path.is_file():
        raise Unworded(f"no template {notice}/{language}/{part}")
    return path.read_text(encoding="utf-8").strip()


def _filled(template: str, values: dict[str, str]) -> str:
    missing = [name for name in _VARIABLE.findall(template) if name not in values]
    if missing:
        raise Unworded(f"no value for {', '.join(missing)}")
    return _VARIABLE.sub(lambda found: _NOT_ONE_LINE.sub(" ", values[found[1]]).strip(), template)
