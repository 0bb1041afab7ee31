"""The link in the SMS by which documents can be sent for a request; it shows none of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from wss.domain.errors import NotFound
from wss.domain.uploads import DOCUMENTS_PER_REQUEST, Refusal, RefusedDocument
from wss.services.requests.document_links import DocumentsResult, add_documents_by_link, is_link_valid
from wss.services.requests.draft_documents import UploadedDocument, cleaned, storage_of
from wss.web.fields import PlainForm
from wss.web.labels.documents import refused_document_words
from wss.web.pages import redirect_to, render
from wss.web.request_form.form_data import uploads_sent
from wss.web.tracking.views import tracking


class DocumentsForm(PlainForm):
    """Photos or documents."""

    documents = MultipleFileField(_l("Photos or documents"))


@tracking.get("/d/<token>")
def documents(token: str) -> Response:
    """Show the form for documents."""
    return _page(token, DocumentsForm(formdata=None)) if is_link_valid(token) else _dead()


@tracking.post("/d/<token>")
def take_documents(token: str) -> Response:
    """Accept the documents; refused ones are listed, the others are saved."""
    form = DocumentsForm(formdata=None)
    if not is_link_valid(token):
        return _dead()
    sent = uploads_sent()
    if not sent:
        form.documents.errors = (_("Choose a document first"),)
        return _page(token, form, status=422)
    try:
        kept, refused = _taken(token, sent)
    except NotFound:
        return _dead()
    if not refused:
        # No redirect to the link: its token is a secret and must not be in an address we redirect to.
        return redirect_to("tracking.arrived", number=kept)
    form.documents.errors = tuple(refused_document_words(refused))
    return _page(token, form, kept, status_of_refused(refused))


@tracking.get("/arrived")
def arrived() -> Response:
    """Show how many documents arrived, as the address says; 1 for any other number."""
    numbers = {str(number): number for number in range(1, DOCUMENTS_PER_REQUEST + 1)}
    return render("tracking/arrived.html", arrived=numbers.get(request.args.get("number", ""), 1))


def _page(token: str, form: DocumentsForm, came: int = 0, status: int = 200) -> Response:
    return render("tracking/documents.html", status=status, token=token, form=form, arrived=came)


def _taken(token: str, sent: list[UploadedDocument]) -> tuple[int, list[RefusedDocument]]:
    """Save the documents; return how many the request got, and which were refused. Refused ones are not stored."""
    with cleaned(sent, storage_of(current_app.extensions["wss"].gateways), f"link {token}") as files:
        done = add_documents_by_link(token, files.ready) if files.ready else DocumentsResult([], [])
        files.keep(done.kept)
        return len(done.kept), [*files.refused, *done.refused]


def status_of_refused(refused: Sequence[RefusedDocument]) -> int:
    """Return the status of a page that names refused documents."""
    return 413 if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused) else 422


def _dead() -> Response:
    return render("tracking/dead_link.html", status=404)
