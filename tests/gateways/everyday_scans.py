"""PDFs as scanners and phones make them: each page a picture, compressed in every usual way."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageDraw, TiffImagePlugin

from tests.gateways.everyday_forms import plain, saved


def photo() -> Image.Image:
    picture = Image.radial_gradient("L").resize((600, 800)).convert("RGB")
    ImageDraw.Draw(picture).text((60, 200), "2148 kWh", fill="red", font_size=120)
    return picture


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    made = BytesIO()
    picture.save(made, form, **options)
    return made.getvalue()


def scan(data: bytes, colours: Name | Array, *, turned: int = 0, bits: int = 8, **entries: object) -> bytes:
    """Return a page that is one picture of 600 by 800 pixels."""
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


def photo_page(picture: Image.Image | None = None) -> bytes:
    return scan((picture or photo()).tobytes(), Name.DeviceRGB)


def jpeg_page(mode: str, colours: Name, **entries: object) -> Callable[[], bytes]:
    return lambda: scan(
        encoded(photo().convert(mode), "JPEG", quality=90), colours, Filter=Name.DCTDecode, **entries
    )


def broken_scan() -> bytes:
    """Return a damaged picture of which other viewers may show something."""
    return scan(encoded(photo(), "JPEG2000")[:-60_000], Name.DeviceRGB, Filter=Name.JPXDecode)


def fax_page() -> bytes:
    TiffImagePlugin.STRIP_SIZE = 10_000_000
    tiff = BytesIO()
    black_and_white().save(tiff, "TIFF", compression="group4")
    with Image.open(tiff) as opened:
        at, length = opened.tag_v2[273][0], opened.tag_v2[279][0]
    how = Dictionary(K=-1, Columns=600, Rows=800, BlackIs1=opened.tag_v2[262] == 1)
    return scan(
        tiff.getvalue()[at : at + length],
        Name.DeviceGray,
        bits=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=how,
    )


def black_and_white() -> Image.Image:
    page = Image.new("1", (600, 800), 1)
    ImageDraw.Draw(page).text((60, 200), "2148 kWh", fill=0, font_size=120)
    return page


def palette_page() -> bytes:
    picture = photo().quantize(64)
    palette = bytes(picture.getpalette() or [])
    return scan(picture.tobytes(), Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, palette]))


def see_through() -> bytes:
    document = Pdf.open(BytesIO(photo_page()))
    drawn = document.pages[0].obj.Resources.XObject.I
    mask = Image.new("L", (600, 800), 128).tobytes()
    drawn.SMask = document.make_stream(
        mask, Subtype=Name.Image, Width=600, Height=800, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )
    return saved(document)


def half_white() -> bytes:
    return photo_page(Image.blend(photo(), Image.new("RGB", (600, 800), "white"), 127 / 255))


def multiplied() -> bytes:
    state = Dictionary(M=Dictionary(BM=Name.Multiply))
    return saved(
        plain(b"1 0 0 rg 100 600 200 60 re f q /M gs 0 1 0 rg 150 580 200 60 re f Q", ExtGState=state)
    )


def multiplied_twin() -> bytes:
    return saved(plain(b"1 0 0 rg 100 600 200 60 re f 0 1 0 rg 150 580 200 60 re f 0 g 150 600 150 40 re f"))
