"""Parser of the segments of a JPEG: its size, the number of scans, and the metadata of where it was taken."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_BEGINS = b"\xff\xd8"
_ENDS = b"\xff\xd9"
_SCAN = 0xDA
_END = 0xD9
# These have no length; every other marker is followed by the length of its segment.
_WITHOUT_LENGTH = {0x01, 0xD8}
_NOTES = {*range(0xE0, 0xF0), 0xFE}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# The interpretation of the colours must stay: JFIF without its thumbnail, and Adobe's segment. Place, time and
# camera are removed.
_COLOUR_NOTES = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
# In the image data 0xFF is followed by zero or by one of eight restart markers; like decoders, the parser skips
# everything that is not a marker.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)


def scans_of_jpeg(photo: bytes) -> int:
    """Return the number of scans of the whole picture."""
    return sum(marker == _SCAN for marker, _, _ in _segments(photo))


def _segments(photo: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of every segment; image data belongs to the segment before it."""
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
