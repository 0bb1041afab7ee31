"""Reads the parts of a JPEG that stands inside a PDF: its size, and the notes of where it was taken."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_NEXT_IS_DATA = 0xDA
# How the colours are meant (JFIF and Adobe) must stay; place, time, camera and comments go.
_KEPT_NOTES = {0xE0, 0xEE}
_NOTES = {*range(0xE0, 0xF0), 0xFE}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def size_of_jpeg(photo: bytes) -> tuple[int, int]:
    """Width and height as the photo itself says."""
    for marker, start, _ in _segments(photo):
        if marker in _FRAMES:
            height, width = struct.unpack_from("!HH", photo, start + 5)
            return width, height
    raise ValueError("no frame in this JPEG")


def without_notes(photo: bytes) -> bytes:
    """The same photo without camera, place, time and comments."""
    kept = [photo[:2]]
    end = 2
    for marker, start, end in _segments(photo):
        if marker not in _NOTES or marker in _KEPT_NOTES:
            kept.append(photo[start:end])
    return b"".join(kept) + photo[end:]


def _segments(photo: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of every segment before the dots begin."""
    if photo[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG")
    start = 2
    while True:
        while photo[start + 1] == 0xFF:
            start += 1
        if photo[start] != 0xFF:
            raise ValueError("no marker where one must be")
        marker, length = photo[start + 1], struct.unpack_from("!H", photo, start + 2)[0]
        if marker == _NEXT_IS_DATA:
            return
        if length < 2:
            raise ValueError("a segment shorter than its own length")
        yield marker, start, start + 2 + length
        start += 2 + length
