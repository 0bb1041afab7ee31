"""Cleans a picture that stands inside a PDF: how it is packed, how large it really is, and what it tells."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import zip_longest

from pikepdf import Array, Dictionary, Name, Object, Stream

from wss.domain.uploads import PIXELS_SHOWN, SCANS, Refusal, UploadRefused
from wss.gateways.sanitiser_jpeg import scans_of_jpeg, size_of_jpeg, without_notes

# Packings that only pictures have, by their full and their short names.
_OF_PICTURES = {
    "/DCTDecode": Name.DCTDecode,
    "/DCT": Name.DCTDecode,
    "/JPXDecode": Name.JPXDecode,
    "/CCITTFaxDecode": Name.CCITTFaxDecode,
    "/CCF": Name.CCITTFaxDecode,
    "/JBIG2Decode": Name.JBIG2Decode,
}
# Where the size stands in JPEG 2000, and the boxes around its dots that only tell about it.
_JPX_SIZE = b"\xff\x4f\xff\x51"
_JPX_NOTES = {b"uuid", b"uinf", b"xml ", b"jp2i", b"asoc", b"nlst", b"lbl "}


@dataclass(frozen=True)
class Packing:
    """One of the ways in which a stream is packed, with its settings."""

    name: Object
    settings: Object | None


def packing_of(stream: Stream) -> tuple[list[Packing], list[Packing]]:
    """How the stream is packed, in the order of unpacking: up to a picture's own packing, and from there on."""
    names, settings = _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))
    packings = [
        Packing(_OF_PICTURES.get(str(name), name), how if isinstance(how, Dictionary) else None)
        for name, how in zip_longest(names, settings[: len(names)])
    ]
    place = next(
        (n for n, packing in enumerate(packings) if str(packing.name) in _OF_PICTURES), len(packings)
    )
    return packings[:place], packings[place:]


def clean_picture(stream: Stream, own: list[Packing], unpacked: bytes | None) -> None:
    """Refuse a picture of endless size, and take out of a photo what it tells; other streams stay as they are."""
    if stream.get("/Subtype") == Name.Image:
        _refuse_endless(int(stream.Width), int(stream.Height))
    if not own:
        return
    if len(own) > 1 or unpacked is None:
        # Nobody packs a picture's own packing once more, or so that it cannot be opened.
        raise UploadRefused(Refusal.DAMAGED)
    if own[0].name == Name.CCITTFaxDecode:
        settings = own[0].settings or Dictionary()
        _refuse_endless(int(settings.get("/Columns", 1728)), int(settings.get("/Rows", 0)))
    elif own[0].name == Name.DCTDecode:
        _write(stream, _clean_photo(unpacked), own[0])
    elif own[0].name == Name.JPXDecode:
        _write(stream, _clean_jpx(unpacked), own[0])


def _clean_photo(photo: bytes) -> bytes:
    _refuse_endless(*size_of_jpeg(photo))
    if scans_of_jpeg(photo) > SCANS:
        raise UploadRefused(Refusal.TOO_COMPLEX)
    return without_notes(photo)


def _clean_jpx(picture: bytes) -> bytes:
    """The picture without the boxes that tell about it; bare dots without boxes stay as they are."""
    place = picture.find(_JPX_SIZE)
    if place < 0:
        raise UploadRefused(Refusal.DAMAGED)
    _refuse_endless(*struct.unpack_from("!II", picture, place + 8))
    if place == 0:
        return picture
    kept, start = [], 0
    while start + 8 <= len(picture):
        length, name = struct.unpack_from("!I4s", picture, start)
        # Nought means "to the end"; one, "the length is longer than fits here": only videos need that.
        if 0 < length < 8:
            raise UploadRefused(Refusal.DAMAGED)
        end = start + length if length else len(picture)
        if name not in _JPX_NOTES:
            kept.append(picture[start:end])
        start = end
    return b"".join(kept)


def _refuse_endless(width: int, height: int) -> None:
    if width * max(height, 1) > PIXELS_SHOWN:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS)


def _write(stream: Stream, content: bytes, packing: Packing) -> None:
    """Put the clean picture in place of the old, with nothing packed around it."""
    stream.write(content, filter=Array([packing.name]))
    if packing.settings is not None:
        stream.DecodeParms = Array([packing.settings])


def _listed(value: Object | None) -> list[Object]:
    if value is None:
        return []
    return list(value.as_list()) if isinstance(value, Array) else [value]
