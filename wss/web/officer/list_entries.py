"""The facts in a row of a list, in a few words, by which an officer sorts requests (triage)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from wss.domain.catalogue import RequestField, kept_as
from wss.queries.reference import Reference
from wss.queries.triage import TriageFacts
from wss.web.filters import month_of, rupees
from wss.web.labels.requests import localized_name

_READINGS = {RequestField.READING_KWH: "kWh", RequestField.READING_KVAH: "kVAh"}


def fact_words(one: TriageFacts, tables: Reference) -> list[str]:
    """Return reason, month and amount of the current bills, the given reading, and the number of documents."""
    reason = tables.reasons.get(one.fields.get(RequestField.REASON, ""))
    words = [localized_name(reason)] if reason else []
    if one.months:
        words.append(_months(one.months))
        words.append(_amounts(one.amount_paise, one.proposed_paise))
    for field, unit in _READINGS.items():
        if (reading := one.fields.get(kept_as(field))) is not None:
            words.append(_("reading %(reading)s", reading=f"{reading}\u00a0{unit}"))
    if one.documents:
        words.append(ngettext("%(num)s document", "%(num)s documents", one.documents))
    return words


def _months(months: tuple[str, ...]) -> str:
    first = month_of(months[0])
    return first if len(months) == 1 else _("%(month)s and %(num)s more", month=first, num=len(months) - 1)


def _amounts(now_paise: int, proposed_paise: int | None) -> str:
    # The rupee sign remains on one line with its amount on a narrow screen.
    now = rupees(now_paise).replace(" ", "\u00a0")
    return now if proposed_paise is None else f"{now} → {rupees(proposed_paise)}".replace("₹ ", "₹\u00a0")
