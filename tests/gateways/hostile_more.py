"""More hostile files: old polyglots, decompression bombs in rare features, scripts in unusual places of a PDF."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.gateways.hostile_images import a_jpeg, a_png, chunk
from tests.gateways.hostile_pdfs import SCRIPT, a_pdf, pdf_with, written

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack("!BBH", 0xFF, marker, len(content) + 2) + content


def _jpeg_with(*segments: bytes) -> bytes:
    honest = a_jpeg()
    return honest[:2] + b"".join(segments) + honest[2:]


def _png_with(*chunks: bytes) -> bytes:
    honest = a_png()
    return honest[:33] + b"".join(chunks) + honest[33:]


def _place_in(tag: bytes) -> bytes:
    return chunk(tag, b"II*\0SECRET-PLACE 26.84 N 80.94 E")


def _jpeg_of_twelve_bits() -> bytes:
    honest = a_jpeg()
    at = honest.index(b"\xff\xc0") + 4
    return honest[:at] + b"\x0c" + honest[at + 1 :]


def _arithmetic_jpeg() -> bytes:
    return a_jpeg().replace(b"\xff\xc0", b"\xff\xc9", 1)


def _jpeg_of_a_thousand_parts() -> bytes:
    honest = a_jpeg()
    at = honest.index(b"\xff\xc0") + 9
    return honest[:at] + b"\xff" + honest[at + 1 :]


def _interlaced_flood() -> bytes:
    header = struct.pack("!IIBBBBB", 60_000, 60_000, 16, 2, 0, 0, 1)
    dots = chunk(b"IDAT", zlib.compress(b"\0" * 50_000_000, 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + dots + chunk(b"IEND", b"")


def _profile_flood() -> bytes:
    return _png_with(chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"A" * 200_000_000, 1)))


def _note_flood() -> bytes:
    return _png_with(chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"A" * 200_000_000, 1)))


def _cmyk_photo() -> bytes:
    made = BytesIO()
    Image.new("CMYK", (320, 240), (10, 20, 30, 40)).save(made, "JPEG", comment=b"SECRET-COMMENT")
    return made.getvalue()


def _shell_after_the_end() -> bytes:
    return a_jpeg() + b"\n#!/bin/sh\n<script>curl SECRET-PROGRAM</script>\n"


def _java_archive_after() -> bytes:
    return a_png() + b"PK\x03\x04\x14\0\x08\0META-INF/MANIFEST.MF SECRET-PROGRAM"


# Other places where a PDF can contain a script, a program or another document.
def _go_elsewhere(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoToR, F="SECRET-SHARE", D=Array([0, Name.Fit]))


def _go_inside(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N="SECRET-PROGRAM"))


def _import_data(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.ImportData, F="SECRET-SHARE")


def _sound(document: Pdf) -> None:
    sound = document.make_stream(b"SECRET-SOUND", Type=Name.Sound, R=8000)
    document.Root.OpenAction = Dictionary(S=Name.Sound, Sound=sound)


def _screen(document: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=Array([0, 0, 9, 9]))
    note.A = Dictionary(S=Name.Rendition, JS="SECRET-PROGRAM", OP=0)
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


def _solid(document: Pdf) -> None:
    model = document.make_stream(b"SECRET-MODEL", Type=Name("/3D"), Subtype=Name.U3D)
    note = Dictionary(Type=Name.Annot, Subtype=Name("/3D"), Rect=Array([0, 0, 9, 9]))
    note["/3DD"] = model
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


def _script_of_a_field(document: Pdf) -> None:
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="a", Rect=Array([0, 0, 9, 9]))
    field.AA = Dictionary(K=Dictionary(**SCRIPT), F=Dictionary(**SCRIPT))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]), CO=Array([]))


def _script_of_the_outline(document: Pdf) -> None:
    item = document.make_indirect(Dictionary(Title="SECRET-TITLE", A=Dictionary(**SCRIPT)))
    document.Root.Outlines = Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1)


def _script_of_a_thread(document: Pdf) -> None:
    bead = document.make_indirect(Dictionary(Type=Name.Bead, A=Dictionary(**SCRIPT)))
    document.pages[0].obj.B = Array([bead])


def _script_of_a_layer(document: Pdf) -> None:
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="SECRET-LAYER", A=Dictionary(**SCRIPT)))
    document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())


def _address_of_the_document(document: Pdf) -> None:
    document.Root.URI = Dictionary(Base="https://example.org/SECRET")


def _collection(document: Pdf) -> None:
    document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T, D="SECRET-PROGRAM")


def _associated_file(document: Pdf) -> None:
    inside = document.make_stream(b"SECRET-PROGRAM", Type=Name.EmbeddedFile)
    spec = document.make_indirect(Dictionary(Type=Name.Filespec, F="x.exe", EF=Dictionary(F=inside)))
    document.pages[0].obj.AF = Array([spec])


def _needs_nothing_else(document: Pdf) -> None:
    document.Root.Requirements = Array([Dictionary(Type=Name.Requirement, S=Name.EnableJavaScripts)])
    document.Root.Legal = Dictionary(JavaScriptActions=1)


def _thumbnail(document: Pdf) -> None:
    document.pages[0].obj.Thumb = document.make_stream(b"SECRET-THUMBNAIL", Width=1, Height=1)


def _postscript(document: Pdf) -> None:
    drawing = document.make_stream(b"(SECRET-PROGRAM) run", Type=Name.XObject, Subtype=Name.PS)
    document.pages[0].obj.Resources.XObject = Dictionary(Run=drawing)


def _picture_from_elsewhere(document: Pdf) -> None:
    drawn = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9)
    drawn.F, drawn.ColorSpace, drawn.BitsPerComponent = "/etc/passwd", Name.DeviceGray, 8
    document.pages[0].obj.Resources.XObject = Dictionary(Photo=drawn)


def _script_in_an_old_version() -> bytes:
    """Return a document saved twice: the script of the first version stays in the file."""
    first = a_pdf()
    _script = Dictionary(**SCRIPT)
    first.Root.OpenAction = _script
    later = Pdf.open(BytesIO(written(first)))
    del later.Root.OpenAction
    return written(first)[: -len(b"%%EOF\n")] + b"%%EOF\n" + b"% SECRET-OLD-VERSION\n"


def _filters_forty_deep() -> bytes:
    document = a_pdf()
    content = b" " * 1000
    for _ in range(40):
        content = zlib.compress(content)
    document.pages[0].obj.Contents = document.make_stream(content, Filter=Array([Name.FlateDecode] * 40))
    return written(document)


NEVER_TAKEN: dict[str, Callable[[], bytes]] = {
    "virus.pdf (EICAR)": lambda: EICAR,
    "program.pdf (ELF)": lambda: b"\x7fELF\2\1\1" + b"\0" * 200,
    "letter.pdf (Word)": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "picture.jpg (BMP)": lambda: b"BM" + struct.pack("<IHHI", 122, 0, 0, 54) + b"\0" * 108,
    "icon.png (ICO)": lambda: b"\0\0\1\0\1\0\1\1\0\0\1\0\x20\0" + b"\0" * 60,
    "page.pdf (MHTML)": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<script>",
    "print.pdf (XPS)": lambda: b"PK\x03\x04\x14\0\0\0[Content_Types].xml",
    "style.png (CSS)": lambda: b"@import url(https://example.org/x.css);",
    "photo.jpg (AVIF)": lambda: b"\0\0\0\x20ftypavif" + b"\0" * 40,
    "film.jpg (MP4)": lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 40,
    "photo.jpg (JPEG 2000)": lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 40,
    "utf-16.pdf (HTML)": lambda: "<script>alert(1)</script>".encode("utf-16"),
    "thousand-colours.jpg": _jpeg_of_a_thousand_parts,
    "interlaced-flood.png": _interlaced_flood,
    "profile-flood.png": _profile_flood,
}
MADE_HARMLESS: dict[str, Callable[[], bytes]] = {
    "photo-with-adobe-notes.jpg": lambda: _jpeg_with(_segment(0xED, b"Photoshop 3.0\0SECRET-CAPTION")),
    "photo-with-xmp.jpg": lambda: _jpeg_with(
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>SECRET-XMP</x>")
    ),
    "photo-with-maker-notes.jpg": lambda: _jpeg_with(_segment(0xEB, b"SECRET-MAKER")),
    "photo-with-second-photo.jpg": lambda: a_jpeg() + a_jpeg(comment=b"SECRET-SECOND"),
    "photo-with-many-notes.jpg": lambda: _jpeg_with(*[_segment(0xFE, b"SECRET-NOTE" * 5000)] * 60),
    "photo-then-shell.jpg": _shell_after_the_end,
    "picture-then-java.png": _java_archive_after,
    "printers-photo.jpg": _cmyk_photo,
    "picture-with-place.png": lambda: _png_with(_place_in(b"eXIf")),
    "picture-with-own-chunk.png": lambda: _png_with(chunk(b"prVt", b"SECRET-CHUNK")),
    "picture-with-time.png": lambda: _png_with(chunk(b"tEXt", b"Comment\0SECRET-COMMENT")),
    "elsewhere.pdf": pdf_with(_go_elsewhere),
    "inside.pdf": pdf_with(_go_inside),
    "import.pdf": pdf_with(_import_data),
    "sound.pdf": pdf_with(_sound),
    "screen.pdf": pdf_with(_screen),
    "solid.pdf": pdf_with(_solid),
    "script-of-a-field.pdf": pdf_with(_script_of_a_field),
    "script-of-the-outline.pdf": pdf_with(_script_of_the_outline),
    "script-of-a-thread.pdf": pdf_with(_script_of_a_thread),
    "script-of-a-layer.pdf": pdf_with(_script_of_a_layer),
    "address.pdf": pdf_with(_address_of_the_document),
    "collection.pdf": pdf_with(_collection),
    "associated-file.pdf": pdf_with(_associated_file),
    "requirements.pdf": pdf_with(_needs_nothing_else),
    "thumbnail.pdf": pdf_with(_thumbnail),
    "postscript-on-a-page.pdf": pdf_with(_postscript),
    "picture-from-elsewhere.pdf": pdf_with(_picture_from_elsewhere),
    "old-version.pdf": _script_in_an_old_version,
}
# Accepted by one decoder and refused by another: whether accepted or not, nothing hostile may be kept.
EITHER: dict[str, Callable[[], bytes]] = {
    "twelve-bits.jpg": _jpeg_of_twelve_bits,
    "arithmetic.jpg": _arithmetic_jpeg,
    "note-flood.png": _note_flood,
    "forty-filters.pdf": _filters_forty_deep,
}
