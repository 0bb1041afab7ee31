"""Detection of parts of a PDF that its sender saw and that a picture of its pages would not show."""

from __future__ import annotations

import ctypes

# Loaded now, because later no file can be opened.
import encodings.utf_16_le  # noqa: F401
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

_HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
# Fields of text; PDFium draws it where the file has no appearance, in Latin letters only.
_TEXT_FIELDS = {
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
}
_TICKED_FIELDS = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
# Annotations that show nothing without an appearance, and for which PDFium makes none.
_NEED_APPEARANCE = {
    pdfium.FPDF_ANNOT_FREETEXT,
    pdfium.FPDF_ANNOT_LINE,
    pdfium.FPDF_ANNOT_POLYGON,
    pdfium.FPDF_ANNOT_POLYLINE,
    pdfium.FPDF_ANNOT_STAMP,
    pdfium.FPDF_ANNOT_CARET,
}
# The operators by which an appearance draws something.
_DRAWS = re.compile(r"\b(?:Tj|TJ|Do|EI|sh|[fFSsbB]\*?)(?=\s|$)|['\"]")
# Fonts that files leave out because every computer, and PDFium, has them or a similar one; a font without a name is
# any.
_EVERYWHERE = re.compile(
    r"^$|arial|book(?:antiqua|man)|calibri|cambria|century|comic|consolas|courier|dejavu|franklin|free(?:mono|sans|serif)"
    r"|garamond|georgia|helvetica|impact|lato|liberation|lucida|nimbus|noto|opensans|palatino|roboto|segoe|tahoma|times"
    r"|trebuchet|ubuntu|verdana"
)
# Symbols that are no letters; PDFium has them built in.
_SIGNS = re.compile(r"symbol|zapfdingbats")
_DEEPEST = 12


def has_unseen_parts(document: PdfDocument, page: Any) -> bool:
    """Return whether a page has a field, an annotation or letters that its picture would lack or show differently.

    Called before PDFium prepares the page's form: after that it draws its own fields.
    """
    with _text_of(page) as text:
        fonts: dict[int, str | None] = {}
        for kind, drawn in _objects(pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT and _lacks_its_font(drawn, text, fonts):
                return True
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE and _is_broken(drawn, page):
                return True
    return any(_is_unseen(document, note) for note in _notes(page))


def _is_unseen(document: PdfDocument, note: Any) -> bool:
    if pdfium.FPDFAnnot_GetFlags(note) & _HIDDEN:
        return False
    kind, look = pdfium.FPDFAnnot_GetSubtype(note), _wide(pdfium.FPDFAnnot_GetAP, note, 0)
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        if not _DRAWS.search(look):
            return _needs_appearance(document, note)
        _keep_appearance(note)
        return False
    if kind == pdfium.FPDF_ANNOT_TEXT:
        # Its text opens on a click only.
        return bool(_text(note, b"Contents"))
    if kind == pdfium.FPDF_ANNOT_FREETEXT and not _text(note, b"Contents"):
        return False
    return kind in _NEED_APPEARANCE and not _DRAWS.search(look)


def _keep_appearance(field: Any) -> None:
    """Make PDFium draw the field as it is in the file.

    Where a form asks for new appearances, PDFium would make one for every field of text, and has no font for
    Hindi; of a field of another type it leaves the appearance unchanged.
    """
    buffer = ctypes.create_string_buffer("Shown\0".encode("utf-16-le"))
    pdfium.FPDFAnnot_SetStringValue(field, b"FT", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)))


def _needs_appearance(document: PdfDocument, field: Any) -> bool:
    """Return whether a field without an appearance shows something that PDFium does not draw by itself."""
    kind = pdfium.FPDFAnnot_GetFormFieldType(document.formenv, field) if document.formenv else -1
    if kind in _TICKED_FIELDS:
        return bool(pdfium.FPDFAnnot_IsChecked(document.formenv, field))
    value = _text(field, b"V")
    if kind in _TEXT_FIELDS:
        value = _wide(pdfium.FPDFAnnot_GetFormFieldValue, document.formenv, field).strip() or value
    return not _is_plain(value)


def _lacks_its_font(text_object: Any, page_text: Any, fonts: dict[int, str | None]) -> bool:
    """Return whether letters are drawn in a font that is neither in the file nor on every computer."""
    if pdfium.FPDFTextObj_GetTextRenderMode(text_object) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
        return False
    font = pdfium.FPDFTextObj_GetFont(text_object)
    key = ctypes.cast(font, ctypes.c_void_p).value or 0
    if key not in fonts:
        is_left_out = bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) != 1
        fonts[key] = _name_of(font) if is_left_out else None
    name = fonts[key]
    if name is None or _SIGNS.search(name):
        return False
    written = _wide(pdfium.FPDFTextObj_GetText, text_object, page_text).strip()
    return bool(written) and not (_EVERYWHERE.search(name) and _is_plain(written))


def _is_broken(picture: Any, page: Any) -> bool:
    """Return whether a picture cannot be decoded, so that PDFium leaves its place empty."""
    facts = pdfium.FPDF_IMAGEOBJ_METADATA()
    pdfium.FPDFImageObj_GetImageMetadata(picture, page, facts)
    return bool(facts.bits_per_pixel == 0)


def _name_of(font: Any) -> str:
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return re.sub(r"[^a-z]", "", buffer.value.decode("latin-1").lower())


def _is_plain(text: str) -> bool:
    """Return whether all letters are in every font: Latin ones, and the signs of an office's keyboard."""
    return (
        all(
            ord(sign) < 0x250 or unicodedata.category(sign)[0] in "PZ" or sign in "€™−\ufb01\ufb02"
            for sign in text
        )
        and "\0" not in text
    )


def _objects(
    count: Callable[..., int], take: Callable[..., Any], above: Any, depth: int = 0
) -> Iterator[tuple[int, Any]]:
    """Yield every object of a page with its kind, and the objects of the drawings within it."""
    for number in range(max(count(above), 0)):
        found = take(above, number)
        kind = pdfium.FPDFPageObj_GetType(found)
        yield kind, found
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _objects(
                pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, found, depth + 1
            )


def _notes(page: Any) -> Iterator[Any]:
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if note:
            try:
                yield note
            finally:
                pdfium.FPDFPage_CloseAnnot(note)


def _text(note: Any, key: bytes) -> str:
    return _wide(pdfium.FPDFAnnot_GetStringValue, note, key).strip()


def _wide(ask: Callable[..., int], *about: Any) -> str:
    """Return the text that a function of PDFium writes into a buffer."""
    length = ask(*about, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    ask(*about, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")


@contextmanager
def _text_of(page: Any) -> Iterator[Any]:
    text = pdfium.FPDFText_LoadPage(page)
    try:
        yield text
    finally:
        pdfium.FPDFText_ClosePage(text)
