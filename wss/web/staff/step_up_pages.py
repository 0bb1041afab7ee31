"""What a second code is asked for: the page that is shown after it, in words."""

from __future__ import annotations

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from wss.web.filters import complaint_no

_PAGES: dict[str, LazyString] = {
    "officer.reveal": _l("See the full mobile number"),
    "mis.csv_file": _l("Download the MIS figures"),
    "mis.xlsx_file": _l("Download the MIS figures"),
    "staff.codes": _l("Get new recovery codes"),
    "admin.download": _l("Download a table"),
    "admin.table": _l("Change a table"),
    "admin.preview": _l("Change a table"),
    "admin.pending_change": _l("Decide on a change"),
}


def purpose_of(address: str) -> str:
    """Return what the code is for, with the number or table that the address names; empty for another page."""
    try:
        endpoint, named = current_app.url_map.bind("").match(address.partition("?")[0])
    except (HTTPException, RequestRedirect):
        return ""
    if endpoint not in _PAGES:
        return ""
    about = complaint_no(named["complaint_no"]) if "complaint_no" in named else named.get("table", "")
    return f"{_PAGES[endpoint]}: {about}" if about else str(_PAGES[endpoint])
