"""Words a message: its template in the reader's language with the values put in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
_VARIABLE = re.compile(r"\{#([a-z0-9_]+)#\}")
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Unworded(Exception):
    """A message that cannot be worded: no such template, or a value is missing."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A message as it is read; an SMS has no subject."""

    subject: str
    text: str


def word(notice: str, channel: str, language: str, values: dict[str, str]) -> Worded:
    """The message of a notice; values are put in as they are, on one line, and never read as a template."""
    if channel == "sms":
        return Worded("", _filled(_template(notice, language, "sms"), values))
    return Worded(
        _filled(_template(notice, language, "subject"), values),
        _filled(_template(notice, language, "body"), values),
    )


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
