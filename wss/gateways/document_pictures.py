"""The stored PDFs, each page one picture: writing them, and extracting the pictures of pages."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from wss.domain.uploads import DocumentKind

THUMBNAIL_EDGE = 96
_THUMBNAIL_QUALITY = 55
# The marker of PDFs that this module wrote; others are never parsed.
_HEADER = b"%PDF-1.4\n%WSS pages as pictures\n"
_PICTURE = re.compile(
    rb"/Width (\d+)/Height (\d+)/BitsPerComponent 8/ColorSpace/Device(?:RGB/Filter/DCT|Gray/Filter/(Flate))Decode"
    rb"/Length (\d+)>>stream\n"
)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a JPEG or, losslessly, as packed grey pixels; its size in pixels, and as printed in points."""

    content: bytes
    pixels: tuple[int, int]
    points: tuple[float, float]
    is_exact: bool = False


def write_pdf(pages: Sequence[PagePicture]) -> bytes:
    """Return a PDF that shows the pictures, a page each, and contains nothing else."""
    page_references = b" ".join(b"%d 0 R" % (3 + 3 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), page_references),
    ]
    for page in pages:
        objects += _objects_of_page(page, len(objects) + 1)
    written, places = bytearray(_HEADER), []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(places)
    written += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


def _objects_of_page(page: PagePicture, number: int) -> list[bytes]:
    """Return the page, its content stream and its picture; `number` is the page's own object."""
    width, height = (b"%.2f" % edge for edge in page.points)
    packing = b"Gray/Filter/FlateDecode" if page.is_exact else b"RGB/Filter/DCTDecode"
    drawn = b"%b 0 0 %b 0 0 cm /P Do" % (width, height)
    return [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b %b]/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>"
        % (width, height, number + 2, number + 1),
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/Device%b"
        b"/Length %d>>stream\n%b\nendstream" % (*page.pixels, packing, len(page.content), page.content),
    ]


def picture_of_page(content: bytes, media_type: str, page: int) -> tuple[bytes, str] | None:
    """Return the picture of a page (counted from 1) and its media type; None if there is none.

    An image is its own first page; a PDF that was not written here has no pictures.
    """
    if media_type != DocumentKind.PDF.media_type:
        return (content, media_type) if page == 1 else None
    found = _PICTURE.search(content) if content.startswith(_HEADER) else None
    for _ in range(page - 1):
        # The page number comes from the request and may be any: the search ends after the last picture.
        if found is None:
            return None
        # The search continues at the end of each picture, so that nothing within one is taken for the next.
        found = _PICTURE.search(content, found.end() + int(found[4]))
    if found is None or page < 1:
        return None
    packed = content[found.end() : found.end() + int(found[4])]
    if found[3] is None:
        return packed, DocumentKind.JPEG.media_type
    grey = Image.frombytes("L", (int(found[1]), int(found[2])), zlib.decompress(packed))
    made = BytesIO()
    grey.save(made, "PNG")
    return made.getvalue(), DocumentKind.PNG.media_type


def thumbnail(picture: bytes) -> bytes:
    """Return a small JPEG of a picture that was re-encoded before it was stored."""
    with Image.open(BytesIO(picture), formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        small = opened.convert("RGB")
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    # Without a border a white page is not visible on a white background.
    small = ImageOps.expand(small, 1, "grey")
    made = BytesIO()
    small.save(made, "JPEG", quality=_THUMBNAIL_QUALITY, optimize=True)
    return made.getvalue()
