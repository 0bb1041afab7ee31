"""Hostile PDFs, built here so that the repository contains none."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.gateways.hostile_images import a_jpeg, a_photo_with_location, jpeg_that_claims


def a_pdf(pages: int = 1) -> Pdf:
    """Return a small honest document."""
    document = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
        document.pages[-1].obj.Resources = Dictionary(Font=Dictionary(Sound=font))
        document.pages[-1].obj.Contents = document.make_stream(b"BT /Sound 24 Tf 72 700 Td (Bill) Tj ET")
    return document


def written(document: Pdf, **options: object) -> bytes:
    """Return the document as a file."""
    made = BytesIO()
    document.save(made, **options)
    return made.getvalue()


def pdf_with(change: Callable[[Pdf], None]) -> Callable[[], bytes]:
    """Return a function that makes a document with one hostile element."""

    def build() -> bytes:
        document = a_pdf()
        change(document)
        return written(document)

    return build


SCRIPT = {"S": Name.JavaScript, "JS": "app.alert(1)"}


def _script_when_opened(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(**SCRIPT)


def _script_by_name(document: Pdf) -> None:
    named = Dictionary(Names=Array(["run", document.make_indirect(Dictionary(**SCRIPT))]))
    document.Root.Names = Dictionary(JavaScript=named)


def _script_in_a_stream(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))


def _script_behind_another_action(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([0]), Next=Dictionary(**SCRIPT))


def _script_when_a_page_is_seen(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(**SCRIPT))


def _script_on_the_document(document: Pdf) -> None:
    document.Root.AA = Dictionary(WC=Dictionary(**SCRIPT))


def _program_started(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(
        S=Name.Launch, F="calc.exe", Win=Dictionary(F="cmd.exe", P="/c calc")
    )


def _note(document: Pdf, **entries: object) -> None:
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 99, 99]), **entries)
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


def _link_outside(document: Pdf) -> None:
    _note(document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org/steal"))


def _link_that_starts_a_program(document: Pdf) -> None:
    _note(document, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="calc.exe"))


def _film(document: Pdf) -> None:
    content = document.make_stream(b"film")
    _note(document, Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=content))


def _file_inside(document: Pdf) -> None:
    document.attachments["virus.exe"] = pikepdf.AttachedFileSpec(
        document, b"MZ SECRET-PROGRAM", filename="virus.exe"
    )


def _file_on_a_page(document: Pdf) -> None:
    inside = document.make_stream(b"MZ SECRET-PROGRAM", Type=Name.EmbeddedFile)
    _note(
        document,
        Subtype=Name.FileAttachment,
        FS=Dictionary(Type=Name.Filespec, F="x", EF=Dictionary(F=inside)),
    )


def _form_with_script(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xfa>SECRET-FORM</xfa>"))


def _form_that_sends(document: Pdf) -> None:
    _note(
        document, Subtype=Name.Widget, FT=Name.Btn, A=Dictionary(S=Name.SubmitForm, F="https://example.org/")
    )
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].obj.Annots)


def _page_from_elsewhere(document: Pdf) -> None:
    outside = document.make_stream(b"", F="/etc/passwd", FFilter=Name.FlateDecode)
    document.pages[0].obj.Contents = outside


def _script_hidden_among_resources(document: Pdf) -> None:
    document.pages[0].obj.Resources.Hidden = document.make_indirect(Dictionary(**SCRIPT))


def _author(document: Pdf) -> None:
    document.docinfo["/Author"] = "SECRET-AUTHOR"
    document.Root.Metadata = document.make_stream(b"<x>SECRET-XMP</x>", Type=Name.Metadata, Subtype=Name.XML)
    document.pages[0].obj.PieceInfo = Dictionary(App=Dictionary(Private="SECRET-NOTE"))


def _photo(document: Pdf, photo: bytes, width: int = 320, height: int = 240) -> Stream:
    drawn = document.make_stream(photo, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
    drawn.ColorSpace, drawn.BitsPerComponent, drawn.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    document.pages[0].obj.Resources.XObject = Dictionary(Photo=drawn)
    document.pages[0].obj.Contents = document.make_stream(b"320 0 0 240 0 0 cm /Photo Do")
    return drawn


def _photo_with_place(document: Pdf) -> None:
    _photo(document, a_photo_with_location())


def _photo_of_endless_size(document: Pdf) -> None:
    _photo(document, jpeg_that_claims(65_000, 65_000))


def _picture_of_endless_size(document: Pdf) -> None:
    _photo(document, a_jpeg(), 100_000, 100_000)


def _page_that_unpacks_to_a_flood(document: Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(b" " * 150_000_000)


def _page_packed_many_times(document: Pdf) -> None:
    content = zlib.compress(zlib.compress(zlib.compress(b" " * 300_000_000)))
    document.pages[0].obj.Contents = document.make_stream(content, Filter=Array([Name.FlateDecode] * 3))


def _photo_packed_in_a_flood(document: Pdf) -> None:
    drawn = _photo(document, a_jpeg())
    drawn.write(zlib.compress(b"\0" * 150_000_000), filter=Array([Name.FlateDecode, Name.DCTDecode]))


def _resources_nested_deep(document: Pdf) -> None:
    deep = Dictionary()
    for _ in range(400):
        deep = document.make_indirect(Dictionary(Deeper=deep))
    document.pages[0].obj.Resources.Deep = deep


def _drawing_that_draws_itself(document: Pdf) -> None:
    form = document.make_stream(b"/Again Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(Again=form))
    document.pages[0].obj.Resources.XObject = Dictionary(Again=form)


def _drawings_in_drawings(document: Pdf) -> None:
    """Add twelve drawings, each showing the next ten times."""
    drawing = document.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
    drawing.BBox = Array([0, 0, 99, 99])
    for _ in range(12):
        around = document.make_stream(b"/Next Do " * 10, Type=Name.XObject, Subtype=Name.Form)
        around.BBox, around.Resources = drawing.BBox, Dictionary(XObject=Dictionary(Next=drawing))
        drawing = around
    document.pages[0].obj.Resources.XObject = Dictionary(Next=drawing)
    document.pages[0].obj.Contents = document.make_stream(b"/Next Do")


def _tiles_without_end(document: Pdf) -> None:
    """Add a page of tiles that are far smaller than a pixel, each of many lines."""
    tile = document.make_stream(b"0 0 m 1 1 l S " * 20_000, PatternType=1, PaintType=1, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep, tile.Resources = Array([0, 0, 1, 1]), 0.001, 0.001, Dictionary()
    document.pages[0].obj.Resources.Pattern = Dictionary(Tile=tile)
    document.pages[0].obj.Contents = document.make_stream(b"/Pattern cs /Tile scn 0 0 595 842 re f " * 50)


def _web_page_among_resources(document: Pdf) -> None:
    """Add a web page that a browser would run if the file were saved with such an extension."""
    web_page = pikepdf.String("<!doctype html><script>document.title='SECRET'</script><!--")
    document.pages[0].obj.Resources.XX = web_page


def locked_pdf(readers_password: str) -> bytes:
    """Return a document with an owner password, and optionally a user password."""
    return written(a_pdf(), encryption=pikepdf.Encryption(owner="owner", user=readers_password))


def pdf_with_a_flood_of_objects() -> bytes:
    """Return an object stream of 200 kB that decompresses to 200 MB."""
    stream = zlib.compress(b"1 0 " * 50_000_000)
    head = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 9000000 /First 100 /Filter /FlateDecode /Length "
    body = head + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream\nendobj\n"
    table = zlib.compress(b"\x02\x00\x01\x00" * 3)
    at = len(body)
    body += b"2 0 obj\n<< /Type /XRef /Size 3 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length "
    body += str(len(table)).encode() + b" >>\nstream\n" + table + b"\nendstream\nendobj\n"
    return body + b"startxref\n" + str(at).encode() + b"\n%%EOF"


def pdf_whose_pages_are_their_own_parents() -> bytes:
    """Return a page tree with a cycle."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF"
    )


