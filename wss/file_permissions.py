"""File permissions: the embedded database, documents and the secret are readable by the site's own user only."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wss.config import Config

_FOR_OTHERS = 0o077


def own_paths(config: Config) -> Iterator[Path]:
    """Yield the existing folders and files of personal data; the folders of documents are closed themselves."""
    documents = urlsplit(config.documents)
    folders = [config.instance]
    if documents.scheme == "file":
        folders.append(Path(unquote(documents.path)))
    yield from (folder for folder in folders if folder.is_dir())
    database = urlsplit(config.database)
    file = Path(unquote(database.path).removeprefix("/")) if database.scheme == "sqlite" else None
    for ending in ("", "-wal", "-shm") if file else ():
        path = Path(f"{file}{ending}")
        if path.is_file():
            yield path
    secret = config.instance / "secret"
    if secret.is_file():
        yield secret


def readable_by_others(config: Config) -> list[Path]:
    """Return those of them that other users of the machine may read or enter."""
    return [path for path in own_paths(config) if path.stat().st_mode & _FOR_OTHERS]


def remove_rights_of_others(config: Config) -> list[Path]:
    """Remove the permissions of other users; return the paths of other owners, which stay open."""
    still_open = []
    for path in readable_by_others(config):
        try:
            path.chmod(path.stat().st_mode & ~_FOR_OTHERS & 0o777)
        except PermissionError:
            still_open.append(path)
    return still_open
