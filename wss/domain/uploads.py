"""The documents that can be uploaded: types, limits, names, and the codes of refusals."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.domain.errors import Forbidden, RuleBroken
from wss.domain.saved_names import NAMELESS, saved_name

# Source: a choice of this project (docs/specification.md#journey-4-service-request), shown before a document is chosen.
# A phone's photo has 3 to 6 MB, all documents must fit on one disk, and a larger picture of a meter is of no use.
MEGABYTE = 1_000_000
BYTES_PER_DOCUMENT = 8 * MEGABYTE
DOCUMENTS_PER_REQUEST = 5
BYTES_PER_UPLOAD = 24 * MEGABYTE
STORED_BYTES_PER_DAY = 20 * MEGABYTE

# The limits of stored documents. An image is re-encoded within these, a PDF beyond them is refused.
IMAGE_EDGE = 1600
IMAGE_BYTES = 600_000
# A JPEG can be decoded at a fraction of its size, so that the largest of phones (200 megapixels) is little work; a
# progressive one has to be held whole, in 6 bytes a pixel, and a PNG in 4, several times over.
PIXELS_OF_JPEG = 200_000_000
PIXELS_OF_PROGRESSIVE_JPEG = 50_000_000
PIXELS_OF_PNG = 25_000_000
# A progressive photo has about ten scans; every scan costs as much as the whole picture.
SCANS = 100
# All pages of a PDF together, as they are drawn: 27 pages of A4 at 150 dots an inch, and 50 that can still be read.
PIXELS_PER_PDF = 60_000_000
PDF_BYTES = 5 * MEGABYTE
PDF_PAGES = 50
# In points of 1/72 inch: the largest page that all readers show, five metres.
PAGE_EDGE = 14_400

LABEL_LENGTH = 100
_LONGEST_ENDING = 10

_JPEG_BEGINS = b"\xff\xd8\xff"
_PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_PDF_BEGINS = b"%PDF-"
# Some programs write other bytes before a PDF, and all viewers skip as many of them; a web page is no PDF.
_BYTES_BEFORE_PDF = 1024


class Refusal(StrEnum):
    """The reasons why a document is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UPLOAD_TOO_LARGE = "upload_too_large"
    DAY_LIMIT = "day_limit"
    WRONG_KIND = "wrong_kind"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    PDF_TOO_LARGE = "pdf_too_large"
    UNSEEN = "unseen"
    TOO_COMPLEX = "too_complex"
    STORAGE_FULL = "no_room"


class UploadRefused(RuleBroken):
    """A document is refused; the request that it came with is accepted nevertheless."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class DocumentKind(StrEnum):
    """The accepted types of document; the value is the extension under which they are stored."""

    JPEG = "jpg"
    PNG = "png"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """Return the media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    DocumentKind.JPEG: "image/jpeg",
    DocumentKind.PNG: "image/png",
    DocumentKind.PDF: "application/pdf",
}
_KINDS = {media_type: kind for kind, media_type in _MEDIA_TYPES.items()}


class ScanState(StrEnum):
    """The result of the virus scan of a document."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"

    @property
    def is_served(self) -> bool:
        """Return whether the document may be opened: not before a configured scanner has found it clean."""
        return self in (ScanState.CLEAN, ScanState.NOT_SCANNED)


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """A document that is sanitised and stored, and not attached to a request yet."""

    id: str
    label: str
    media_type: str
    size: int
    storage_key: str
    scan: ScanState
    pages: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A refused document, and the reason."""

    label: str
    refusal: Refusal


class NothingStored(Forbidden):
    """None of the documents could be stored; `refused` has the reasons."""

    def __init__(self, refused: Sequence[RefusedDocument]) -> None:
        super().__init__("nothing_kept")
        self.refused = refused


@dataclass(frozen=True)
class StoredDocuments:
    """The documents that a request and its consumer have stored already."""

    documents_on_request: int = 0
    bytes_today: int = 0


def kind_of(content: bytes) -> DocumentKind | None:
    """Return the type that the first bytes show, whatever the name says; None for a type that is not accepted."""
    if content.startswith(_JPEG_BEGINS):
        return DocumentKind.JPEG
    if content.startswith(_PNG_BEGINS):
        return DocumentKind.PNG
    begin = content[:_BYTES_BEFORE_PDF].lstrip(b"\xef\xbb\xbf \t\r\n")
    return DocumentKind.PDF if _PDF_BEGINS in begin and not begin.startswith(b"<") else None


def refusal_of_upload(sizes: list[int], kept: StoredDocuments) -> Refusal | None:
    """Return why documents of these sizes cannot be added together; None if they can.

    Each alone is checked elsewhere.
    """
    if kept.documents_on_request + len(sizes) > DOCUMENTS_PER_REQUEST:
        return Refusal.TOO_MANY
    if sum(sizes) > BYTES_PER_UPLOAD:
        return Refusal.UPLOAD_TOO_LARGE
    return None


def refusal_of_document(content: bytes) -> Refusal | None:
    """Return why one document is refused, by its size and first bytes; None if it is not."""
    if not content:
        return Refusal.EMPTY
    if len(content) > BYTES_PER_DOCUMENT:
        return Refusal.TOO_LARGE
    return Refusal.WRONG_KIND if kind_of(content) is None else None


def refusal_of_storing(stored_size: int, kept: StoredDocuments) -> Refusal | None:
    """Return why a sanitised document of this size cannot be stored today; None if it can."""
    return Refusal.DAY_LIMIT if kept.bytes_today + stored_size > STORED_BYTES_PER_DAY else None


def label(file_name: str) -> str:
    """Return the displayed name of a document: no folders, no control or direction marks, not too long."""
    last = unicodedata.normalize("NFC", file_name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(" " if character.isspace() else character for character in last)
    shown = " ".join("".join(character for character in shown if _is_shown(character)).split()).strip(".")
    if not any(character.isalnum() for character in shown):
        return NAMELESS
    return _shortened(shown).strip()


def file_name(shown: str, media_type: str) -> str:
    """Return the name under which a browser saves a document.

    Its extension is always that of the stored type, so that no program other than a viewer opens it.
    """
    return saved_name(shown, _KINDS[media_type])


def upload_key(shown: str, content: bytes) -> str:
    """Return the key of an uploaded file, by its original name and content.

    The same file sent again has the same key.
    """
    return hashlib.sha256(shown.encode() + b"\0" + content).hexdigest()


def _is_shown(character: str) -> bool:
    """Return whether a character is visible: categories C are controls, direction marks and unassigned ones."""
    return unicodedata.category(character)[0] != "C" and character not in "/\\"


def _shortened(name: str) -> str:
    """Return the name cut to length in its middle, so that its extension stays readable."""
    if len(name) <= LABEL_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return name[:LABEL_LENGTH]
    return stem[: LABEL_LENGTH - len(ending) - 1] + dot + ending
