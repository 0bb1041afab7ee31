"""The facts in a row of a list, in a few words, by which an officer sorts requests (triage)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from wss.domain.catalogue import RequestField, kept_as
from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.domain.todo_filter import TodoSort
from wss.queries.reference import Reference
from wss.queries.triage import TriageFacts
from wss.web.filters import month_of, rupees
from wss.web.labels.requests import localized_name
from wss.web.labels.suggestions import VERDICT_CHIPS

_READINGS = {RequestField.READING_KWH: "kWh", RequestField.READING_KVAH: "kVAh"}


ORDERS = {
    TodoSort.PROMISED: _l("earliest decision date"),
    TodoSort.AMOUNT: _l("largest amount"),
    TodoSort.TIMES_USUAL: _l("most times the usual"),
    TodoSort.VERDICT: _l("clearest suggestion"),
    TodoSort.NEWEST: _l("newest"),
}


def list_caption(number: int, sort: TodoSort) -> str:
    """Return the number of requests on the page and their order."""
    if sort is TodoSort.PROMISED:
        return ngettext(
            "%(num)s request, the earliest to be decided first",
            "%(num)s requests, the earliest to be decided first",
            number,
        )
    return ngettext(
        "%(num)s request, %(order)s first", "%(num)s requests, %(order)s first", number, order=ORDERS[sort]
    )


def reason_words(one: TriageFacts, tables: Reference) -> str:
    """Return the consumer's reason; empty if the kind asks for none."""
    reason = tables.reasons.get(one.fields.get(RequestField.REASON, ""))
    return localized_name(reason) if reason else ""


def bill_words(one: TriageFacts) -> tuple[str, str]:
    """Return amount and month of the current bills; both empty without a bill."""
    return (_amounts(one.amount_paise, one.proposed_paise), _months(one.months)) if one.months else ("", "")


def times_words(tenths: int) -> str:
    """Return a multiple of the usual, such as 17.9×; empty if it is not known."""
    return f"{tenths // 10}.{tenths % 10}×" if tenths else ""


def reading_words(one: TriageFacts) -> str:
    """Return the reading that the consumer has given, with its unit."""
    given = ((one.fields.get(kept_as(field)), unit) for field, unit in _READINGS.items())
    return next((f"{reading}\u00a0{unit}" for reading, unit in given if reading is not None), "")


def document_words(one: TriageFacts) -> str:
    """Return how many photos the request has, and how many other documents."""
    words = ngettext("%(num)s photo", "%(num)s photos", one.photos) if one.photos else _("no photo")
    if others := one.documents - one.photos:
        words += ", " + ngettext("%(num)s document", "%(num)s documents", others)
    return words


def verdict_words(verdict: str) -> str:
    """Return the verdict of the suggestion in a few words; empty for a request without a bill."""
    return str(VERDICT_CHIPS[SuggestedVerdict(verdict)]) if verdict else ""


def _months(months: tuple[str, ...]) -> str:
    first = month_of(months[0]).replace(" ", "\u00a0")
    return first if len(months) == 1 else _("%(month)s and %(num)s more", month=first, num=len(months) - 1)


def _amounts(now_paise: int, proposed_paise: int | None) -> str:
    now = rupees(now_paise)
    return now if proposed_paise is None else f"{now} → {rupees(proposed_paise)}"
