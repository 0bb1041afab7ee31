"""The response with a printed document, or the error page that says when the next can be printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, make_response
from flask_babel import lazy_gettext

from wss.domain.uploads import UploadRefused
from wss.services.requests.printed_sheets import print_sheet
from wss.web.access import current_actor
from wss.web.downloads import A_PDF, as_download
from wss.web.errors import Explanation, error_page

_TOO_MANY = Explanation(
    lazy_gettext("Too many files to print in one hour"),
    lazy_gettext(
        "The same information is on the pages of this site. To print it, wait a while and open the file again."
    ),
)


def pdf_response(name: str, draw: Callable[..., bytes], *words: Any) -> Response:
    """Return a printed document that the logged-in person may see, as a file with this name."""
    try:
        printed = print_sheet(current_actor(), draw, *words)
    except UploadRefused:
        abort(503)
    if printed.retry_after:
        return error_page(429, {"Retry-After": str(printed.retry_after)}, explanation=_TOO_MANY)
    return as_download(make_response(printed.content), A_PDF, name)
