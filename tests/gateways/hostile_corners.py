"""Hostile files with rare features: compressions, second pictures, endless repetitions, giant sizes."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.gateways.hostile_images import a_jpeg, a_photo_with_location, a_png, chunk
from tests.gateways.hostile_pdfs import SCRIPT, a_pdf, pdf_with, written

PLACE = b"SECRET-PLACE 26.84 N 80.94 E"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack("!BBH", 0xFF, marker, len(content) + 2) + content


def _jpeg_with(segment: bytes) -> bytes:
    honest = a_jpeg()
    return honest[:2] + segment + honest[2:]


def _png_with(*chunks: bytes) -> bytes:
    honest = a_png()
    return honest[:33] + b"".join(chunks) + honest[33:]


def _png_flood(side: int, bits: int, colours: int, *before: bytes) -> Callable[[], bytes]:
    """Return a function that makes a picture with a huge declared size, in one of PNG's many encodings."""

    def build() -> bytes:
        header = chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, bits, colours, 0, 0, 0))
        dots = chunk(b"IDAT", zlib.compress(b"\0" * 20_000_000, 9))
        return PNG_BEGINS + header + b"".join(before) + dots + chunk(b"IEND", b"")

    return build


def repeated_scans(size: tuple[int, int], times: int) -> bytes:
    """Return a photo that is drawn again and again."""
    honest = a_jpeg(size, progressive=True, quality=5)
    last = honest.rindex(b"\xff\xda")
    return honest[:last] + honest[last:-2] * times + honest[-2:]


def _notes_between_scans() -> bytes:
    photo = a_jpeg(progressive=True)
    at = photo.rindex(b"\xff\xda")
    return photo[:at] + _segment(0xFE, PLACE) + photo[at:]


def _place_in_the_small_picture() -> bytes:
    """Return a photo whose thumbnail contains the location again."""
    small = _jpeg_with(_segment(0xFE, PLACE))
    ifd0 = struct.pack("<HI", 0, 14)
    ifd1 = struct.pack("<H", 2) + struct.pack("<HHII", 0x0201, 4, 1, 44)
    ifd1 += struct.pack("<HHII", 0x0202, 4, 1, len(small)) + struct.pack("<I", 0)
    return _jpeg_with(_segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + ifd0 + ifd1 + small))


def _two_in_one() -> bytes:
    """Return a photo with an index of several pictures (MPF), the second behind its end."""
    made = BytesIO()
    second = Image.new("RGB", (64, 64), "navy")
    Image.new("RGB", (320, 240), "teal").save(made, "MPO", save_all=True, append_images=[second])
    return made.getvalue() + PLACE


# Photos inside a PDF, compressed in every way that programs use.
def _photo(photo: bytes, *packings: Name, **entries: object) -> Callable[[], bytes]:
    def change(document: Pdf) -> None:
        drawn = document.make_stream(photo, Type=Name.XObject, Subtype=Name.Image, Width=320, Height=240)
        drawn.ColorSpace, drawn.BitsPerComponent, drawn.Filter = Name.DeviceRGB, 8, Array(list(packings))
        for name, value in entries.items():
            drawn["/" + name] = value
        document.pages[0].obj.Resources.XObject = Dictionary(Photo=drawn)
        document.pages[0].obj.Contents = document.make_stream(b"320 0 0 240 0 0 cm /Photo Do")

    return pdf_with(change)


def _with_location() -> bytes:
    return a_photo_with_location()


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack("!I4s", len(content) + 8, name) + content


def _jpx(width: int, height: int) -> bytes:
    """Return the beginning of a JPEG 2000 with the location as metadata."""
    size = struct.pack("!HHIIIIIIIIH", 41, 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\x07\1\1"
    dots = b"\xff\x4f\xff\x51" + size + b"\xff\xd9"
    note = _box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac" + PLACE)
    return _box(b"jP  ", b"\r\n\x87\n") + _box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + note + _box(b"jp2c", dots)


def _page(**entries: object) -> Callable[[], bytes]:
    def change(document: Pdf) -> None:
        for name, value in entries.items():
            document.pages[0].obj["/" + name] = value

    return pdf_with(change)


def _contents(content: bytes, *packings: Name) -> Callable[[], bytes]:
    def change(document: Pdf) -> None:
        document.pages[0].obj.Contents = document.make_stream(content, Filter=Array(list(packings)))

    return pdf_with(change)


def _hex_in_hex() -> bytes:
    content = b"q Q"
    for _ in range(12):
        content = content.hex().encode() + b">"
    return _contents(content, *[Name.ASCIIHexDecode] * 12)()


def _root(**entries: object) -> Callable[[], bytes]:
    def change(document: Pdf) -> None:
        for name, value in entries.items():
            document.Root["/" + name] = value

    return pdf_with(change)


def _drawing_with(**entries: object) -> Callable[[], bytes]:
    """Return a function that makes a page with a drawing that contains more than lines."""

    def change(document: Pdf) -> None:
        form = document.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        for name, value in entries.items():
            form["/" + name] = value
        document.pages[0].obj.Resources.XObject = Dictionary(Drawn=form)

    return pdf_with(change)


def _letter_that_runs(document: Pdf) -> None:
    letter = document.make_stream(b"0 0 d0", AA=Dictionary(O=Dictionary(**SCRIPT)))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, CharProcs=Dictionary(a=letter))
    font.AA = Dictionary(O=Dictionary(**SCRIPT))
    document.pages[0].obj.Resources.Font.Own = font


