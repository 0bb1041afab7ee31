"""Canned texts with the figures of a request, for the forms in which officers write to a consumer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from wss.domain.billed import EffectiveBill
from wss.domain.canned_texts import CannedPurpose, CannedText, canned_for
from wss.domain.catalogue import RequestField, kept_as
from wss.domain.lifecycle import Action
from wss.domain.revision import Revised
from wss.domain.suggestion.evidence import ReasonCode, Suggestion, not_sure
from wss.queries import timelines
from wss.queries.effective_bills import effective_bills
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow
from wss.services.requests.transition import recipient_about
from wss.services.revisions.revision_draft import RevisionDraft
from wss.web import filters
from wss.web.labels.suggestions import consumer_notes, in_words
from wss.web.language import LANGUAGES, in_language, page_language

BUILT_IN = "built_in"
# The form that proposes a suggestion as it is.
SUGGEST = "suggest"
_READINGS = (kept_as(RequestField.READING_KWH), kept_as(RequestField.READING_KVAH))


@dataclass(frozen=True, slots=True)
class FilledText:
    """A canned text with the figures of a request, in each language."""

    code: str
    names: dict[str, str]
    texts: dict[str, str]

    @property
    def name(self) -> str:
        """Return its short name in the reader's language."""
        return self.names[page_language()]

    @property
    def text(self) -> str:
        """Return the text in the reader's language."""
        return self.texts[page_language()]


@dataclass(frozen=True, slots=True)
class OfferedTexts:
    """The canned texts of the forms of a request: notes of the suggestion, questions, and refusals."""

    notes: Sequence[FilledText]
    questions: Sequence[FilledText]
    refusals: Sequence[FilledText]

    def of(self, action: str) -> Sequence[FilledText]:
        """Return the texts of the form of an action."""
        texts = {SUGGEST: self.notes, Action.ASK: self.questions, Action.PROPOSE: self.refusals}
        return texts.get(action, ())


class CannedTexts:
    """The canned texts that fit a request: those whose placeholders all have a value here."""

    def __init__(
        self, seen: RequestRow, suggestion: Suggestion, revised: Sequence[Revised] | None = None
    ) -> None:
        self._seen, self._suggestion = seen, suggestion
        numbers = [bill.bill_no for bill in timelines.disputed_bills(seen.id)]
        bills = effective_bills(seen.account_no, numbers)
        figures = [one.revised for one in suggestion.bills] if revised is None else revised
        figures = [one for one in figures if one.bill_no in numbers]
        self._values = {}
        for language in LANGUAGES:
            with in_language(language):
                self._values[language] = _values(seen, suggestion, bills, figures)

    def of(self, *purposes: CannedPurpose) -> list[FilledText]:
        """Return the texts of these purposes, those for the verdict first."""
        verdict, texts, kind = self._suggestion.verdict, reference().canned_texts, self._seen.kind
        found = (
            self._filled(one) for purpose in purposes for one in canned_for(texts, purpose, verdict, kind)
        )
        return [one for one in found if one is not None]

    def _filled(self, one: CannedText) -> FilledText | None:
        texts = {language: one.filled(language, self._values[language]) for language in LANGUAGES}
        known = {language: text for language, text in texts.items() if text is not None}
        names = {language: one.named(language) for language in LANGUAGES}
        return FilledText(one.code, names, known) if known.keys() == texts.keys() else None


def built_in_notes(suggestion: Suggestion) -> list[FilledText]:
    """Return the note that every suggestion has, for a site without canned notes."""
    texts = dict(consumer_notes(suggestion))
    return [FilledText(BUILT_IN, dict.fromkeys(LANGUAGES, _("Standard note")), texts)] if texts else []


def texts_for(seen: RequestRow, suggestion: Suggestion | None) -> OfferedTexts:
    """Return the canned texts with the figures of a request; without a suggestion those that need none."""
    canned = CannedTexts(seen, suggestion or not_sure())
    notes = [*canned.of(CannedPurpose.NOTE), *built_in_notes(suggestion or not_sure())]
    return OfferedTexts(notes, canned.of(CannedPurpose.QUESTION), canned.of(CannedPurpose.REFUSAL))


def canned_notes(seen: RequestRow, suggestion: Suggestion, draft: RevisionDraft) -> list[FilledText]:
    """Return the notes for a draft; while it changes nothing, they have the suggested figures."""
    revised = draft.revised if draft.is_whole and not draft.is_same else None
    return [*CannedTexts(seen, suggestion, revised).of(CannedPurpose.NOTE), *built_in_notes(suggestion)]


def chosen_text(options: Sequence[FilledText], code: str) -> str | None:
    """Return the text of a code in the reader's language; None if it is not among the options."""
    return next((one.text for one in options if one.code == code), None)


def for_consumer(seen: RequestRow, typed: str, options: Sequence[FilledText]) -> str:
    """Return a canned text that was not changed in the consumer's language, and any other text as it was written."""
    written = typed.split()
    same = next((one for one in options if written in map(str.split, one.texts.values())), None)
    return same.texts.get(recipient_about(seen).language, typed) if same else typed


def language_of_consumer(seen: RequestRow) -> str:
    """Return the language in which the consumer gets messages."""
    return recipient_about(seen).language


def _values(
    seen: RequestRow, suggestion: Suggestion, bills: Sequence[EffectiveBill], revised: Sequence[Revised]
) -> dict[str, str]:
    """Return the values of the placeholders in the language of the moment; only those that are known."""
    reading = next((seen.fields[name] for name in _READINGS if seen.fields.get(name) is not None), None)
    values: dict[str, str] = {}
    if reading is not None:
        values |= {"reading": str(reading), "date": filters.day(seen.registered_at)}
    if bills:
        values |= {
            "billed": str(bills[-1].current_reading),
            "was": filters.rupees(sum(bill.amount_paise for bill in bills)),
            "month": ", ".join(filters.month_of(bill.bill_month) for bill in bills),
        }
    if revised:
        values |= {
            "corrected": str(revised[-1].current_reading),
            "units": str(sum(one.units for one in revised)),
            "amount": filters.rupees(sum(one.amount_paise for one in revised)),
        }
    paid = next((one.values for one in suggestion.reasons if one.code is ReasonCode.PAID), None)
    if paid:
        words = in_words(paid)
        values |= {"paid": words["paise"], "paid_on": words["on"]}
    return values
