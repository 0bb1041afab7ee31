"""PDFs as people really send them: filled-in forms, notes, scans, small defects.

Each has a twin: the same look as plain page content, so that a test can compare the stored file with what its
sender saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.gateways.everyday_forms import (
    NAME_EN,
    NAME_HI,
    annotated,
    dynamic_form,
    empty_look,
    form_with,
    hidden_note,
    plain,
    printed,
    saved,
    signed,
    ticked,
    twin,
    value_of_the_parent,
)
from tests.gateways.everyday_scans import (
    black_and_white,
    broken_scan,
    encoded,
    fax_page,
    half_white,
    jpeg_page,
    multiplied,
    multiplied_twin,
    palette_page,
    photo,
    photo_page,
    scan,
    see_through,
)
from wss.domain.uploads import Refusal, UploadRefused
from wss.gateways.sanitiser_pdf import clean_pdf

# Viewers render fields a little higher or lower; lost letters differ far more.
ALIKE = 0.2


@dataclass(frozen=True)
class Everyday:
    """A document, and its twin or the reason for which it has to be refused."""

    build: Callable[[], bytes]
    expected: Callable[[], bytes] | Refusal


# Passwords and small defects.
def _honest() -> bytes:
    return printed(NAME_HI)


def _locked(password: str, **how: object) -> bytes:
    return saved(
        Pdf.open(BytesIO(_honest())), encryption=pikepdf.Encryption(owner="owner", user=password, **how)
    )


def _wrong_table() -> bytes:
    whole = _honest()
    at = whole.rindex(b"startxref")
    return whole[:at] + b"startxref\n77\n%%EOF\n"


def _shifted() -> bytes:
    """Return a document into which a mail program inserted a line, so that every offset in the table is wrong."""
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
    """Return a page whose coordinates begin far from zero, and of which only a part is shown."""
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


def many(pages: int) -> bytes:
    document, source = Pdf.new(), plain(b"100 600 200 60 re f")
    for _ in range(pages):
        document.pages.append(source.pages[0])
    return saved(document)


# Fonts.
def _without_the_font(text: str, name: str) -> bytes:
    """Return text in a font that is installed on the sender's computer and not embedded in the file."""
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


_INVERTED = {"Decode": Array([1, 0] * 4)}

