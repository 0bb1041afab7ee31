"""Compression of responses; a random length hides what an eavesdropper could measure."""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Flask, Response, request

from wss.web.headers import vary_on

_SMALLEST = 400
_KINDS = {"text/html", "text/plain", "text/csv", "application/json"}
_LEVEL = 6
_GZIP_WITH_A_FILE_NAME = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"
_LONGEST_FILE_NAME = 32


def init_app(app: Flask) -> None:
    """Compress every page for browsers that support it."""
    app.after_request(_compress)


def gzipped(content: bytes) -> bytes:
    """Return the content in gzip format, with a file name of random length in its header."""
    # A BREACH attack makes a page repeat guesses at a secret in it and reads from the length which guess was right.
    # Browsers skip the file name, and it makes the length of the same page differ each time.
    name = b"w" * secrets.randbelow(_LONGEST_FILE_NAME)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(content) + packer.flush()
    tail = struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((_GZIP_WITH_A_FILE_NAME, name, b"\x00", body, tail))


def _compress(response: Response) -> Response:
    if response.mimetype not in _KINDS or response.is_streamed or response.direct_passthrough:
        return response
    vary_on(response, "Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) >= _SMALLEST:
        response.set_data(gzipped(content))
        response.headers["Content-Encoding"] = "gzip"
    return response
