"""What the offices owe for late requests, office by office."""

from __future__ import annotations

from flask import Response, request

from wss import clock
from wss.queries.reference import reference
from wss.services.requests.owed_sums import owed_by_office
from wss.web.access import current_staff
from wss.web.language import page_language
from wss.web.mis.blueprint import mis
from wss.web.mis.filters import read_mis_filter
from wss.web.mis.views import page_context
from wss.web.pages import render


@mis.get("/mis/owed")
def owed() -> Response:
    """Show what an office and each office below it owe for their open late requests."""
    tables, today = reference(), clock.local_date(clock.now())
    office = request.args.get("office", "")
    mis_filter = read_mis_filter({"office": office}, current_staff(), tables, today)
    rows, whole = owed_by_office(mis_filter.office, tables, today)
    path = mis_filter.office.path.split("/")
    return render(
        "mis/owed.html",
        **page_context(mis_filter, tables),
        rows=[row for row in rows if row.requests],
        whole=whole,
        is_hindi=page_language() == "hi",
        rates=[rate for rate in tables.compensation_rates if rate.office_code in path],
    )
