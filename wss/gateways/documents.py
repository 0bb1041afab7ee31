"""Where documents of service requests are kept: a folder on this machine, under names that say nothing."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SETTING = "WSS_DOCUMENTS_URL"

# Two letters of the name are its folder, so that no folder grows too long to list.
_KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}\.(?:jpg|png|pdf)")
_ENDING = re.compile(r"jpg|png|pdf")


class DocumentMissing(Exception):
    """There is no document under this key."""


class DocumentStore(Protocol):
    """A place that keeps documents by keys of its own making."""

    def put(self, content: bytes, extension: str) -> str:
        """Keep a document and answer its key."""
        ...

    def get(self, key: str) -> bytes:
        """The document under a key, or DocumentMissing."""
        ...

    def delete(self, key: str) -> None:
        """Keep a document no longer; one that is gone already is no error."""
        ...


class FolderStore:
    """Documents in a folder, each in a file with a random name."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def put(self, content: bytes, extension: str) -> str:
        """Keep a document: after this it is on the disk, whole, even if the power fails the next moment."""
        if not _ENDING.fullmatch(extension):
            raise ValueError("not an ending of a document that is kept")
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name}.{extension}"
        self._write(self._path(key), content)
        return key

    def get(self, key: str) -> bytes:
        """The document under a key, or DocumentMissing."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError) as missing:
            raise DocumentMissing(key) from missing

    def delete(self, key: str) -> None:
        """Keep a document no longer; one that is gone already is no error."""
        with contextlib.suppress(DocumentMissing):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        """The file of a key, which always lies in the folder: other keys and links out of it are refused."""
        path = self.root / key if _KEY.fullmatch(key) else None
        if path is None or path.resolve() != path:
            raise DocumentMissing(key)
        return path

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside the place and move in one step, so that nobody ever reads half a document."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        try:
            with half.open("xb") as file:
                os.chmod(file.fileno(), 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_from_url(url: str) -> DocumentStore:
    """The store that the setting names: file:///folder."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return FolderStore(Path(unquote(parts.path)))
    # The address may hold a password, so only its beginning is named.
    raise ValueError(f"{SETTING} must be file:///folder; {parts.scheme or 'no scheme'}:// is not supported")
