"""The texts of printed documents: the slip of a complaint, and a bill."""

from __future__ import annotations

from flask_babel import gettext as _

from wss.gateways.pdf_text import SlipText, TableText
from wss.models import Bill, Connection
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.web import filters
from wss.web.filters import month_of
from wss.web.labels.answers import answer_lines
from wss.web.labels.bills import basis_meaning, basis_name, category_name, money_lines
from wss.web.labels.calculations import computations
from wss.web.labels.requests import localized_name, office_name
from wss.web.labels.staff import post_name
from wss.web.language import page_language


def slip_text(own: RequestRow, bills: list[Bill], tables: Reference, address: str) -> SlipText:
    """Return the texts of a request's slip."""
    kind, office = tables.kinds.get(own.kind), tables.offices.get(own.holder_office_code)
    answers = answer_lines(kind, own.fields, bills, tables) if kind else []
    rows = [
        (_("Account number"), filters.account_no(own.account_no)),
        (_("Registered on"), filters.moment(own.registered_at)),
        (_("Office reply by"), filters.day(own.promised_on)),
        (_("Office"), f"{office_name(office)}, {post_name(own.holder_role)}"),
        (_("Telephone of the office"), office.phone if office else ""),
        *((str(line.label), "\n".join(line.lines)) for line in answers),
    ]
    return SlipText(
        title=localized_name(kind) if kind else _("Complaint or request"),
        rows=tuple(rows),
        footer=(
            _(
                "Keep this slip. To ask about it, open %(site)s or call 1912, and give the complaint number.",
                site=address.partition("/requests/")[0],
            ),
        ),
        language=page_language(),
        heading=_("WSS, Web Self Service"),
        number=(_("Complaint number"), filters.complaint_no(own.complaint_no)),
        qr_url=address,
        qr_words=_("To see the status, scan this code with your phone"),
    )


def bill_text(own: Connection, bill: Bill) -> tuple[SlipText, TableText]:
    """Return the texts and lines of a printed bill; category, load and meter are those at the time of the bill."""
    load_w = bill.load_w if bill.load_w is not None else bill.at_import_load_w
    used = dict(computations([bill.bill_no])[bill.bill_no]) if bill.revises else {}
    rows = (
        (_("Account number"), filters.account_no(own.account_no)),
        (_("Name"), own.consumer_name),
        (_("Address"), f"{own.address}, {own.pincode}"),
        (_("Category"), category_name(bill.category or bill.at_import_category or own.category)),
        (_("Sanctioned load"), filters.kilowatts(own.sanctioned_load_w if load_w is None else load_w)),
        (_("Meter number"), bill.meter_no or bill.at_import_meter_no or own.meter_no),
        *([(_("Replaces bill"), bill.revises)] if bill.revises else []),
        (_("Period"), f"{filters.day(bill.period_from)} – {filters.day(bill.period_to)}"),
        (_("Previous reading"), str(bill.previous_reading)),
        (_("Current reading"), str(bill.current_reading)),
        (_("Units"), str(bill.units)),
        *((label, used[label]) for label in (_("Months"), _("Multiplying factor")) if label in used),
        (_("Basis"), f"{basis_name(bill.bill_basis)} ({bill.bill_basis})"),
        (_("Issued on"), filters.day(bill.issue_date)),
        (_("Due date"), filters.day(bill.due_date)),
    )
    table = TableText(
        (_("Item"), _("Amount")),
        tuple((label, filters.rupees(paise)) for label, paise in money_lines(bill)),
        figures=(1,),
    )
    text = SlipText(
        title=_("Bill for %(month)s", month=month_of(bill.bill_month)),
        rows=rows,
        footer=(str(basis_meaning(bill.bill_basis)),),
        language=page_language(),
        heading=_("WSS, Web Self Service"),
        number=(_("Bill number"), bill.bill_no),
    )
    return text, table