def pdf_with_one_page_a_million_times() -> bytes:
    """Return a page tree that lists its only page again and again."""
    kids = b"3 0 R " * 1_000_000
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1000000/Kids["
        + kids
        + b"]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF"
    )


def pdf_of_brackets() -> bytes:
    """Return a document of nothing but opening brackets."""
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * 5_000_000 + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"


NEVER_TAKEN: dict[str, Callable[[], bytes]] = {
    "locked.pdf": lambda: locked_pdf("secret"),
    "cut-off.pdf": lambda: written(a_pdf(3))[:700],
    "no-pages.pdf": lambda: written(Pdf.new()),
    "51-pages.pdf": lambda: written(a_pdf(51)),
    "a-million-pages.pdf": pdf_with_one_page_a_million_times,
    "pages-in-a-circle.pdf": pdf_whose_pages_are_their_own_parents,
    "brackets.pdf": pdf_of_brackets,
    "object-flood.pdf": pdf_with_a_flood_of_objects,
    "flood-in-floods.pdf": pdf_with(_page_packed_many_times),
    "photo-flood.pdf": pdf_with(_photo_packed_in_a_flood),
    "photo-of-endless-size.pdf": pdf_with(_photo_of_endless_size),
    "picture-of-endless-size.pdf": pdf_with(_picture_of_endless_size),
    "drawings-in-drawings.pdf": pdf_with(_drawings_in_drawings),
    "tiles-without-end.pdf": pdf_with(_tiles_without_end),
}

MADE_HARMLESS: dict[str, Callable[[], bytes]] = {
    "locked-for-changes.pdf": lambda: locked_pdf(""),
    "web-page-among-resources.pdf": pdf_with(_web_page_among_resources),
    "script-when-opened.pdf": pdf_with(_script_when_opened),
    "script-by-name.pdf": pdf_with(_script_by_name),
    "script-in-a-stream.pdf": pdf_with(_script_in_a_stream),
    "script-behind-another.pdf": pdf_with(_script_behind_another_action),
    "script-when-a-page-is-seen.pdf": pdf_with(_script_when_a_page_is_seen),
    "script-on-the-document.pdf": pdf_with(_script_on_the_document),
    "program-started.pdf": pdf_with(_program_started),
    "link-outside.pdf": pdf_with(_link_outside),
    "link-to-a-program.pdf": pdf_with(_link_that_starts_a_program),
    "film.pdf": pdf_with(_film),
    "file-inside.pdf": pdf_with(_file_inside),
    "file-on-a-page.pdf": pdf_with(_file_on_a_page),
    "form-with-script.pdf": pdf_with(_form_with_script),
    "form-that-sends.pdf": pdf_with(_form_that_sends),
    "page-from-elsewhere.pdf": pdf_with(_page_from_elsewhere),
    "hidden-script.pdf": pdf_with(_script_hidden_among_resources),
    "author.pdf": pdf_with(_author),
    "photo-with-place.pdf": pdf_with(_photo_with_place),
    "draws-itself.pdf": pdf_with(_drawing_that_draws_itself),
}
EITHER: dict[str, Callable[[], bytes]] = {
    "page-flood.pdf": pdf_with(_page_that_unpacks_to_a_flood),
    "nested-deep.pdf": pdf_with(_resources_nested_deep),
}
