"""The mark of a folder of documents: a file with the id of the installation to which the documents belong."""

import os
import secrets
from pathlib import Path

from wss.gateways.documents import DocumentMissing, DocumentStore, FolderStore

FILE = ".wss-installation"
_LONGEST = 200


def folder_of(store: DocumentStore) -> Path | None:
    """Return the folder of a store; None for a store of another kind, which has no mark."""
    return store.root if isinstance(store, FolderStore) else None


def read_mark(folder: Path) -> str | None:
    """Return the id in the folder's mark; None without one. Raises OSError if it cannot be read."""
    try:
        with (folder / FILE).open(encoding="ascii", errors="replace") as file:
            return file.read(_LONGEST).strip()
    except FileNotFoundError:
        return None


def write_mark(folder: Path, installation: str) -> None:
    """Write the mark, and create the folder if it does not exist. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f"{FILE}.{secrets.token_hex(8)}"
    try:
        with half.open("x", encoding="ascii") as file:
            os.chmod(file.fileno(), 0o600)
            file.write(f"{installation}\n")
        half.replace(folder / FILE)
    finally:
        half.unlink(missing_ok=True)


def require_mark(store: DocumentStore) -> None:
    """Let a store that has its mark refuse to work while the mark is away."""
    if isinstance(store, FolderStore):
        store.proof = store.root / FILE


def has_any(store: DocumentStore, keys: list[str]) -> bool:
    """Return whether the store has one of these documents."""
    for key in keys:
        try:
            store.get(key)
        except DocumentMissing:
            continue
        return True
    return False
