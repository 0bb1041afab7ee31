"""Downloads: the only place that names files, and that serves documents so that a browser never runs them."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response, request

from wss.domain.errors import NotFound
from wss.domain.saved_names import saved_name
from wss.queries.documents import DocumentRow
from wss.services.requests.draft_documents import DocumentStorage, document_content, document_picture

A_PDF = "application/pdf"
A_CSV = "text/csv; charset=utf-8"
AN_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_ZIP = "application/zip"
_RUN_NOTHING = "sandbox; default-src 'none'"
_OF_DOCUMENTS = {"image/jpeg": "jpg", "image/png": "png", A_PDF: "pdf"}
# The extension of every kind of file that can be downloaded.
_ENDINGS = {**_OF_DOCUMENTS, A_CSV: "csv", AN_XLSX: "xlsx", A_ZIP: "zip"}


def as_document(storage: DocumentStorage, found: DocumentRow | None) -> Response:
    """Return a document that the caller may see, as a download that the browser never runs. Raises NotFound."""
    if found is None or found.media_type not in _OF_DOCUMENTS:
        raise NotFound
    response = make_response(document_content(storage, found))
    response.headers["Content-Security-Policy"] = _RUN_NOTHING
    return as_download(response, found.media_type, found.label)


def as_picture(
    storage: DocumentStorage, found: DocumentRow | None, page: int, *, is_small: bool = False
) -> Response:
    """Return an inline image of one page of a document that the caller may see. Raises NotFound.

    `is_small`, or `size=small` in the address, returns a thumbnail.
    """
    if found is None or found.media_type not in _OF_DOCUMENTS:
        raise NotFound
    is_small = is_small or request.args.get("size") == "small"
    content, media_type = document_picture(storage, found, page, is_small=is_small)
    response = make_response(content)
    response.headers["Content-Security-Policy"] = _RUN_NOTHING
    return _named(response, "inline", media_type, f"{page} {found.label}")


def as_download(response: Response, media_type: str, name: str) -> Response:
    """Have the browser save the response under a name, with the extension of its media type whatever the name says."""
    return _named(response, "attachment", media_type, name)


def _named(response: Response, use: str, media_type: str, name: str) -> Response:
    """Set the file name twice (RFC 6266): in full, and in ASCII for browsers that support no other."""
    full = saved_name(name, _ENDINGS[media_type])
    ascii_only = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in full if sign.isascii())
    plain = saved_name(ascii_only, _ENDINGS[media_type])
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = (
        f"{use}; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    )
    return response
