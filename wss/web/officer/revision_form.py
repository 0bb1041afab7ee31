"""The posted form of a bill revision, and its errors by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from wss.domain.catalogue import BILLS_AT_MOST
from wss.domain.identifiers import grouped_complaint_no
from wss.domain.revision import OwnReason
from wss.domain.revision_doubts import RevisionDoubt
from wss.domain.revision_input import EXTRA_FIELDS, FIELDS
from wss.domain.typed_values import version
from wss.queries.bills import OpenDispute
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.web.filters import rupees

# The errors by code, shown at the field or above the form.
FAULTS: dict[str, LazyString] = {
    "missing": _l("Enter a value"),
    "not_a_whole_number": _l("Enter whole numbers only"),
    "not_a_number": _l("Enter a load in kW, such as 4 or 7.5"),
    "beyond_reason": _l("This value is too large. Check it."),
    "unknown_basis": _l("Choose a basis from the list"),
    "unknown_category": _l("Choose a category from the list"),
    "no_tariff": _l(
        "No tariff is recorded for this category at the time of the bill. Choose another category, or ask an "
        "administrator to add the tariff."
    ),
    "no_average": _l("There is no earlier reading to average. Enter the readings."),
    "reading_below_previous": _l(
        "This is below the previous reading. If the meter was replaced or started again at zero, open “Meter "
        "replaced…” and enter the readings."
    ),
    "reading_below_initial": _l("This is below the first reading of the new meter. Check both."),
    "replacement_needs_both": _l("Enter both readings: last of the old meter and first of the new"),
    "unknown_reason": _l("Choose a reason"),
    "note_missing": _l("Enter a note (the consumer will see it)"),
    "note_too_long": _l("Use 1,000 characters or fewer"),
    "no_bill": _l("Choose the bill to revise"),
    "nothing_changed": _l("No bill would change. Change a figure, or propose “No revision is needed”."),
    "bill_in_revision": _l("One of these bills is already in another proposal. Wait until that is decided."),
    "basis_without_reading": _l(
        "Readings do not count on this basis. Enter the readings as issued, or choose the basis MU."
    ),
    "reading_without_meter": _l(
        "This bill is for a connection without a meter. If it has a meter now, choose the basis MU."
    ),
    "reading_beyond_register": _l("A reading has more digits than the meter. Choose more digits."),
    "not_a_factor": _l("Enter a factor, such as 1 or 1.5"),
    "too_small": _l("Enter a load of 0.1 kW or more"),
    "factor_too_small": _l("Enter a factor of 0.1 or more"),
    RevisionDoubt.TENTH: _l(
        "The units are a tenth of the usual or less. Correct the figures, or tick the box to confirm them."
    ),
    RevisionDoubt.NO_UNITS: _l(
        "The units come to zero. Correct the figures, or tick the box to confirm them."
    ),
    RevisionDoubt.READING_BEFORE: _l(
        "The previous month ends with another reading. Correct the previous reading, or tick the box to confirm it."
    ),
    "ten_times_usual": _l(
        "The units are ten times the usual or more. Correct the reading, or tick the box to confirm it."
    ),
}
# The labels of fields whose errors do not say which field they are about.
_LABELS: dict[str, LazyString] = {
    "previous_reading": _l("Previous reading"),
    "current_reading": _l("Current reading"),
    "old_meter_reading": _l("Old meter, last reading"),
    "new_meter_initial": _l("New meter, first reading"),
    "load_kw": _l("Load in kW"),
    "multiplying_factor": _l("Multiplying factor"),
}
_WITHOUT_FIELD = (
    "missing",
    "not_a_whole_number",
    "beyond_reason",
    "reading_below_previous",
    "reading_below_initial",
)
# At some fields a code has other words.
_AT_FIELD = {
    ("multiplying_factor", "not_a_number"): "not_a_factor",
    ("multiplying_factor", "too_small"): "factor_too_small",
}
OWN_REASONS: dict[str, LazyString] = {
    OwnReason.METER_REPLACEMENT: _l("The meter was replaced"),
    OwnReason.BILL_ON_HOLD: _l("The bill is on hold"),
    OwnReason.METER_READ: _l("The meter was read after provisional bills"),
    OwnReason.WRONG_MASTER_DATA: _l("Load, category or multiplying factor was wrong"),
    OwnReason.ORDER_OF_FORUM: _l("Order of a forum, the Ombudsman or a court"),
    OwnReason.OWN_CHECK: _l("Found in the office’s own check"),
}


def sent_revision() -> RevisionRequest:
    """Return the posted form, bill by bill."""
    form = request.form
    return RevisionRequest(
        sent_bills(form),
        form.get("reason", ""),
        form.get("note", ""),
        version(form.get("version", "")),
        form.get("shown_amount", ""),
        "later_bills" in form,
    )


def sent_bills(form: MultiDict[str, str]) -> Sequence[Mapping[str, str]]:
    """Return the bills of the form, in the order of their suffixes, without the one that is removed."""
    bills, removed = [], form.get("remove_bill")
    for place in range(BILLS_AT_MOST + 1):
        if f"bill_no-{place}" not in form:
            break
        bills.append(
            {name: form.get(f"{name}-{place}", "").strip() for name in ("bill_no", *FIELDS, *EXTRA_FIELDS)}
        )
    return [typed for typed in bills if typed["bill_no"] != removed]


def faults_of(draft: RevisionDraft) -> list[tuple[str, str]]:
    """Return every error with the id of its field, in the order of the page."""
    at_fields = [
        (f"{name}-{place}", _at_field(name, sheet.wrong[name]))
        for place, sheet in enumerate(draft.sheets)
        for name in FIELDS
        if name in sheet.wrong
    ]
    return at_fields + [
        ("" if name == "figures" else name, _words(code, draft)) for name, code in draft.wrong.items()
    ]


def _at_field(name: str, code: str) -> str:
    """Return the error of a field, which names the field."""
    words = str(FAULTS[_AT_FIELD.get((name, code), code)])
    if code in _WITHOUT_FIELD and name in _LABELS:
        return _("%(field)s: %(error)s", field=_LABELS[name], error=words)
    return words


def disputed_words(dispute: OpenDispute) -> str:
    """Return why a bill that is in an open complaint cannot be revised outside of it."""
    return _(
        "Bill %(bill)s is in complaint %(number)s, which is still open. Revise it there.",
        bill=dispute.bill_no,
        number=grouped_complaint_no(dispute.complaint_no),
    )


def _words(code: str, draft: RevisionDraft) -> str:
    """Return an error of the revision as a whole; for a sum that was not shown, with the one that was."""
    if code == "sum_differs":
        return _(
            "The page showed %(shown)s, but what you typed comes to %(computed)s, so nothing was proposed. "
            "Check the figures and propose again.",
            shown=rupees(draft.shown_paise or 0),
            computed=rupees(draft.revised_paise),
        )
    if code == "bill_in_complaint":
        return disputed_words(draft.disputes[0])
    if code == "sum_not_shown":
        return _(
            "The page showed no amount yet. What you typed comes to %(computed)s. Check the figures and propose again.",
            computed=rupees(draft.revised_paise),
        )
    return str(FAULTS[code])
