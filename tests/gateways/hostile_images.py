"""Hostile pictures, and the harmless ones that they are made from."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo


def a_jpeg(size: tuple[int, int] = (320, 240), **options: object) -> bytes:
    """Return a small honest photo."""
    made = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(made, "JPEG", **options)
    return made.getvalue()


def a_png(image: Image.Image | None = None, **options: object) -> bytes:
    """Return a small honest screenshot."""
    made = BytesIO()
    (image or Image.new("RGB", (320, 240), "teal")).save(made, "PNG", **options)
    return made.getvalue()


def a_screenshot() -> bytes:
    """Return lines of writing on white, which PNG compresses better than JPEG."""
    page = Image.new("L", (400, 600), 255)
    pen = ImageDraw.Draw(page)
    for line in range(20, 580, 14):
        pen.text((20, line), f"Bill {line * 7919} of the month, units {line * 31}", fill=0)
    return a_png(page)


def a_photo_with_location() -> bytes:
    """Return a photo with location, camera, comment and orientation."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 50.0, 46.0), 3: "E", 4: (80.0, 56.0, 46.0)})
    return a_jpeg(exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 10)


def a_png_with_metadata() -> bytes:
    """Return a PNG with text chunks, EXIF and a colour profile."""
    notes = PngInfo()
    notes.add_text("Author", "SECRET-AUTHOR")
    notes.add_itxt("XML:com.adobe.xmp", "<x>SECRET-XMP</x>")
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    return a_png(pnginfo=notes, exif=exif, icc_profile=b"SECRET-PROFILE" * 10)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))


def png_that_claims(width: int, height: int, dots: bytes = b"") -> bytes:
    """Return a few bytes that declare a picture of any size."""
    header = struct.pack("!IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(dots))
        + chunk(b"IEND", b"")
    )


def png_with_text_that_unpacks_to_a_flood() -> bytes:
    """Return a picture whose text chunk of 200 kB decompresses to 200 MB."""
    honest = a_png()
    note = b"Comment\0\0" + zlib.compress(b"A" * 200_000_000)
    return honest[:33] + chunk(b"zTXt", note) + honest[33:]


def jpeg_that_claims(width: int, height: int) -> bytes:
    """Return a photo whose header declares another size than it has."""
    honest = a_jpeg()
    at = honest.index(b"\xff\xc0") + 5
    return honest[:at] + struct.pack("!HH", height, width) + honest[at + 4 :]


def jpeg_with_endless_scans() -> bytes:
    """Return a progressive photo whose last scan is repeated up to the size limit of an upload."""
    honest = a_jpeg((4900, 4900), progressive=True, quality=5)
    last = honest.rindex(b"\xff\xda")
    scan = honest[last:-2]
    return honest[:last] + scan * ((7_900_000 - len(honest)) // len(scan)) + honest[-2:]


def animated_png() -> bytes:
    """Return a PNG of many pictures."""
    frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in range(50)]
    return a_png(frames[0], save_all=True, append_images=frames[1:])