EVERYDAY: dict[str, Everyday] = {
    "form, own Hindi appearance, NeedAppearances": Everyday(
        lambda: form_with(NAME_HI, NAME_HI, needs=True), twin(NAME_HI)
    ),
    "form, own Hindi appearance": Everyday(lambda: form_with(NAME_HI, NAME_HI), twin(NAME_HI)),
    "form, own English appearance, NeedAppearances": Everyday(
        lambda: form_with(NAME_EN, NAME_EN, needs=True), twin(NAME_EN)
    ),
    "form, English value without appearance": Everyday(
        lambda: form_with(None, NAME_EN, needs=True),
        lambda: saved(plain(b"BT /F 18 Tf 104 613 Td (%s) Tj ET" % NAME_EN.encode())),
    ),
    "form, English value without appearance, not asked for": Everyday(
        lambda: form_with(None, NAME_EN),
        lambda: saved(plain(b"BT /F 18 Tf 104 613 Td (%s) Tj ET" % NAME_EN.encode())),
    ),
    "form, Hindi value, empty appearance": Everyday(empty_look, Refusal.UNSEEN),
    "form, Hindi value without appearance": Everyday(
        lambda: form_with(None, NAME_HI, needs=True), Refusal.UNSEEN
    ),
    "form, Hindi value without appearance, not asked for": Everyday(
        lambda: form_with(None, NAME_HI), Refusal.UNSEEN
    ),
    "form, Hindi value in the parent field": Everyday(value_of_the_parent, Refusal.UNSEEN),
    "form, empty field without appearance": Everyday(
        lambda: form_with(None, "", needs=True), lambda: saved(plain())
    ),
    "form, ticked box": Everyday(ticked, twin(NAME_EN)),
    "form, signature": Everyday(signed, twin(NAME_EN)),
    "form, dynamic (XFA)": Everyday(dynamic_form, Refusal.UNSEEN),
    "note, own appearance": Everyday(
        lambda: saved(annotated(Name.FreeText, NAME_HI, Contents=NAME_HI)), twin(NAME_HI)
    ),
    "note, no appearance": Everyday(
        lambda: saved(annotated(Name.FreeText, Contents=NAME_HI, DA="/F 18 Tf 0 g")), Refusal.UNSEEN
    ),
    "note, opens when clicked": Everyday(
        lambda: saved(annotated(Name.Text, Contents=NAME_HI)), Refusal.UNSEEN
    ),
    "note, hidden": Everyday(hidden_note, lambda: saved(plain())),
    "stamp, own appearance": Everyday(lambda: saved(annotated(Name.Stamp, NAME_EN)), twin(NAME_EN)),
    "stamp, no appearance": Everyday(lambda: saved(annotated(Name.Stamp, Name=Name.Paid)), Refusal.UNSEEN),
    "box drawn, no appearance": Everyday(
        lambda: saved(annotated(Name.Square, C=Array([0, 0, 0]), IC=Array([0, 0, 0]))),
        lambda: saved(plain(b"100 600 240 40 re f")),
    ),
    "line drawn, no appearance": Everyday(
        lambda: saved(annotated(Name.Line, L=Array([100, 600, 340, 640]))), Refusal.UNSEEN
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
    "scan, JPEG": Everyday(jpeg_page("RGB", Name.DeviceRGB), photo_page),
    "scan, grey JPEG": Everyday(
        jpeg_page("L", Name.DeviceGray), lambda: photo_page(photo().convert("L").convert("RGB"))
    ),
    "scan, CMYK JPEG": Everyday(jpeg_page("CMYK", Name.DeviceCMYK, **_INVERTED), photo_page),
    "scan, JPEG 2000": Everyday(
        lambda: scan(encoded(photo(), "JPEG2000"), Name.DeviceRGB, Filter=Name.JPXDecode), photo_page
    ),
    "scan, fax (CCITT G4)": Everyday(fax_page, lambda: photo_page(black_and_white().convert("RGB"))),
    "scan, palette": Everyday(palette_page, photo_page),
    "scan, on its side": Everyday(
        lambda: scan(photo().rotate(180).tobytes(), Name.DeviceRGB, turned=180), photo_page
    ),
    "see-through picture": Everyday(see_through, half_white),
    "blend mode": Everyday(multiplied, multiplied_twin),
    "layer that is switched off": Everyday(_layers, _bar),
    "crop box, page away from nought": Everyday(_boxed, _bar),
    "page turned by its parent": Everyday(_inherited, _turned),
    "poster (A0)": Everyday(_poster, lambda: saved(Pdf.open(BytesIO(_poster())))),
    "50 pages": Everyday(lambda: many(50), _bar),
    "51 pages": Everyday(lambda: many(51), Refusal.TOO_MANY_PAGES),
    "English font not in the file": Everyday(
        lambda: _font_of_the_computer("ArialMT", NAME_EN.encode()), _usual_font_twin
    ),
    "signs of a font not in the file": Everyday(
        lambda: _font_of_the_computer("ZapfDingbats", b"456"),
        lambda: _font_of_the_computer("ZapfDingbats", b"456"),
    ),
    "Hindi font of the old kind not in the file": Everyday(
        lambda: _font_of_the_computer("KrutiDev010", b"jke dqekj"), Refusal.UNSEEN
    ),
    "Hindi font not in the file": Everyday(lambda: _without_the_font(NAME_HI, "Mangal"), Refusal.UNSEEN),
    "scripts, programs, files": Everyday(_active, _honest),
    "nothing on its page": Everyday(lambda: saved(_blank()), lambda: saved(_blank())),
    "scan, broken": Everyday(broken_scan, Refusal.UNSEEN),
}


def _blank() -> Pdf:
    document = Pdf.new()
    document.add_blank_page(page_size=(595, 842))
    return document


def outcome(everyday: Everyday, clean: Callable[[bytes], bytes]) -> str:
    """Return the outcome of a document: kept with its look, changed, or refused."""
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
    """Return the difference as a share of the expected ink."""
    ink = 255 - ImageStat.Stat(expected).mean[0]
    differs = ImageChops.difference(expected, shown.resize(expected.size))
    return float(ImageStat.Stat(differs).mean[0] / max(ink, 0.01))


if __name__ == "__main__":
    # The table of docs/documents.md.
    for name, everyday in EVERYDAY.items():
        print(f"| {name} | {outcome(everyday, lambda content: clean_pdf(content)[1])} |")