def _pattern_that_runs(document: Pdf) -> None:
    pattern = document.make_stream(b"q Q", PatternType=1, PieceInfo=Dictionary(P="SECRET-NOTE"))
    document.pages[0].obj.Resources.Pattern = Dictionary(Tiles=pattern)


def _mask_with_location(document: Pdf) -> None:
    mask = document.make_stream(
        _with_location(), Subtype=Name.Image, Width=320, Height=240, Filter=Name.DCTDecode
    )
    photo = document.make_stream(a_jpeg(), Subtype=Name.Image, Width=320, Height=240, Filter=Name.DCTDecode)
    photo.SMask = mask
    photo.Alternates = Array([Dictionary(Image=mask, OPI=Dictionary(F="SECRET-SHARE"))])
    document.pages[0].obj.Resources.XObject = Dictionary(Photo=photo)


def _program_among_resources(document: Pdf) -> None:
    program = document.make_stream(b"MZ SECRET-PROGRAM", Type=Name.EmbeddedFile)
    document.pages[0].obj.Resources.Hidden = program


def _raw(body: bytes, trailer: bytes = b"") -> bytes:
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    pages = b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    made = head + pages + page + body
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 9" + trailer + b">>\n"
    return made + table.replace(b"@", str(len(made)).encode()) + f"startxref\n{len(made)}\n%%EOF".encode()


def _table_before_itself() -> bytes:
    return _raw(b"4 0 obj<</Length 0>>stream\n\nendstream endobj\n", b"/Prev @")


def _length_of_itself() -> bytes:
    return _raw(b"4 0 obj<</Length 4 0 R>>stream\nq Q\nendstream endobj\n")


def _objects_that_extend_themselves() -> bytes:
    return _raw(
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Extends 4 0 R/Length 8>>stream\n5 0 <<>>\nendstream endobj\n"
    )


def _table_of_giant_fields() -> bytes:
    head = b"%PDF-1.5\n1 0 obj<</Type/XRef/Size 2147483647/W[2147483647 2147483647 1]/Root 1 0 R/Length 3>>"
    return head + b"stream\nabc\nendstream endobj\nstartxref\n9\n%%EOF"


def _rows_of_two_thousand_million() -> bytes:
    packed = zlib.compress(b"\0" * 999)
    how = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2000000000>>"
    return _raw(b"4 0 obj<<" + how + b"/Length %d>>stream\n" % len(packed) + packed + b"\nendstream endobj\n")


def _tree_five_thousand_deep() -> bytes:
    objects = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    for number in range(2, 5000):
        kid = f"{number} 0 obj<</Type/Pages/Count 1/Kids[{number + 1} 0 R]>>endobj\n"
        objects.append(kid.encode())
    objects.append(b"5000 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n")
    return b"".join(objects) + b"trailer<</Root 1 0 R/Size 5001>>\nstartxref\n0\n%%EOF"


