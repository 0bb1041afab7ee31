"""Canned texts: notes, questions and refusals that officers send often, with placeholders for a request's figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.domain.suggestion.verdicts import SuggestedVerdict


class CannedPurpose(StrEnum):
    """What a canned text is sent as."""

    NOTE = "note"
    QUESTION = "question"
    REFUSAL = "refusal"


# `reading` and `date` are the consumer's reading and its day; `billed`, `was` and `month` are of the newest disputed
# bill; `corrected`, `units` and `amount` are as proposed; `paid` and `paid_on` are of a payment that is missing.
PLACEHOLDERS = (
    "reading",
    "date",
    "billed",
    "was",
    "month",
    "corrected",
    "units",
    "amount",
    "paid",
    "paid_on",
)
ANY_VERDICT = ""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class CannedText:
    """A text in both languages with its short names; `verdict` is the one for which it is offered first.

    `kinds`: the codes of the kinds of request that it fits; empty for all.
    """

    code: str
    purpose: str
    verdict: str
    name: str
    name_hi: str
    text: str
    text_hi: str
    kinds: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        """Return the short name in a language."""
        return self.name_hi if language == "hi" else self.name

    def worded(self, language: str) -> str:
        """Return the text in a language with its placeholders."""
        return self.text_hi if language == "hi" else self.text

    def filled(self, language: str, values: Mapping[str, str]) -> str | None:
        """Return the text in a language with the values; None if one of its placeholders has no value."""
        text = self.worded(language)
        if not placeholders_of(text) <= values.keys():
            return None
        return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def placeholder_fault(text: str) -> str | None:
    """Return why the placeholders of a text cannot be filled, as a code."""
    if not placeholders_of(text) <= set(PLACEHOLDERS):
        return "unknown_placeholder"
    rest = _PLACEHOLDER.sub("", text)
    return "stray_brace" if "{" in rest or "}" in rest else None


def placeholders_of(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return set(_PLACEHOLDER.findall(text))


def canned_for(
    texts: Sequence[CannedText],
    purpose: CannedPurpose,
    verdict: SuggestedVerdict,
    kind: str,
) -> list[CannedText]:
    """Return the texts of a purpose for a kind of request: those of the verdict first, then those of any."""
    of_purpose = [one for one in texts if one.purpose == purpose and (not one.kinds or kind in one.kinds)]
    own = [one for one in of_purpose if one.verdict == verdict]
    return own + [one for one in of_purpose if one.verdict == ANY_VERDICT]
