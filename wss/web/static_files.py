"""Style sheets, scripts and icon: compressed once, named after their content, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, make_response, request

from wss.web.headers import vary_on

_KINDS = {".css", ".js", ".svg", ".png", ".ico"}
_COMMENT = re.compile(rb"//.*|/\*.*\*/")
_FOREVER = "public, max-age=31536000, immutable"
# While one process after the other is upgraded, a page of one version asks a process of the other for its files.
_OTHER_VERSION = re.compile(r"(?P<stem>.+)\.[0-9a-f]{8}(?P<suffix>\.[a-z]+)")
_SHORTLY = "public, max-age=60"
# A style sheet, script or icon loads nothing: stricter than the policy of pages, and 200 bytes shorter for each file.
_POLICY = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A static file: its public name and its bytes, plain and compressed."""

    name: str
    kind: str
    encodings: dict[str, bytes]


def init_app(app: Flask, folder: Path) -> None:
    """Serve the folder under /static and let templates ask for a file's address with `static_url`."""
    files = read_folder(folder)
    by_public_name = {file.name: file for file in files.values()}

    def static_url(name: str) -> str:
        """Return the address of a static file, from its name in the folder."""
        return f"/static/{files[name].name}"

    def serve(name: str) -> Response:
        """Return a static file. A name that another version has given it gets the present file, cached shortly."""
        if name in by_public_name:
            return _answer(by_public_name[name], _FOREVER)
        other = _OTHER_VERSION.fullmatch(name)
        if other is None or other["stem"] + other["suffix"] not in files:
            abort(404)
        return _answer(files[other["stem"] + other["suffix"]], _SHORTLY)

    app.add_url_rule("/static/<path:name>", endpoint="static", view_func=serve)
    app.jinja_env.globals["static_url"] = static_url


@cache
def read_folder(folder: Path) -> dict[str, StaticFile]:
    """Return every file of the folder that may be served, by its name in the folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _KINDS]
    return {path.relative_to(folder).as_posix(): _prepare(folder, path) for path in paths}


def _prepare(folder: Path, path: Path) -> StaticFile:
    content = path.read_bytes()
    if path.parent == folder / "js":
        content = _without_comments(content)
    digest = hashlib.sha256(content).hexdigest()[:8]
    name = path.relative_to(folder).with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()
    packed = {"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0), "identity": content}
    kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
    return StaticFile(name, kind, packed)


def _without_comments(script: bytes) -> bytes:
    """Remove comment lines and indentation from our own scripts: an eighth of the transferred size."""
    lines = (line.strip() for line in script.split(b"\n"))
    return b"\n".join(line for line in lines if line and not _COMMENT.fullmatch(line))


def _answer(file: StaticFile, cache: str) -> Response:
    accepted = request.accept_encodings
    encoding = next((name for name in ("br", "gzip") if accepted[name] > 0), "identity")
    response = make_response(file.encodings[encoding])
    response.content_type = f"{file.kind}; charset=utf-8" if file.kind.startswith("text/") else file.kind
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = _POLICY
    vary_on(response, "Accept-Encoding")
    return response
