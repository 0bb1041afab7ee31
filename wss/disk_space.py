"""Free space of the disks to which the site writes: documents, and the embedded database."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wss.config import Config


def free_bytes(config: Config) -> int | None:
    """Return the least free space of these disks; None if this machine stores neither documents nor database."""
    return min((shutil.disk_usage(_existing(folder)).free for folder in _folders(config)), default=None)


def _folders(config: Config) -> Iterator[Path]:
    documents, database = urlsplit(config.documents), urlsplit(config.database)
    if documents.scheme == "file":
        yield Path(unquote(documents.path))
    if database.scheme == "sqlite":
        yield Path(unquote(database.path).removeprefix("/")).parent


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest existing one above: the first document creates it."""
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
