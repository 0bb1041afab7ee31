"""Limits for the size of request bodies. A body is refused by its announced length, before any of it is stored."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from wss.db import release_reading
from wss.domain.uploads import BYTES_PER_UPLOAD
from wss.services.requests.answer_links import question_of_link
from wss.services.requests.document_links import is_link_valid

FORM_BYTES = 300_000
UPLOAD_BYTES = BYTES_PER_UPLOAD + 1_000_000
# A form with too many photos is still read, so that the form can be saved while the photos are refused.
KEPT_BYTES = 2 * BYTES_PER_UPLOAD

# Every other endpoint takes forms without documents.
_LARGER = {
    "consumer.request_sent": KEPT_BYTES,
    "consumer.act": KEPT_BYTES,
    "consumer.add_to_request": KEPT_BYTES,
    "consumer.generate_self_bill": KEPT_BYTES,
    "admin.change": UPLOAD_BYTES,
    "tracking.take_documents": UPLOAD_BYTES,
    "tracking.reply": UPLOAD_BYTES,
}
# Open without login: only a link that still accepts documents may send a large body.
_LINKS = {"tracking.take_documents": is_link_valid, "tracking.reply": question_of_link}


def init_app(app: Flask) -> None:
    """Set the limit before anything reads the body."""

    @app.url_value_preprocessor
    def set_limit(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        request.max_content_length = _LARGER.get(endpoint or "", FORM_BYTES)


def refuse_large_bodies(app: Flask) -> None:
    """Refuse a body that is too large: after the caller is known, and before the form is read for its CSRF token."""

    @app.before_request
    def refuse() -> None:
        announced = request.content_length
        is_large = announced is None or announced > FORM_BYTES
        link = _LINKS.get(request.endpoint or "")
        if link and request.method == "POST" and is_large and not link((request.view_args or {})["token"]):
            request.max_content_length = FORM_BYTES
        if announced is not None and announced > (request.max_content_length or 0):
            raise RequestEntityTooLarge
        if is_large and request.method == "POST":
            # The caller is known. A slow upload takes minutes, in which others need the connection.
            release_reading()
