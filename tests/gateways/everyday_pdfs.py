"""PDFs as people really send them: filled-in forms, notes, scans, small defects. Each has a twin: the same look as
plain page content, so that a test can compare what is kept with what its sender saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat, TiffImagePlugin

from wss.domain.uploads import Refusal, UploadRefused
from wss.gateways.sanitiser_pdf import clean_pdf

FONTS = Path(__file__).parents[2] / "wss" / "gateways" / "fonts"
NAME_HI = "राम कुमार श्रीवास्तव"
NAME_EN = "Ram Kumar, meter 2148"
# Fields are printed a little higher or lower by each viewer; letters that are lost differ far more.
ALIKE = 0.2
BOX = Array([100, 600, 340, 640])
_HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


@dataclass(frozen=True)
class Everyday:
    """A document, and its twin or the reason for which it has to be refused."""

    build: Callable[[], bytes]
    expected: Callable[[], bytes] | Refusal


def saved(document: Pdf, **options: object) -> bytes:
    """The document as a file."""
    made = BytesIO()
    document.save(made, **options)
    return made.getvalue()


def plain(content: bytes = b"", size: tuple[int, int] = (595, 842), **resources: object) -> Pdf:
    """A page with a heading and what is given."""
    document = Pdf.new()
    document.add_blank_page(page_size=size)
    page = document.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary(F=_HELVETICA), **resources)
    page.Contents = document.make_stream(b"BT /F 24 Tf 72 760 Td (Bill of November) Tj ET " + content)
    return document


@cache
def _drawn(text: str) -> bytes:
    """The text in a font of its own, as a page of 240 by 40 points."""
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
    """The text as an appearance."""
    source = Pdf.open(BytesIO(_drawn(text)))
    return document.copy_foreign(source.pages[0].as_form_xobject())


def _printed(text: str) -> bytes:
    """The twin of a field or note: the same text as page content."""
    document = plain(b"q 1 0 0 1 100 600 cm /Look Do Q")
    document.pages[0].obj.Resources.XObject = Dictionary(Look=_look(document, text))
    return saved(document)


def _twin(text: str) -> Callable[[], bytes]:
    return lambda: _printed(text)


def _annotated(subtype: Name, text: str | None = None, **entries: object) -> Pdf:
    """A page with one note or field, with an appearance if a text is given."""
    document = plain()
    note = Dictionary(Type=Name.Annot, Subtype=subtype, Rect=BOX, F=4, **entries)
    if text is not None:
        note.AP = Dictionary(N=_look(document, text))
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])
    return document


def _form(text: str | None, value: str, *, needs: bool = False, **entries: object) -> bytes:
    """A form with one text field."""
    document = _annotated(Name.Widget, text, FT=Name.Tx, T="name", V=value, DA="/F 18 Tf 0 g", **entries)
    document.Root.AcroForm = Dictionary(
        Fields=document.pages[0].obj.Annots, DA="/F 18 Tf 0 g", DR=Dictionary(Font=Dictionary(F=_HELVETICA))
    )
    if needs:
        document.Root.AcroForm.NeedAppearances = True
    return saved(document)


def _ticked() -> bytes:
    document = _annotated(Name.Widget, FT=Name.Btn, T="paid", V=Name.Yes, AS=Name.Yes)
    states = Dictionary(
        Yes=_look(document, NAME_EN), Off=document.make_stream(b"", Subtype=Name.Form, BBox=BOX)
    )
    document.pages[0].obj.Annots[0].AP = Dictionary(N=states)
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].obj.Annots)
    return saved(document)


def _value_of_the_parent() -> bytes:
    """The text stands in a field above the one on the page, as many programs write forms."""
    document = _annotated(Name.Widget, DA="/F 18 Tf 0 g")
    above = document.make_indirect(Dictionary(FT=Name.Tx, T="name", V=NAME_HI))
    above.Kids, document.pages[0].obj.Annots[0].Parent = document.pages[0].obj.Annots, above
    document.Root.AcroForm = Dictionary(Fields=Array([above]), DR=Dictionary(Font=Dictionary(F=_HELVETICA)))
    return saved(document)


def _empty_look() -> bytes:
    document = Pdf.open(BytesIO(_form(None, NAME_HI, needs=True)))
    empty = document.make_stream(b"/Tx BMC EMC", Subtype=Name.Form, BBox=Array([0, 0, 240, 40]))
    document.pages[0].obj.Annots[0].AP = Dictionary(N=empty)
    return saved(document)


def _signed() -> bytes:
    document = _annotated(Name.Widget, NAME_EN, FT=Name.Sig, T="signature")
    document.pages[0].obj.Annots[0].V = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"))
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].obj.Annots, SigFlags=3)
    return saved(document)


def _dynamic_form() -> bytes:
    """Only one program shows such a form; every other one shows a page that asks to wait."""
    document = plain(b"BT /F 12 Tf 72 700 Td (Please wait...) Tj ET")
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))
    document.Root.NeedsRendering = True
    return saved(document)


def _hidden_note() -> bytes:
    document = _annotated(Name.FreeText, NAME_EN, Contents=NAME_EN)
    document.pages[0].obj.Annots[0].F = 2
    return saved(document)


# Passwords and small defects.
def _honest() -> bytes:
    return _printed(NAME_HI)


def _locked(user: str, **how: object) -> bytes:
    return saved(Pdf.open(BytesIO(_honest())), encryption=pikepdf.Encryption(owner="owner", user=user, **how))


def _wrong_table() -> bytes:
    whole = _honest()
    at = whole.rindex(b"startxref")
    return whole[:at] + b"startxref\n77\n%%EOF\n"


def _shifted() -> bytes:
    """A line was put in by a mail program, so that every place in the table is wrong."""
    return _honest().replace(b"\n", b"\n%\n", 1)


def _wrong_lengths(change: int) -> Callable[[], bytes]:
    def build() -> bytes:
        out, rest = b"", _honest()
        while b"/Length " in rest:
            before, _, rest = rest.partition(b"/Length ")
            digits = len(rest) - len(rest.lstrip(b"0123456789"))
            out += before + b"/Length " + str(max(int(rest[:digits]) + change, 0)).encode()
            rest = rest[digits:]
        return out + rest

    return build


def _without_ends_of_objects() -> bytes:
    return _honest().replace(b"endobj", b"      ", 2)


# Pictures.
def _photo() -> Image.Image:
    picture = Image.radial_gradient("L").resize((600, 800)).convert("RGB")
    ImageDraw.Draw(picture).text((60, 200), "2148 kWh", fill="red", font_size=120)
    return picture


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    made = BytesIO()
    picture.save(made, form, **options)
    return made.getvalue()


def _scan(data: bytes, colours: Name | Array, *, turned: int = 0, bits: int = 8, **entries: object) -> bytes:
    """A page that is one picture of 600 by 800 dots."""
    document = Pdf.new()
    document.add_blank_page(page_size=(450, 600))
    page = document.pages[0].obj
    drawn = document.make_stream(data, Subtype=Name.Image, Width=600, Height=800, BitsPerComponent=bits)
    drawn.ColorSpace = colours
    for name, value in entries.items():
        drawn["/" + name] = value
    page.Resources = Dictionary(XObject=Dictionary(I=drawn))
    page.Contents = document.make_stream(b"q 450 0 0 600 0 0 cm /I Do Q")
    page.Rotate = turned
    return saved(document)


def _photo_page(picture: Image.Image | None = None) -> bytes:
    return _scan((picture or _photo()).tobytes(), Name.DeviceRGB)


def _jpeg_page(mode: str, colours: Name, **entries: object) -> Callable[[], bytes]:
    return lambda: _scan(
        _encoded(_photo().convert(mode), "JPEG", quality=90), colours, Filter=Name.DCTDecode, **entries
    )


def _broken_scan() -> bytes:
    """A picture of which other viewers may show something."""
    return _scan(_encoded(_photo(), "JPEG2000")[:-60_000], Name.DeviceRGB, Filter=Name.JPXDecode)


def _fax_page() -> bytes:
    TiffImagePlugin.STRIP_SIZE = 10_000_000
    tiff = BytesIO()
    _black_and_white().save(tiff, "TIFF", compression="group4")
    with Image.open(tiff) as opened:
        at, length = opened.tag_v2[273][0], opened.tag_v2[279][0]
    how = Dictionary(K=-1, Columns=600, Rows=800, BlackIs1=opened.tag_v2[262] == 1)
    return _scan(
        tiff.getvalue()[at : at + length],
        Name.DeviceGray,
        bits=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=how,
    )


def _black_and_white() -> Image.Image:
    page = Image.new("1", (600, 800), 1)
    ImageDraw.Draw(page).text((60, 200), "2148 kWh", fill=0, font_size=120)
    return page


def _palette_page() -> bytes:
    picture = _photo().quantize(64)
    palette = bytes(picture.getpalette() or [])
    return _scan(picture.tobytes(), Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, palette]))


def _see_through() -> bytes:
    document = Pdf.open(BytesIO(_photo_page()))
    drawn = document.pages[0].obj.Resources.XObject.I
    mask = Image.new("L", (600, 800), 128).tobytes()
    drawn.SMask = document.make_stream(
        mask, Subtype=Name.Image, Width=600, Height=800, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )
    return saved(document)


def _half_white() -> bytes:
    return _photo_page(Image.blend(_photo(), Image.new("RGB", (600, 800), "white"), 127 / 255))


def _multiplied() -> bytes:
    state = Dictionary(M=Dictionary(BM=Name.Multiply))
    return saved(
        plain(b"1 0 0 rg 100 600 200 60 re f q /M gs 0 1 0 rg 150 580 200 60 re f Q", ExtGState=state)
    )


def _multiplied_twin() -> bytes:
    return saved(plain(b"1 0 0 rg 100 600 200 60 re f 0 1 0 rg 150 580 200 60 re f 0 g 150 600 150 40 re f"))


# Layers and odd pages.
def _layers() -> bytes:
    document = plain(b"/OC /On BDC 100 600 200 60 re f EMC /OC /Off BDC 100 400 200 60 re f EMC")
    shown = document.make_indirect(Dictionary(Type=Name.OCG, Name="shown"))
    hidden = document.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
    document.pages[0].obj.Resources.Properties = Dictionary(On=shown, Off=hidden)
    document.Root.OCProperties = Dictionary(
        OCGs=Array([shown, hidden]), D=Dictionary(BaseState=Name.ON, OFF=Array([hidden]))
    )
    return saved(document)


def _boxed() -> bytes:
    """The page begins far from nought, and only a part of it is shown."""
    document = plain(b"100 600 200 60 re f")
    page = document.pages[0].obj
    page.Contents = document.make_stream(b"1 0 0 1 -500 2000 cm " + page.Contents.read_bytes())
    page.MediaBox, page.CropBox = Array([-900, 1900, 500, 3000]), Array([95, 2842, -500, 2000])
    return saved(document)


def _inherited() -> bytes:
    document = plain(b"100 600 200 60 re f")
    page, above = document.pages[0].obj, document.Root.Pages
    above.Resources, above.MediaBox, above.Rotate = page.Resources, page.MediaBox, 180
    del page.Resources, page.MediaBox
    return saved(document)


def _turned() -> bytes:
    document = plain(b"100 600 200 60 re f")
    document.pages[0].obj.Rotate = 180
    return saved(document)


def _bar() -> bytes:
    return saved(plain(b"100 600 200 60 re f"))


def _poster() -> bytes:
    return saved(
        plain(b"4 0 0 4 0 0 cm 100 600 200 60 re f BT /F 24 Tf 72 760 Td (Plan) Tj ET", (2384, 3370))
    )


def _many(pages: int) -> bytes:
    document, source = Pdf.new(), plain(b"100 600 200 60 re f")
    for _ in range(pages):
        document.pages.append(source.pages[0])
    return saved(document)


# Fonts.
def _without_the_font(text: str, name: str) -> bytes:
    """Text in a font that the sender's computer has and the file has not."""
    document = plain()
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/" + name), DW=600,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
    )  # fmt: skip
    lines = b"".join(b"<%04x> <%04x>\n" % (number, ord(sign)) for number, sign in enumerate(text, 1))
    table = b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    table += b"%d beginbfchar\n" % len(text) + lines + b"endbfchar endcmap"
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/" + name), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(below)]), ToUnicode=document.make_stream(table),
    )  # fmt: skip
    codes = "".join(f"{number:04x}" for number in range(1, len(text) + 1))
    page = document.pages[0].obj
    page.Resources.Font.M = font
    page.Contents = document.make_stream(
        page.Contents.read_bytes() + f" BT /M 20 Tf 104 614 Td <{codes}> Tj ET".encode()
    )
    return saved(document)


