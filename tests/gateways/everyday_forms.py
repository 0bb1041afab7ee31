"""PDFs as people fill them in: forms, notes and stamps, and the same look as plain page content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, Pdf, Stream

FONTS = Path(__file__).parents[2] / "wss" / "gateways" / "fonts"
NAME_HI = "राम कुमार श्रीवास्तव"
NAME_EN = "Ram Kumar, meter 2148"
BOX = Array([100, 600, 340, 640])
_HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def saved(document: Pdf, **options: object) -> bytes:
    """Return the document as a file."""
    made = BytesIO()
    document.save(made, **options)
    return made.getvalue()


def plain(content: bytes = b"", size: tuple[int, int] = (595, 842), **resources: object) -> Pdf:
    """Return a page with a heading and this content."""
    document = Pdf.new()
    document.add_blank_page(page_size=size)
    page = document.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary(F=_HELVETICA), **resources)
    page.Contents = document.make_stream(b"BT /F 24 Tf 72 760 Td (Bill of November) Tj ET " + content)
    return document


@cache
def _drawn(text: str) -> bytes:
    """Return the text in an embedded font, as a page of 240 by 40 points."""
    sheet = FPDF(unit="pt", format=(240, 40))
    sheet.set_auto_page_break(False)
    sheet.set_margin(0)
    sheet.add_font("own", fname=FONTS / ("latin.ttf" if text.isascii() else "devanagari.ttf"))
    sheet.set_text_shaping(True)
    sheet.add_page()
    sheet.set_font("own", size=20)
    sheet.text(4, 26, text)
    return bytes(sheet.output())


def _look(document: Pdf, text: str) -> Stream:
    """Return the text as an appearance stream."""
    source = Pdf.open(BytesIO(_drawn(text)))
    return document.copy_foreign(source.pages[0].as_form_xobject())


def printed(text: str) -> bytes:
    """Return the twin of a field or note: the same text as page content."""
    document = plain(b"q 1 0 0 1 100 600 cm /Look Do Q")
    document.pages[0].obj.Resources.XObject = Dictionary(Look=_look(document, text))
    return saved(document)


def twin(text: str) -> Callable[[], bytes]:
    return lambda: printed(text)


def annotated(subtype: Name, text: str | None = None, **entries: object) -> Pdf:
    """Return a page with one note or field, with an appearance if a text is given."""
    document = plain()
    note = Dictionary(Type=Name.Annot, Subtype=subtype, Rect=BOX, F=4, **entries)
    if text is not None:
        note.AP = Dictionary(N=_look(document, text))
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])
    return document


def form_with(text: str | None, value: str, *, needs: bool = False, **entries: object) -> bytes:
    """Return a form with one text field."""
    document = annotated(Name.Widget, text, FT=Name.Tx, T="name", V=value, DA="/F 18 Tf 0 g", **entries)
    document.Root.AcroForm = Dictionary(
        Fields=document.pages[0].obj.Annots, DA="/F 18 Tf 0 g", DR=Dictionary(Font=Dictionary(F=_HELVETICA))
    )
    if needs:
        document.Root.AcroForm.NeedAppearances = True
    return saved(document)


def ticked() -> bytes:
    document = annotated(Name.Widget, FT=Name.Btn, T="paid", V=Name.Yes, AS=Name.Yes)
    states = Dictionary(
        Yes=_look(document, NAME_EN), Off=document.make_stream(b"", Subtype=Name.Form, BBox=BOX)
    )
    document.pages[0].obj.Annots[0].AP = Dictionary(N=states)
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].obj.Annots)
    return saved(document)


def value_of_the_parent() -> bytes:
    """Return a form whose text belongs to the parent of the field on the page, as many programs write forms."""
    document = annotated(Name.Widget, DA="/F 18 Tf 0 g")
    above = document.make_indirect(Dictionary(FT=Name.Tx, T="name", V=NAME_HI))
    above.Kids, document.pages[0].obj.Annots[0].Parent = document.pages[0].obj.Annots, above
    document.Root.AcroForm = Dictionary(Fields=Array([above]), DR=Dictionary(Font=Dictionary(F=_HELVETICA)))
    return saved(document)


def empty_look() -> bytes:
    document = Pdf.open(BytesIO(form_with(None, NAME_HI, needs=True)))
    empty = document.make_stream(b"/Tx BMC EMC", Subtype=Name.Form, BBox=Array([0, 0, 240, 40]))
    document.pages[0].obj.Annots[0].AP = Dictionary(N=empty)
    return saved(document)


def signed() -> bytes:
    document = annotated(Name.Widget, NAME_EN, FT=Name.Sig, T="signature")
    document.pages[0].obj.Annots[0].V = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"))
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].obj.Annots, SigFlags=3)
    return saved(document)


def dynamic_form() -> bytes:
    """Return a dynamic form: only one program shows it; every other one shows a page that asks to wait."""
    document = plain(b"BT /F 12 Tf 72 700 Td (Please wait...) Tj ET")
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))
    document.Root.NeedsRendering = True
    return saved(document)


def hidden_note() -> bytes:
    document = annotated(Name.FreeText, NAME_EN, Contents=NAME_EN)
    document.pages[0].obj.Annots[0].F = 2
    return saved(document)
