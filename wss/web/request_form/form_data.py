"""The posted request form: its token, what was typed, its documents."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request
from werkzeug.datastructures import MultiDict

from wss.domain.catalogue import BILLS_AT_MOST, RequestField
from wss.domain.typed_values import whole_number
from wss.domain.uploads import BYTES_PER_DOCUMENT
from wss.services.requests.draft_documents import UploadedDocument
from wss.web.request_form.forms import BILL_TYPED

_NAMES = (*(field.value for field in RequestField if field is not RequestField.DOCUMENTS), BILL_TYPED)
_LONGEST_KEPT = 2_000
_DIGITS_OF_SINCE = len("1790000000000")


def form_token() -> str:
    """Return the token that makes several posts of a form one request."""
    return request.form.get("form_token", "")


def is_typing() -> bool:
    """Return whether the form is still being filled in and was only saved by the page."""
    return request.form.get("show") == "keep"


def typed_at() -> datetime:
    """Return when the form was typed, by the server's clock: the page counts from the moment when it was rendered."""
    since = whole_number(request.form.get("since", ""), _DIGITS_OF_SINCE) or 0
    return datetime.fromtimestamp(since / 1_000, UTC)


def chosen() -> MultiDict[str, str]:
    """Return the posted form; a reason that the page suggested counts only once the form is sent."""
    sent = MultiDict(request.form)
    if "show" in sent and sent.get(RequestField.REASON.value) == sent.get("reason_offered"):
        sent.poplist(RequestField.REASON.value)
    return sent


def typed() -> dict[str, list[str]]:
    """Return what was typed into the form's fields; other names are ignored."""
    several, choice = BILLS_AT_MOST, chosen()
    sent = {name: choice.getlist(name)[: several if name == RequestField.BILL_NO else 1] for name in _NAMES}
    return {name: [value[:_LONGEST_KEPT] for value in values] for name, values in sent.items() if values}


def uploads_sent() -> list[UploadedDocument]:
    """Return the posted documents; one that is too large is read only up to the limit."""
    return [
        UploadedDocument(each.filename or "", each.stream.read(BYTES_PER_DOCUMENT + 1))
        for each in request.files.getlist(RequestField.DOCUMENTS.value)
        if each.filename
    ]
