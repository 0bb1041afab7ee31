"""PDFs, photos and pictures with a script in every place where a file can hold text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from tests.gateways.hostile_images import a_jpeg, a_png, chunk
from tests.gateways.hostile_pdfs import a_pdf, pdf_with, written

SCRIPT = b"<script>document.title='SECRET'</script>"
TEXT = String(SCRIPT.decode())
NAME = Name("/" + SCRIPT.decode())


def _font(document: Pdf) -> Object:
    return document.pages[0].obj.Resources.Font.Sound


def _in_every_dictionary(document: Pdf) -> None:
    page, font = document.pages[0].obj, _font(document)
    for each in (
        document.Root,
        document.trailer,
        document.Root.Pages,
        page,
        page.Resources,
        page.Resources.Font,
        font,
    ):
        each.XX = TEXT
        each[str(NAME)] = NAME
    page.Contents.XX = TEXT


def _in_fonts(document: Pdf) -> None:
    font = _font(document)
    program = document.make_stream(SCRIPT)
    font.ToUnicode = document.make_stream(b"/CIDInit /ProcSet findresource begin % " + SCRIPT)
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([200, NAME]))
    font.FontDescriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=NAME, FontFamily=TEXT, CharSet=TEXT, Flags=32, Lang=TEXT
    )
    other = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=NAME, FontDescriptor=Dictionary(FontFile=program)
    )
    document.pages[0].obj.Resources.Font.Other = other


def _in_what_is_drawn(document: Pdf) -> None:
    page = document.pages[0].obj
    drawn = b"%% %b\n/Span <</ActualText (%b)>> BDC BT /Sound 9 Tf (%b) Tj ET EMC\n" % ((SCRIPT,) * 3)
    inline = b"q 20 0 0 20 0 0 cm BI /W 10 /H 4 /BPC 8 /CS /G ID " + SCRIPT[:40].ljust(40) + b"\nEI Q\n"
    page.Contents = document.make_stream(drawn + b"/Marked <</XX (%b)>> DP\n" % SCRIPT + inline)
    page.Resources.Properties = Dictionary(Layer=Dictionary(Type=Name.OCG, Name=TEXT))


def _in_colours(document: Pdf) -> None:
    page = document.pages[0].obj
    profile = document.make_stream(SCRIPT.ljust(300), N=3, Alternate=Name.DeviceRGB)
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, XX=TEXT)
    spaces = {
        "Profile": Array([Name.ICCBased, profile]),
        "Ink": Array([Name.Separation, NAME, Name.DeviceGray, function]),
    }
    spaces["Table"] = Array([Name.Indexed, Name.DeviceGray, len(SCRIPT) - 1, TEXT])
    page.Resources.ColorSpace = Dictionary(**spaces)
    page.Resources.ExtGState = Dictionary(State=Dictionary(Type=Name.ExtGState, TR=Name.Identity, XX=TEXT))
    page.Contents = document.make_stream(
        b"/State gs /Profile cs 1 0 0 scn 9 9 99 99 re f /Ink cs 1 scn 9 200 9 9 re f"
    )


def _in_pictures(document: Pdf) -> None:
    page = document.pages[0].obj
    entries = {"Subtype": Name.Image, "Width": 320, "Height": 240, "BitsPerComponent": 8, "XX": TEXT}
    photo = document.make_stream(a_jpeg(comment=SCRIPT) + SCRIPT, ColorSpace=Name.DeviceRGB, **entries)
    photo.Filter = Name.DCTDecode
    photo.Metadata = document.make_stream(SCRIPT, Type=Name.Metadata, Subtype=Name.XML)
    page.Resources.XObject = Dictionary({str(NAME): photo, "/P": photo})
    page.Contents = document.make_stream(b"99 0 0 99 9 9 cm /P Do")


def _about_the_document(document: Pdf) -> None:
    document.docinfo["/Title"] = TEXT
    document.trailer.ID = Array([TEXT, TEXT])
    document.Root.Metadata = document.make_stream(SCRIPT, Type=Name.Metadata, Subtype=Name.XML)
    document.Root.Lang = TEXT
    document.make_indirect(TEXT)


def _around_the_file() -> bytes:
    """Return a file with scripts before the header, behind it, between objects and behind the end."""
    whole = written(a_pdf())
    header, rest = whole.split(b"\n", 1)
    return b"mail " + SCRIPT[:1] + b"\n" + header + b"\n%" + SCRIPT + b"\n" + rest + SCRIPT


def _palette() -> bytes:
    """Return a PNG whose colours are a script."""
    header = struct.pack("!IIBBBBB", 30, 1, 8, 3, 0, 0, 0)
    colours, dots = SCRIPT.ljust(48), zlib.compress(b"\0" + bytes(range(15)) * 2)
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", dots), (b"IEND", SCRIPT))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in parts)


def _segments() -> bytes:
    """Return a JPEG with a script in every segment for applications, and in tables that are never used."""
    honest = a_jpeg()
    segments = b"".join(
        b"\xff%c%b%b" % (mark, struct.pack("!H", len(SCRIPT) + 2), SCRIPT)
        for mark in (*range(0xE1, 0xF0), 0xFE)
    )
    table = b"\xff\xdb" + struct.pack("!H", 67) + b"\x03" + SCRIPT.ljust(64, b"\x01")
    return honest[:2] + segments + table + honest[2:] + SCRIPT


MADE_HARMLESS: dict[str, Callable[[], bytes]] = {
    "script-in-every-dictionary.pdf": pdf_with(_in_every_dictionary),
    "script-in-fonts.pdf": pdf_with(_in_fonts),
    "script-in-what-is-drawn.pdf": pdf_with(_in_what_is_drawn),
    "script-in-colours.pdf": pdf_with(_in_colours),
    "script-in-pictures.pdf": pdf_with(_in_pictures),
    "script-about-the-document.pdf": pdf_with(_about_the_document),
    "script-around-the-file.pdf": _around_the_file,
    "script-as-palette.png": _palette,
    "script-in-text.png": lambda: a_png()[:33] + chunk(b"tEXt", b"Title\0" + SCRIPT) + a_png()[33:] + SCRIPT,
    "script-in-segments.jpg": _segments,
}
