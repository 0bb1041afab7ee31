"""What is owed for a late request, in words: to its consumer, to the office, and in a claim."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from wss.domain.compensation import CountedDays
from wss.services.requests.owed_sums import OwedStatement
from wss.web import filters
from wss.web.language import page_language


@dataclass(frozen=True, slots=True)
class OwedWords:
    """The sum in a sentence, what it is from, and whether the rule is only a placeholder (empty if confirmed)."""

    sum: str
    basis: str
    placeholder: str


def owed_words(found: OwedStatement) -> OwedWords:
    """Return what is owed, as the consumer reads it."""
    amount = _unbroken(found.owed.paise)
    if found.is_running:
        words = ngettext(
            "Late by %(num)s day. Owed to you so far: %(amount)s.",
            "Late by %(num)s days. Owed to you so far: %(amount)s.",
            found.owed.days,
            amount=amount,
        )
    else:
        words = ngettext(
            "The decision was %(num)s day late. Owed to you: %(amount)s.",
            "The decision was %(num)s days late. Owed to you: %(amount)s.",
            found.owed.days,
            amount=amount,
        )
    return OwedWords(words, basis_words(found), placeholder_words(found))


def office_owed(found: OwedStatement) -> list[str]:
    """Return what is owed, as the office reads it, line by line."""
    words = ngettext(
        "%(amount)s for %(num)s day after the limit",
        "%(amount)s for %(num)s days after the limit",
        found.owed.days,
        amount=_unbroken(found.owed.paise),
    )
    return [line for line in (words, basis_words(found), placeholder_words(found)) if line]


def claim_text(found: OwedStatement) -> str:
    """Return the remark of a claim that is filled in beforehand; the consumer can change it."""
    words = ngettext(
        "The decision is %(num)s day late. I claim %(amount)s.",
        "The decision is %(num)s days late. I claim %(amount)s.",
        found.owed.days,
        amount=filters.rupees(found.owed.paise),
    )
    return f"{words} {basis_words(found)}"


def basis_words(found: OwedStatement) -> str:
    """Return the rate, its largest sum and its source."""
    rate = found.rate
    each = (
        _("%(rate)s for each working day after the limit.", rate=_unbroken(rate.rate_paise))
        if rate.counted == CountedDays.WORKING
        else _("%(rate)s for each day after the limit.", rate=_unbroken(rate.rate_paise))
    )
    most = (
        _("At most %(most)s.", most=_unbroken(rate.max_amount_paise))
        if rate.max_amount_paise is not None
        else ""
    )
    source = _("Source: %(source)s.", source=rate.source_hi if page_language() == "hi" else rate.source)
    return " ".join(words for words in (each, most, source) if words)


def placeholder_words(found: OwedStatement) -> str:
    """Return that the company has not confirmed the rule; empty if it has."""
    return "" if found.rate.is_confirmed else _("The company has not confirmed this rule yet.")


def _unbroken(paise: int) -> str:
    """Return an amount that no line break divides."""
    return filters.rupees(paise).replace(" ", "\u00a0")
