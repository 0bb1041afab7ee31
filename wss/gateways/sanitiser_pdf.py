"""The sanitiser of PDFs: draws the pages and stores the pictures.

The office sees what the sender saw, and nothing else of the file remains.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageChops
from pypdfium2 import PdfBitmap, PdfDocument, PdfiumError
from pypdfium2 import raw as pdfium

from wss.domain.uploads import (
    IMAGE_BYTES,
    PAGE_EDGE,
    PDF_BYTES,
    PDF_PAGES,
    PIXELS_PER_PDF,
    DocumentKind,
    Refusal,
    UploadRefused,
)
from wss.gateways.document_pictures import PagePicture, write_pdf
from wss.gateways.sanitiser_image import small_jpeg
from wss.gateways.sanitiser_invisible import has_unseen_parts
from wss.gateways.sanitiser_markup import reads_as_markup

POINTS_PER_INCH = 72
DOTS_PER_INCH = 150
# The longer side of a page in pixels: small slips are drawn larger than they are, posters smaller.
LEAST_EDGE, MOST_EDGE = 1754, 3500
# The size of the new file per page besides its picture, with a margin.
_BYTES_AROUND_A_PAGE = 700


def clean_pdf(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """Return the pages as pictures in a new PDF of at most 5 MB and 50 pages. Raises UploadRefused."""
    if _is_cut_off(content):
        raise UploadRefused(Refusal.DAMAGED)
    with _opened(content) as document:
        count = len(document)
        if count == 0:
            raise UploadRefused(Refusal.DAMAGED)
        if count > PDF_PAGES:
            raise UploadRefused(Refusal.TOO_MANY_PAGES)
        document.init_forms()
        pages = [_picture_of(document, number, count) for number in range(count)]
    return {"kind": DocumentKind.PDF, "pages": count}, write_pdf(pages)


def _is_cut_off(content: bytes) -> bool:
    """Return whether the end is missing: a table of the objects, in one of two forms, after the last object."""
    trailer = content[content.rfind(b"endobj") :]
    return b"startxref" not in trailer and b"trailer" not in trailer


def _opened(content: bytes) -> PdfDocument:
    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise UploadRefused(Refusal.ENCRYPTED if locked else Refusal.DAMAGED) from error
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        # Such a form is a program; its pages only show a request to wait.
        raise UploadRefused(Refusal.UNSEEN)
    return document


def _picture_of(document: PdfDocument, number: int, count: int) -> PagePicture:
    """Return the picture of a page, drawn as in its sender's viewer. Raises UploadRefused."""
    with _loaded(document, number) as page:
        points = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        if not 0 < min(points) <= max(points) <= PAGE_EDGE:
            raise UploadRefused(Refusal.TOO_COMPLEX)
        if has_unseen_parts(document, page):
            raise UploadRefused(Refusal.UNSEEN)
        picture = _drawn(document, page, _scale(*points, PIXELS_PER_PDF // count))
    return _packed(picture, points, min(IMAGE_BYTES, PDF_BYTES // count - _BYTES_AROUND_A_PAGE))


def _packed(picture: Image.Image, points: tuple[float, float], most_bytes: int) -> PagePicture:
    """Return black and white pages losslessly, which is sharp and small; everything else as a JPEG."""
    red, green, blue = picture.split()
    if all(ImageChops.difference(red, other).getbbox() is None for other in (green, blue)):
        exact = zlib.compress(red.tobytes())
        if len(exact) <= most_bytes and not reads_as_markup(exact):
            return PagePicture(exact, picture.size, points, is_exact=True)
    jpeg = small_jpeg(picture, most_bytes)
    if jpeg is None:
        raise UploadRefused(Refusal.PDF_TOO_LARGE)
    return PagePicture(*jpeg, points)


@contextmanager
def _loaded(document: PdfDocument, number: int) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise UploadRefused(Refusal.DAMAGED)
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def _drawn(document: PdfDocument, page: Any, scale: float) -> Image.Image:
    """Return the page with its annotations and the fields of its form, on white."""
    width = max(round(pdfium.FPDF_GetPageWidthF(page) * scale), 1)
    height = max(round(pdfium.FPDF_GetPageHeightF(page) * scale), 1)
    bitmap = PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    whole = (bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
    if document.formenv:
        pdfium.FORM_OnAfterLoadPage(page, document.formenv)
    pdfium.FPDF_RenderPageBitmap(*whole)
    if document.formenv:
        pdfium.FPDF_FFLDraw(document.formenv, *whole)
        pdfium.FORM_OnBeforeClosePage(page, document.formenv)
    return bitmap.to_pil()


def _scale(width: float, height: float, most_pixels: int) -> float:
    """Return the pixels per point: enough to be readable, and never more than the document's share for a page."""
    edge = max(width, height)
    readable = min(max(edge * DOTS_PER_INCH / POINTS_PER_INCH, LEAST_EDGE), MOST_EDGE) / edge
    return min(readable, (most_pixels / (width * height)) ** 0.5)