def _font_of_the_computer(name: str, text: bytes) -> bytes:
    document = plain(b"BT /A 20 Tf 104 614 Td (" + text + b") Tj ET")
    document.pages[0].obj.Resources.Font.A = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/" + name), Encoding=Name.WinAnsiEncoding
    )
    return saved(document)


def _usual_font_twin() -> bytes:
    return saved(plain(b"BT /F 20 Tf 104 614 Td (Ram Kumar, meter 2148) Tj ET"))


def _active() -> bytes:
    document = Pdf.open(BytesIO(_honest()))
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    document.Root.AA = Dictionary(WC=Dictionary(S=Name.Launch, F="calc.exe"))
    document.attachments["x.exe"] = pikepdf.AttachedFileSpec(document, b"MZ SECRET", filename="x.exe")
    return saved(document)


_JPX = {"Filter": Name.JPXDecode}
_INVERTED = {"Decode": Array([1, 0] * 4)}
_BUILT_IN = {"Filter": Name.DCTDecode}

EVERYDAY: dict[str, Everyday] = {
    "form, own Hindi appearance, NeedAppearances": Everyday(
        lambda: _form(NAME_HI, NAME_HI, needs=True), _twin(NAME_HI)
    ),
    "form, own Hindi appearance": Everyday(lambda: _form(NAME_HI, NAME_HI), _twin(NAME_HI)),
    "form, own English appearance, NeedAppearances": Everyday(
        lambda: _form(NAME_EN, NAME_EN, needs=True), _twin(NAME_EN)
    ),
    "form, English value without appearance": Everyday(
        lambda: _form(None, NAME_EN, needs=True),
        lambda: saved(plain(b"BT /F 18 Tf 104 613 Td (%s) Tj ET" % NAME_EN.encode())),
    ),
    "form, English value without appearance, not asked for": Everyday(
        lambda: _form(None, NAME_EN),
        lambda: saved(plain(b"BT /F 18 Tf 104 613 Td (%s) Tj ET" % NAME_EN.encode())),
    ),
    "form, Hindi value, empty appearance": Everyday(_empty_look, Refusal.UNSEEN),
    "form, Hindi value without appearance": Everyday(
        lambda: _form(None, NAME_HI, needs=True), Refusal.UNSEEN
    ),
    "form, Hindi value without appearance, not asked for": Everyday(
        lambda: _form(None, NAME_HI), Refusal.UNSEEN
    ),
    "form, Hindi value in the parent field": Everyday(_value_of_the_parent, Refusal.UNSEEN),
    "form, empty field without appearance": Everyday(
        lambda: _form(None, "", needs=True), lambda: saved(plain())
    ),
    "form, ticked box": Everyday(_ticked, _twin(NAME_EN)),
    "form, signature": Everyday(_signed, _twin(NAME_EN)),
    "form, dynamic (XFA)": Everyday(_dynamic_form, Refusal.UNSEEN),
    "note, own appearance": Everyday(
        lambda: saved(_annotated(Name.FreeText, NAME_HI, Contents=NAME_HI)), _twin(NAME_HI)
    ),
    "note, no appearance": Everyday(
        lambda: saved(_annotated(Name.FreeText, Contents=NAME_HI, DA="/F 18 Tf 0 g")), Refusal.UNSEEN
    ),
    "note, opens when clicked": Everyday(
        lambda: saved(_annotated(Name.Text, Contents=NAME_HI)), Refusal.UNSEEN
    ),
    "note, hidden": Everyday(_hidden_note, lambda: saved(plain())),
    "stamp, own appearance": Everyday(lambda: saved(_annotated(Name.Stamp, NAME_EN)), _twin(NAME_EN)),
    "stamp, no appearance": Everyday(lambda: saved(_annotated(Name.Stamp, Name=Name.Paid)), Refusal.UNSEEN),
    "box drawn, no appearance": Everyday(
        lambda: saved(_annotated(Name.Square, C=Array([0, 0, 0]), IC=Array([0, 0, 0]))),
        lambda: saved(plain(b"100 600 240 40 re f")),
    ),
    "line drawn, no appearance": Everyday(
        lambda: saved(_annotated(Name.Line, L=Array([100, 600, 340, 640]))), Refusal.UNSEEN
    ),
    "owner password only (RC4)": Everyday(lambda: _locked("", R=3, aes=False, metadata=False), _honest),
    "owner password only (AES-256)": Everyday(lambda: _locked("", R=6), _honest),
    "password needed to open": Everyday(lambda: _locked("secret"), Refusal.ENCRYPTED),
    "wrong place of the table": Everyday(_wrong_table, _honest),
    "all places wrong": Everyday(_shifted, _honest),
    "no %%EOF": Everyday(lambda: _honest().rpartition(b"%%EOF")[0], _honest),
    "no startxref": Everyday(lambda: _honest().rpartition(b"startxref")[0], _honest),
    "printer's commands before the header": Everyday(
        lambda: b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n" + _honest(), _honest
    ),
    "mail header before the header": Everyday(
        lambda: b"Content-Type: application/pdf\r\nX: " + b"y" * 700 + b"\r\n\r\n" + _honest(), _honest
    ),
    "much after the end": Everyday(lambda: _honest() + b"\0" * 9000, _honest),
    "length too short": Everyday(_wrong_lengths(-20), _honest),
    "length too long": Everyday(_wrong_lengths(30), _honest),
    "endobj missing": Everyday(_without_ends_of_objects, _honest),
    "cut off on the way": Everyday(lambda: _honest()[:-3000], Refusal.DAMAGED),
    "scan, JPEG": Everyday(_jpeg_page("RGB", Name.DeviceRGB), _photo_page),
    "scan, grey JPEG": Everyday(
        _jpeg_page("L", Name.DeviceGray), lambda: _photo_page(_photo().convert("L").convert("RGB"))
    ),
    "scan, CMYK JPEG": Everyday(_jpeg_page("CMYK", Name.DeviceCMYK, **_INVERTED), _photo_page),
    "scan, JPEG 2000": Everyday(
        lambda: _scan(_encoded(_photo(), "JPEG2000"), Name.DeviceRGB, Filter=Name.JPXDecode), _photo_page
    ),
    "scan, fax (CCITT G4)": Everyday(_fax_page, lambda: _photo_page(_black_and_white().convert("RGB"))),
    "scan, palette": Everyday(_palette_page, _photo_page),
    "scan, on its side": Everyday(
        lambda: _scan(_photo().rotate(180).tobytes(), Name.DeviceRGB, turned=180), _photo_page
    ),
    "see-through picture": Everyday(_see_through, _half_white),
    "blend mode": Everyday(_multiplied, _multiplied_twin),
    "layer that is switched off": Everyday(_layers, _bar),
    "crop box, page away from nought": Everyday(_boxed, _bar),
    "page turned by its parent": Everyday(_inherited, _turned),
    "poster (A0)": Everyday(_poster, lambda: saved(Pdf.open(BytesIO(_poster())))),
    "50 pages": Everyday(lambda: _many(50), _bar),
    "51 pages": Everyday(lambda: _many(51), Refusal.TOO_MANY_PAGES),
    "English font not in the file": Everyday(
        lambda: _font_of_the_computer("ArialMT", NAME_EN.encode()), _usual_font_twin
    ),
    "Hindi font of the old kind not in the file": Everyday(
        lambda: _font_of_the_computer("KrutiDev010", b"jke dqekj"), Refusal.UNSEEN
    ),
    "Hindi font not in the file": Everyday(lambda: _without_the_font(NAME_HI, "Mangal"), Refusal.UNSEEN),
    "scripts, programs, files": Everyday(_active, _honest),
    "nothing on its page": Everyday(lambda: saved(_blank()), lambda: saved(_blank())),
    "scan, broken": Everyday(_broken_scan, Refusal.UNSEEN),
}


