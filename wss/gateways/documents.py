"""The store of documents of service requests: a folder on this machine, with random names."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from wss.domain.errors import StoreAway

SETTING = "WSS_DOCUMENTS_URL"

# The first two letters of the name are its folder, so that no folder grows too long to list.
KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}\.(?:jpg|png|pdf)")
# The end of the name of a file that is not complete.
_HALF = ".half"
_ENDING = re.compile(r"jpg|png|pdf")


class DocumentMissing(Exception):
    """There is no document with this key."""


class DocumentStore(Protocol):
    """A store that keeps documents by keys that it generates. Each method raises StoreAway while it cannot be used."""

    def put(self, content: bytes, extension: str) -> str:
        """Store a document and return its key."""
        ...

    def get(self, key: str) -> bytes:
        """Return the document with a key; raise DocumentMissing if there is none."""
        ...

    def delete(self, key: str) -> None:
        """Delete a document; a missing one is no error."""
        ...

    def restore(self, key: str, content: bytes) -> None:
        """Store a document of a backup under its former key; raise ValueError if there is another one."""
        ...

    def delete_incomplete(self) -> None:
        """Delete what interrupted runs have left; only while no process stores documents."""
        ...

    def check(self) -> None:
        """Raise StoreAway if the store cannot be used: rows of documents must not go before their files can."""
        ...


class FolderStore:
    """A store of documents in a folder, each in a file with a random name."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        # A file that is there while the folder is the right one. Below a disk that is not mounted is an empty folder:
        # what is stored there disappears with the next mount.
        self.proof: Path | None = None

    def put(self, content: bytes, extension: str) -> str:
        """Store a document and return its key; the file on the disk survives a power failure."""
        if not _ENDING.fullmatch(extension):
            raise ValueError("not an ending of a document that is kept")
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name}.{extension}"
        self._write(self._path(key), content)
        return key

    def get(self, key: str) -> bytes:
        """Return the document with a key; raise DocumentMissing if there is none."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError) as error:
            self.check()
            raise DocumentMissing(key) from error
        except OSError as error:
            raise StoreAway(error.errno, error.strerror) from error

    def delete(self, key: str) -> None:
        """Delete a document; a missing one is no error."""
        self.check()
        with contextlib.suppress(DocumentMissing):
            self._path(key).unlink(missing_ok=True)

    def restore(self, key: str, content: bytes) -> None:
        """Store a document of a backup under its former key; raise ValueError if there is another one."""
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is not the key of a document")
        with contextlib.suppress(DocumentMissing):
            # Restored by a run that was interrupted.
            if self.get(key) == content:
                return
            raise ValueError(f"the store has another document {key}")
        self._write(self._path(key), content)

    def delete_incomplete(self) -> None:
        """Delete what interrupted runs have left; only while no process stores documents."""
        for half in self.root.glob(f"[0-9a-f][0-9a-f]/*{_HALF}"):
            half.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        """Return the file of a key, which is always in the folder: other keys and links out of it are refused."""
        path = self.root / key if KEY.fullmatch(key) else None
        if path is None or path.resolve() != path:
            raise DocumentMissing(key)
        return path

    def check(self) -> None:
        """Raise StoreAway while the folder is not the right one."""
        if self.proof is not None and not self.proof.exists():
            raise StoreAway

    def _write(self, path: Path, content: bytes) -> None:
        """Write to a temporary file and rename it in one step, so that no reader gets an incomplete document."""
        self.check()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name of its own: a process that was killed leaves its file, and the next one stores the same key.
        half = path.with_suffix(f".{secrets.token_hex(4)}{_HALF}")
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
    """Flush the folder, so that the new name survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_from_url(url: str) -> DocumentStore:
    """Return the store that the setting names: file:///folder."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return FolderStore(Path(unquote(parts.path)))
    # The address may contain a password, so only its scheme is named.
    raise ValueError(f"{SETTING} must be file:///folder; {parts.scheme or 'no scheme'}:// is not supported")
