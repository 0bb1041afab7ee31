"""PDFs of a few kB that draw without end: each level shows the one below ten times."""

from __future__ import annotations

from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Object, Pdf

from tests.gateways.hostile_pdfs import pdf_with

LEVELS = 10
AREA = Array([0, 0, 500, 700])
GROUP = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)


def _form(document: Pdf, content: bytes, **entries: object) -> Object:
    return document.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=AREA, **entries)


def _tile(document: Pdf, content: bytes, **resources: Object) -> Object:
    kind = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 500, "YStep": 700}
    return document.make_stream(content, BBox=AREA, Resources=Dictionary(**resources), **kind)


def _page_draws(document: Pdf, content: bytes, **resources: Object) -> None:
    document.pages[0].obj.Resources = Dictionary(**resources)
    document.pages[0].obj.Contents = document.make_stream(content)


def _tiles_in_tiles(document: Pdf) -> None:
    tile = _tile(document, b"0 0 5 5 re f")
    for _ in range(LEVELS):
        drawn = b"/Pattern cs /Next scn " + b"0 0 500 700 re f " * 10
        tile = _tile(document, drawn, Pattern=Dictionary(Next=tile))
    _page_draws(document, b"/Pattern cs /Next scn 0 0 500 700 re f", Pattern=Dictionary(Next=tile))


def _letters_in_letters(document: Pdf) -> None:
    font, drawn = Dictionary(), b"0 0 100 100 re f"
    for _ in range(LEVELS):
        letter = document.make_stream(b"1000 0 d0 " + drawn)
        below = Dictionary(Font=Dictionary(Next=font))
        named = Dictionary(Differences=Array([97, Name.a]))
        measures = {
            "FontBBox": AREA,
            "FontMatrix": Array([0.001, 0, 0, 0.001, 0, 0]),
            "Widths": Array([1000]),
        }
        letters = {"CharProcs": Dictionary(a=letter), "Encoding": named, "FirstChar": 97, "LastChar": 97}
        font = Dictionary(Type=Name.Font, Subtype=Name.Type3, Resources=below, **measures, **letters)
        font, drawn = document.make_indirect(font), b"BT /Next 10 Tf (aaaaaaaaaa) Tj ET"
    _page_draws(document, b"BT /Next 100 Tf 50 50 Td (aaaaaaaaaa) Tj ET", Font=Dictionary(Next=font))


def _masks_in_masks(document: Pdf) -> None:
    drawing = _form(document, b"0 0 500 700 re f", Group=GROUP)
    for _ in range(LEVELS):
        mask = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=drawing))
        resources = Dictionary(ExtGState=Dictionary(Next=mask))
        drawing = _form(document, b"/Next gs " + b"0 0 500 700 re f " * 10, Group=GROUP, Resources=resources)
    _page_draws(document, b"/Next Do", XObject=Dictionary(Next=drawing))


def _drawings_in_a_stamp(document: Pdf) -> None:
    drawing = _form(document, b"0 0 500 700 re f")
    for _ in range(LEVELS):
        drawing = _form(document, b"/Next Do " * 10, Resources=Dictionary(XObject=Dictionary(Next=drawing)))
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=AREA, AP=Dictionary(N=drawing))
    document.pages[0].obj.Annots = Array([document.make_indirect(stamp)])


def _shadings(document: Pdf) -> None:
    colour = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=1.7)
    shading = Dictionary(ShadingType=3, ColorSpace=Name.DeviceGray, Coords=Array([0, 0, 1, 500, 700, 900]))
    shading.Function, shading.Extend = colour, Array([True, True])
    _page_draws(document, b"/Next sh " * 20_000, Shading=Dictionary(Next=shading))


NEVER_TAKEN: dict[str, Callable[[], bytes]] = {
    "tiles-in-tiles.pdf": pdf_with(_tiles_in_tiles),
    "letters-in-letters.pdf": pdf_with(_letters_in_letters),
    "masks-in-masks.pdf": pdf_with(_masks_in_masks),
    "drawings-in-a-stamp.pdf": pdf_with(_drawings_in_a_stamp),
    "shadings-without-end.pdf": pdf_with(_shadings),
}
