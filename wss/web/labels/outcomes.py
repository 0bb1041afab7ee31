"""The decision on a request in words: in rows for pages, in sentences to be read out at 1912."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from wss import clock
from wss.domain.lifecycle import REOPENINGS_AT_MOST, Resolution
from wss.domain.number_words import grouped_rupees
from wss.domain.outcome import RequestOutcome
from wss.web.filters import day, month_of, rupees
from wss.web.labels.guidance import reopening_days
from wss.web.labels.requests import own_resolution_name


def init_app(app: Flask) -> None:
    """Register the filters; filters also work in macros that do not get the page's context."""
    for made in (outcome_name, outcome_rows, appeal_words):
        app.add_template_filter(made)


def outcome_name(outcome: RequestOutcome) -> str:
    """Return the kind of decision."""
    return str(own_resolution_name(outcome.resolution, has_bills=outcome.bills))


def outcome_rows(outcome: RequestOutcome) -> list[tuple[str, str]]:
    """Return label and amount of each row: before, after, and what is to pay by when or to be refunded.

    Several bills have a row each.
    """
    if not outcome.bills:
        return []
    rows = [
        (_("Bill of %(month)s", month=month_of(bill.bill_month)), _change(bill))
        for bill in outcome.bills
        if len(outcome.bills) > 1
    ]
    if outcome.is_revised:
        rows += [
            (_("Bill before"), rupees(outcome.issued_paise)),
            (_now_label(outcome.difference_paise), rupees(outcome.revised_paise)),
        ]
    else:
        rows.append((_("The bill does not change"), rupees(outcome.revised_paise)))
    return [*rows, _balance(outcome)]


def outcome_sentences(outcome: RequestOutcome) -> list[str]:
    """Return the same in sentences to be spoken to the consumer, with the remarks of the officers."""
    is_done = outcome.resolution is Resolution.REVISED and not outcome.bills
    decision = _("done as you asked") if is_done else outcome_name(outcome)
    sentences = [_("Decision: %(decision)s.", decision=decision), *_bill_sentences(outcome)]
    if not outcome.is_as_decided:
        sentences.append(_("The bill has changed since this decision. These are its present figures."))
    sentences += [_("The office writes: “%(note)s”", note=note) for note in outcome.notes]
    if not outcome.is_taken:
        sentences.append(_("The revised bill is not in the billing system yet."))
    if outcome.resolution is Resolution.REFUSED:
        sentences.append(
            _(
                "If you do not agree, tell me. You can also go to the consumer forum (CGRF), and then to the"
                " Electricity Ombudsman."
            )
        )
    return sentences


def appeal_words(_outcome: RequestOutcome) -> str:
    """Return where the consumer can appeal against a refusal; the answer is a button of the same page."""
    return _(
        "If you do not agree, press “No, I do not agree”. You can also go to the consumer forum (CGRF), and then"
        " to the Electricity Ombudsman."
    )


def deadline_sentence(
    until: date, outcome: RequestOutcome | None, *, closes: bool, reopened_times: int = 0
) -> str:
    """Return by when the consumer has to answer, and what happens without an answer: whatever was decided, silence
    closes only where the discom wants it, and not before the billing system has the revised bill."""
    if not closes:
        return _("Please tell us by %(day)s. If you do not answer, it stays open.", day=day(until))
    if outcome is not None and not outcome.is_taken:
        first = _(
            "Please tell us by %(day)s. If you do not answer, we close it after that, but not before the "
            "billing system has the revised bill.",
            day=day(until),
        )
    else:
        first = _("Please tell us by %(day)s. If you do not answer, we close it.", day=day(until))
    if reopened_times >= REOPENINGS_AT_MOST:
        return first + " " + _("You cannot reopen it then.")
    return first + " " + _("You can reopen it for %(days)s days after that.", days=reopening_days())


def _bill_sentences(outcome: RequestOutcome) -> list[str]:
    if not outcome.bills:
        return []
    sentences = []
    if len(outcome.bills) > 1:
        sentences = [
            _(
                "Your bill of %(month)s was %(before)s. It is now %(now)s.",
                month=month_of(bill.bill_month),
                before=_spoken(bill.issued_paise),
                now=_spoken(bill.revised_paise),
            )
            for bill in outcome.bills
            if bill.issued_paise != bill.revised_paise
        ]
    elif outcome.is_revised:
        sentences = [
            _(
                "Your bill was %(before)s. It is now %(now)s.",
                before=_spoken(outcome.issued_paise),
                now=_spoken(outcome.revised_paise),
            )
        ]
    if not outcome.is_revised:
        sentences = [_("Your bill does not change. It is %(now)s.", now=_spoken(outcome.revised_paise))]
    return [*sentences, _balance_sentence(outcome)]


def _balance_sentence(outcome: RequestOutcome) -> str:
    """Return what remains after payments, to be spoken."""
    balance, due_on = outcome.balance_paise, outcome.due_on
    amount = _spoken(abs(balance))
    if balance < 0:
        return _(
            "You have paid %(amount)s too much. Your next bill will be less by that much.", amount=amount
        )
    if balance == 0 and any(bill.paid_paise for bill in outcome.bills):
        return _("The payment has been received. Nothing more is due.")
    if balance == 0:
        return _("Nothing is due.")
    if due_on is None:
        return _("You still have to pay %(amount)s.", amount=amount)
    if due_on < clock.local_date(clock.now()):
        return _(
            "You still have to pay %(amount)s. The due date was %(day)s.", amount=amount, day=day(due_on)
        )
    return _("Please pay %(amount)s by %(day)s.", amount=amount, day=day(due_on))


def _spoken(paise: int) -> str:
    """Return an amount as it is spoken: "1,389 rupees and 15 paise"."""
    whole, _point, _paise = grouped_rupees(paise).partition(".")
    if paise % 100:
        return _("%(rupees)s rupees and %(paise)s paise", rupees=whole, paise=paise % 100)
    return _("%(rupees)s rupees", rupees=whole)


def _now_label(difference_paise: int) -> str:
    if difference_paise < 0:
        return _("Bill now (%(amount)s less)", amount=rupees(-difference_paise))
    return _("Bill now (%(amount)s more)", amount=rupees(difference_paise))


def _change(bill: Any) -> str:
    if bill.issued_paise == bill.revised_paise:
        return rupees(bill.revised_paise)
    return f"{rupees(bill.issued_paise)} → {rupees(bill.revised_paise)}"


def _balance(outcome: RequestOutcome) -> tuple[str, str]:
    """Return label and amount of what remains after payments."""
    balance, due_on = outcome.balance_paise, outcome.due_on
    if balance < 0:
        return _("Paid too much: your next bill will be less by"), rupees(-balance)
    if balance == 0:
        return _("Still to pay"), _("nothing")
    if due_on is None:
        return _("Still to pay"), rupees(balance)
    if due_on < clock.local_date(clock.now()):
        return _("To pay (due date was %(day)s)", day=day(due_on)), rupees(balance)
    return _("To pay by %(day)s", day=day(due_on)), rupees(balance)
