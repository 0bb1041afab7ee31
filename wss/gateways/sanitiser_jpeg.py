"""Reads the parts of a JPEG: its size, how often it is drawn over, and the notes of where it was taken."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_BEGINS = b"\xff\xd8"
_ENDS = b"\xff\xd9"
_SCAN = 0xDA
_END = 0xD9
# These stand alone; every other marker is followed by the length of its segment.
_WITHOUT_LENGTH = {0x01, 0xD8}
_NOTES = {*range(0xE0, 0xF0), 0xFE}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# How the colours are meant must stay: JFIF without its small picture, and Adobe's note. Place, time and camera go.
_COLOUR_NOTES = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
# Among the dots 0xFF is followed by nought or by one of eight marks to begin anew from; as decoders do, all that
# is not a marker is passed over.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)


def scans_of_jpeg(photo: bytes) -> int:
    """How often the whole picture is drawn over."""
    return sum(marker == _SCAN for marker, _, _ in _segments(photo))


def _segments(photo: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of every segment; the dots belong to the segment that announces them."""
    if not photo.startswith(_BEGINS):
        raise ValueError("not a JPEG")
    found = _MARKER.search(photo, len(_BEGINS))
    while found is not None and photo[found.end() - 1] != _END:
        marker, start = photo[found.end() - 1], found.end() - 2
        end = start + 2
        if marker not in _WITHOUT_LENGTH:
            (length,) = struct.unpack_from("!H", photo, end)
            if length < 2:
                raise ValueError("a segment shorter than its own length")
            end += length
        found = _MARKER.search(photo, end)
        if marker == _SCAN:
            end = found.start() if found else len(photo)
        yield marker, start, end
