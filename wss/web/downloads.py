"""Files that the browser is to keep: their names, and documents that it must never run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response, request

from wss.domain.errors import NotFound
from wss.queries.documents import DocumentRow
from wss.services.attaching import Shelf, document_content, document_picture

A_PDF = "application/pdf"
_RUN_NOTHING = "sandbox; default-src 'none'"
_MEDIA_TYPES = ("image/jpeg", "image/png", A_PDF)


def as_document(shelf: Shelf, found: DocumentRow | None) -> Response:
    """A document that its asker may see, to be kept; never to be run by the browser."""
    if found is None or found.media_type not in _MEDIA_TYPES:
        raise NotFound
    response = make_response(document_content(shelf, found))
    response.headers["Content-Security-Policy"] = _RUN_NOTHING
    return as_download(response, found.media_type, found.file_name)


def as_picture(shelf: Shelf, found: DocumentRow | None, page: int) -> Response:
    """A page of a document that its asker may see, as a picture to be shown in place; `size=small` in the address asks
    for a thumbnail."""
    if found is None or found.media_type not in _MEDIA_TYPES:
        raise NotFound
    is_small = request.args.get("size") == "small"
    content, media_type = document_picture(shelf, found, page, is_small=is_small)
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Security-Policy"] = _RUN_NOTHING
    response.headers["Content-Disposition"] = "inline"
    return response


def as_download(response: Response, media_type: str, name: str) -> Response:
    """Let the browser save it under its name (RFC 6266), whatever letters the name has."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-") else "_" for sign in name)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response