NEVER_TAKEN: dict[str, Callable[[], bytes]] = {
    "bom.png (SVG)": lambda: b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>",
    "coloured-endless-scans.jpg": lambda: repeated_scans((2000, 2000), 150),
    "small-endless-scans.jpg": lambda: repeated_scans((64, 64), 150_000),
    "palette-flood.png": _png_flood(30_000, 8, 3, chunk(b"PLTE", b"\0" * 768)),
    "sixteen-bit-flood.png": _png_flood(20_000, 16, 6),
    "one-bit-flood.png": _png_flood(60_000, 1, 0),
    "transparent-flood.png": _png_flood(40_000, 8, 2, chunk(b"tRNS", b"\0" * 6)),
    "giant-page.pdf": _page(MediaBox=Array([0, 0, 1_000_000_000, 1_000_000_000])),
    "giant-fax.pdf": _photo(
        b"\0", Name.CCITTFaxDecode, DecodeParms=Array([Dictionary(Columns=1_000_000, Rows=1_000_000)])
    ),
    "giant-jpeg-2000.pdf": _photo(_jpx(60_000, 60_000), Name.JPXDecode),
    "photo-in-a-photo.pdf": _photo(a_jpeg(), Name.DCTDecode, Name.DCTDecode),
}
MADE_HARMLESS: dict[str, Callable[[], bytes]] = {
    "notes-between-scans.jpg": _notes_between_scans,
    "place-in-the-small-picture.jpg": _place_in_the_small_picture,
    "two-in-one.jpg": _two_in_one,
    "small-picture-in-jfxx.jpg": lambda: _jpeg_with(_segment(0xE0, b"JFXX\0\x10" + PLACE)),
    "flashpix.jpg": lambda: _jpeg_with(_segment(0xE2, b"FPXR\0" + PLACE)),
    "profile-in-parts.jpg": lambda: a_jpeg(icc_profile=b"SECRET-PROFILE" * 10_000),
    "script-in-a-comment.jpg": lambda: _jpeg_with(_segment(0xFE, b"*/=1;<script>alert(1)</script>/*")),
    "packed-note.png": lambda: _png_with(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(PLACE))),
    "palette-note.png": lambda: _png_with(chunk(b"sPLT", b"SECRET-PALETTE\0\x08" + b"\0" * 6)),
    "time.png": lambda: _png_with(chunk(b"tIME", b"\x07\xea\x0b\x18\x0f\x1e\0"), chunk(b"iTXt", PLACE)),
    "dots-after-the-end.png": lambda: a_png() + chunk(b"IDAT", zlib.compress(PLACE)) + PLACE,
    "script-after-the-end.png": lambda: a_png() + b"<script>alert(1)</script>",
    "place-behind-flate.pdf": lambda: _photo(
        zlib.compress(_with_location()), Name.FlateDecode, Name.DCTDecode
    )(),
    "place-behind-85.pdf": lambda: _photo(
        base64.a85encode(_with_location()) + b"~>", Name.ASCII85Decode, Name.DCTDecode
    )(),
    "place-behind-hex.pdf": lambda: _photo(
        _with_location().hex().encode() + b">", Name.ASCIIHexDecode, Name.DCTDecode
    )(),
    "place-under-a-short-name.pdf": lambda: _photo(_with_location(), Name.DCT)(),
    "place-after-the-photo.pdf": lambda: _photo(a_jpeg() + PLACE, Name.DCTDecode)(),
    "place-between-scans.pdf": lambda: _photo(_notes_between_scans(), Name.DCTDecode)(),
    "place-in-jfxx.pdf": lambda: _photo(_jpeg_with(_segment(0xE0, b"JFXX\0\x10" + PLACE)), Name.DCTDecode)(),
    "place-in-a-mask.pdf": pdf_with(_mask_with_location),
    "letter-that-runs.pdf": pdf_with(_letter_that_runs),
    "pattern-that-tells.pdf": pdf_with(_pattern_that_runs),
    "drawing-of-another-file.pdf": _drawing_with(Ref=Dictionary(F="SECRET-SHARE", Page=0)),
    "drawing-with-a-picture-server.pdf": _drawing_with(OPI=Dictionary(F="SECRET-SHARE")),
    "drawing-with-a-note.pdf": _drawing_with(PieceInfo=Dictionary(App=Dictionary(Private="SECRET-NOTE"))),
    "drawing-that-runs.pdf": _drawing_with(AA=Dictionary(O=Dictionary(**SCRIPT))),
    "program-among-resources.pdf": pdf_with(_program_among_resources),
    "permissions.pdf": _root(Perms=Dictionary(DocMDP=Dictionary(Name="SECRET-SIGNER"))),
    "certificates.pdf": _root(DSS=Dictionary(Certs=Array(["SECRET-SIGNER"]))),
    "crawler.pdf": _root(SpiderInfo=Dictionary(V=1, C=Array(["https://example.org/SECRET"]))),
    "structure.pdf": _root(StructTreeRoot=Dictionary(Type=Name.StructTreeRoot, T="SECRET-TITLE")),
    "named-places.pdf": _root(Dests=Dictionary(Home=Dictionary(D=Array([0]), A=Dictionary(**SCRIPT)))),
    "printer.pdf": _root(OutputIntents=Array([Dictionary(Info="SECRET-PRINTER")])),
    "shown-after-a-time.pdf": _page(
        Dur=1, Trans=Dictionary(S=Name.Fly), PresSteps=Dictionary(NA=SCRIPT["JS"])
    ),
    "hex-in-hex.pdf": _hex_in_hex,
    "byte-order-then-lines.pdf": lambda: b"\xef\xbb\xbf\r\n\r\n\t " + written(a_pdf()) + b"<script>alert(1)",
}
EITHER: dict[str, Callable[[], bytes]] = {
    "place-in-jpeg-2000.pdf": lambda: _photo(_jpx(320, 240), Name.JPXDecode)(),
    "giant-crop.pdf": _page(CropBox=Array([-100_000, 0, 100_000, 9])),
    "endless-scans.pdf": lambda: _photo(repeated_scans((320, 240), 5_000), Name.DCTDecode)(),
    "run-flood.pdf": _contents(b"\x81 " * 1_000_000, Name.RunLengthDecode),
    "giant-unit.pdf": _page(UserUnit=1_000_000),
    "table-before-itself.pdf": _table_before_itself,
    "length-of-itself.pdf": _length_of_itself,
    "objects-that-extend-themselves.pdf": _objects_that_extend_themselves,
    "table-of-giant-fields.pdf": _table_of_giant_fields,
    "tree-five-thousand-deep.pdf": _tree_five_thousand_deep,
    "giant-rows.pdf": _rows_of_two_thousand_million,
    "giant-clock.jpg": lambda: _jpeg_with(_segment(0xDD, b"\0\0")),
}
