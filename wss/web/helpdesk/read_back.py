"""The sentences that the helpdesk reads out to a caller, in the language of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from wss import clock
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.lateness import is_late
from wss.domain.lifecycle import ANSWER_DAYS, BEFORE_RESOLVED, Status
from wss.domain.outcome import RequestOutcome
from wss.models import Bill
from wss.queries.call_backs import CallBackOfCall
from wss.queries.calls import RequestOfCall
from wss.queries.reference import Reference
from wss.queries.tracking import TrackedRequest
from wss.web import filters
from wss.web.labels.answers import answer_lines
from wss.web.labels.form_fields import FIELD_TEXTS
from wss.web.labels.outcomes import outcome_sentences
from wss.web.labels.requests import STATUS, localized_name, office_name
from wss.web.labels.staff import post_name
from wss.web.language import in_language


@dataclass(frozen=True, slots=True)
class ReadBackScript:
    """Sentences to read out, and their language."""

    language: str
    sentences: list[str]


def read_back_scripts(language: str, compose: Callable[[], Iterable[str]]) -> list[ReadBackScript]:
    """Return the sentences in the language of the call: the consumer's own, else the one chosen when it began."""
    with in_language(language):
        return [ReadBackScript(language, list(compose()))]


def answer_sentences(
    kind: RequestKind, answers: dict[str, Any], bills: list[Bill], tables: Reference, account_no: str
) -> list[str]:
    """Return the answers that are about to be registered, in sentences."""
    sentences = [
        _(
            "This will be registered for connection %(number)s: %(kind)s.",
            number=filters.account_no(account_no),
            kind=localized_name(kind),
        )
    ]
    for line in answer_lines(kind, answers, bills, tables):
        words = "; ".join(words for words in line.lines if words)
        # A quoted sentence would end with two stops.
        spoken = str(FIELD_TEXTS[RequestField(line.field)].spoken)
        sentences.append(spoken % {"words": words.rstrip(".।")})
    return sentences


def promise_sentences(promised_on: date, mobile: str | None) -> list[str]:
    """Return by when an answer comes, and where the complaint number is sent."""
    sentences = [_("You will get a reply by %(day)s.", day=filters.day(promised_on))]
    if mobile:
        sentences.append(
            _("We will send the complaint number by SMS to the mobile ending in %(end)s.", end=mobile[-2:])
        )
    return [*sentences, _("Is that right?")]


def number_sentences(complaint_no: str, promised_on: date) -> list[str]:
    """Return the complaint number in the groups in which it is spoken and written down."""
    groups = ",\u00a0".join(filters.complaint_no(complaint_no).split(" "))
    return [
        _("It is registered. Please write down the complaint number: %(groups)s.", groups=groups),
        _("You will get a reply by %(day)s.", day=filters.day(promised_on)),
    ]


def call_back_sentences(calling: CallBackOfCall) -> list[str]:
    """Return what an employee says first who calls because the consumer has asked for it."""
    digits = "\u00a0".join(calling.code)
    return [
        _("Hello, this is the electricity helpdesk 1912. You asked us for a call on the website."),
        _("Your number for this call is %(digits)s. Please check it on your page.", digits=digits),
        _("If it is not the same, hang up."),
    ]


def status_sentences(
    one: RequestOfCall, tables: Reference, today: date, outcome: RequestOutcome | None = None
) -> list[str]:
    """Return the status of a request in sentences, with the decision once there is one."""
    kind, office = tables.kinds.get(one.kind), tables.offices.get(one.holder_office_code)
    number = filters.complaint_no(one.complaint_no)
    sentences = [
        _(
            "This is about complaint number %(number)s, %(kind)s.",
            number=number,
            kind=localized_name(kind) if kind else one.kind,
        )
    ]
    if one.frozen:
        return [*sentences, _("It is on hold until we know who registered it.")]
    words = {"office": office_name(office), "post": post_name(one.holder_role)}
    sentences.append(str(STATUS[Status(one.status)].spoken) % words)
    if one.status not in BEFORE_RESOLVED:
        return [*sentences, *outcome_sentences(outcome)] if outcome else sentences
    return [*sentences, _promise_sentence(one, words, today)]


def deadline_sentence(one: RequestOfCall | TrackedRequest, today: date) -> str | None:
    """Return what the promised day means now; None for a request that is late while an office works on it."""
    is_asked, day = one.status == Status.INFO_REQUESTED, filters.day(one.promised_on)
    if not is_late(Status(one.status), one.promised_on, one.status_since, today):
        if is_asked:
            until = clock.local_date(one.status_since + timedelta(days=ANSWER_DAYS))
            return _(
                "Please answer by %(until)s. The office has to decide by %(day)s; that date moves later by the days we "
                "wait for your answer.",
                until=filters.day(until),
                day=day,
            )
        return _("You will get a reply by %(day)s.", day=day)
    if is_asked:
        return _(
            "The office had to decide by %(day)s. No more days are counted until your answer arrives.",
            day=day,
        )
    return None


def _promise_sentence(one: RequestOfCall, words: dict[str, Any], today: date) -> str:
    """Return what the promised day means now, and who deals with a request that is late."""
    sentence = deadline_sentence(one, today)
    if sentence is not None:
        return sentence
    day = filters.day(one.promised_on)
    if one.escalation_level:
        return _(
            "The reply date, %(day)s, has passed. Because of the delay it was passed to a senior "
            "officer: %(post)s, %(office)s.",
            day=day,
            **words,
        )
    if one.escalate_at is not None:
        up = max(today, clock.local_date(one.escalate_at))
        return _(
            "The reply date, %(day)s, has passed. If there is no decision, it will be passed to a "
            "senior officer on %(up)s.",
            day=day,
            up=filters.day(up),
        )
    return _("The reply date, %(day)s, has passed. It is with %(post)s, %(office)s.", day=day, **words)