def _blank() -> Pdf:
    document = Pdf.new()
    document.add_blank_page(page_size=(595, 842))
    return document


def outcome(everyday: Everyday, clean: Callable[[bytes], bytes]) -> str:
    """What becomes of a document: kept as it looks, changed, or refused."""
    try:
        kept = clean(everyday.build())
    except UploadRefused as refused:
        is_right = refused.refusal is everyday.expected
        return f"refused: {refused.refusal}" if not is_right else "refused as it must be"
    if isinstance(everyday.expected, Refusal):
        return "changed"
    return "kept" if _difference(_first_page(everyday.expected()), _first_page(kept)) < ALIKE else "changed"


def _first_page(content: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(content) as document:
        return document[0].render(scale=1.5).to_pil().convert("L").filter(ImageFilter.GaussianBlur(3))


def _difference(expected: Image.Image, shown: Image.Image) -> float:
    """How much differs, as a share of the ink that is expected."""
    ink = 255 - ImageStat.Stat(expected).mean[0]
    differs = ImageChops.difference(expected, shown.resize(expected.size))
    return float(ImageStat.Stat(differs).mean[0] / max(ink, 0.01))


if __name__ == "__main__":
    # The table of docs/documents.md.
    for name, everyday in EVERYDAY.items():
        print(f"| {name} | {outcome(everyday, lambda content: clean_pdf(content)[1])} |")
