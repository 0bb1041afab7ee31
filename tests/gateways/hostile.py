"""All hostile files, by what must happen to them: refused, made harmless, or either."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from tests.gateways import hostile_corners, hostile_drawings, hostile_more, hostile_pdfs, hostile_texts
from tests.gateways.hostile_images import (
    a_jpeg,
    a_photo_with_location,
    a_png,
    a_png_with_metadata,
    animated_png,
    jpeg_that_claims,
    jpeg_with_endless_scans,
    png_that_claims,
    png_with_text_that_unpacks_to_a_flood,
)
from tests.gateways.hostile_pdfs import a_pdf, written

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")


def zip_file() -> bytes:
    """Return an archive with a program in it."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("virus.exe", b"MZ SECRET-PROGRAM")
    return made.getvalue()


NEVER_TAKEN: dict[str, Callable[[], bytes]] = {
    "nothing.jpg": lambda: b"",
    "nul-bytes.jpg": lambda: b"\0" * 1000,
    "page.jpg (HTML)": lambda: HTML,
    "drawing.png (SVG)": lambda: SVG,
    "moving.gif": lambda: GIF,
    "gif-with-script.jpg": lambda: GIF + HTML,
    "archive.pdf (ZIP)": zip_file,
    "program.jpg": lambda: b"MZ" + b"\0" * 500,
    "script.jpg": lambda: b"#!/bin/sh\nrm -rf /\n",
    "html-before.pdf": lambda: HTML + written(a_pdf()),
    "postscript.pdf": lambda: b"%!PS-Adobe-3.0\n(%PDF-1.4) print",
    "photo.webp": lambda: b"RIFF\x24\0\0\0WEBPVP8 ",
    "photo.tiff": lambda: b"II*\0\x08\0\0\0",
    "photo.heic": lambda: b"\0\0\0\x18ftypheic",
    "over-8-MB.jpg": lambda: a_jpeg() + b"\0" * 8_000_000,
    "cut-off.jpg": lambda: a_jpeg((1600, 1200))[:6000],
    "only-a-beginning.jpg": lambda: b"\xff\xd8\xff\xe0",
    "beginning-and-noise.jpg": lambda: b"\xff\xd8\xff" + bytes(range(256)) * 40,
    "cut-off.png": lambda: a_png(Image.effect_noise((400, 400), 90))[:9000],
    "wrong-checksum.png": lambda: a_png().replace(b"IDAT", b"IDAX"),
    "pixel-flood.png": lambda: png_that_claims(50_000, 50_000, b"\0" * 100),
    "pixel-flood-whole.png": lambda: a_png(Image.new("1", (12_000, 12_000))),
    "no-width.png": lambda: png_that_claims(0, 100),
    "negative.png": lambda: png_that_claims(0xFFFFFFFF, 1),
    "just-over-25-million.png": lambda: a_png(Image.new("L", (5001, 5000))),
    "pixel-flood.jpg": lambda: jpeg_that_claims(65_000, 65_000),
    "text-flood.png": png_with_text_that_unpacks_to_a_flood,
    "only-a-beginning.pdf": lambda: b"%PDF-1.7\n",
    **hostile_pdfs.NEVER_TAKEN,
    **hostile_more.NEVER_TAKEN,
    **hostile_corners.NEVER_TAKEN,
    **hostile_drawings.NEVER_TAKEN,
    "endless-scans.jpg": jpeg_with_endless_scans,
}

# Of these, only the limit of time ends the reading.
ENDLESS = (
    "photo-of-endless-size.pdf",
    "drawings-in-drawings.pdf",
    "tiles-without-end.pdf",
    *hostile_drawings.NEVER_TAKEN,
)

MADE_HARMLESS: dict[str, Callable[[], bytes]] = {
    "photo-with-place.jpg": a_photo_with_location,
    "picture-with-author.png": a_png_with_metadata,
    "photo-then-html.jpg": lambda: a_jpeg() + HTML,
    "photo-then-zip.jpg": lambda: a_jpeg() + zip_file(),
    "html-in-comment.jpg": lambda: a_jpeg(comment=HTML),
    "photo.php.jpg": lambda: a_jpeg(comment=b"<?php system($_GET[0]); ?>"),
    "picture-then-zip.png": lambda: a_png() + zip_file(),
    "moving.png": animated_png,
    "pdf-then-zip.pdf": lambda: written(a_pdf()) + zip_file(),
    "pdf-then-html.pdf": lambda: written(a_pdf()) + HTML,
    **hostile_pdfs.MADE_HARMLESS,
    **hostile_more.MADE_HARMLESS,
    **hostile_corners.MADE_HARMLESS,
    **hostile_texts.MADE_HARMLESS,
}

# These may be refused or made harmless, depending on the machine's speed; they must only do no harm.
EITHER: dict[str, Callable[[], bytes]] = {
    **hostile_pdfs.EITHER,
    **hostile_more.EITHER,
    **hostile_corners.EITHER,
}
