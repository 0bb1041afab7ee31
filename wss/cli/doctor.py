"""`flask doctor`: looks for problems of the installation that must be fixed before the site is opened."""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from wss import schema
from wss.cli.worker_check import worker_findings
from wss.file_permissions import readable_by_others


@dataclass(frozen=True)
class CheckResult:
    """A finding of a check: `error` must be fixed, `warning` is probably a mistake."""

    check: str
    weight: str
    text: str


def _settings(parts: Any) -> Iterator[tuple[str, str]]:
    yield from (("error", refusal) for refusal in parts.config.refusals())
    yield from (("warning", warning) for warning in parts.config.warnings())


def _files(parts: Any) -> Iterator[tuple[str, str]]:
    for path in readable_by_others(parts.config):
        yield "error", f"{path} is open to other users of this machine: chmod go-rwx"


def _database(parts: Any) -> Iterator[tuple[str, str]]:
    try:
        if not schema.is_current(parts.database):
            yield "error", "the database is not migrated: run `flask --app app db upgrade`"
    except SQLAlchemyError as error:
        yield "error", f"the database does not answer: {type(getattr(error, 'orig', None) or error).__name__}"
    if parts.database.is_sqlite and not parts.config.is_development:
        yield "warning", "WSS_DATABASE_URL is not set: the embedded database serves one machine only"


def _documents(parts: Any) -> Iterator[tuple[str, str]]:
    address = urlsplit(parts.config.documents)
    if address.scheme != "file":
        return
    folder = Path(unquote(address.path))
    # The folder is created with the first document: until then its parent must be writable.
    there = folder if folder.exists() else folder.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        yield "error", f"documents cannot be written in {folder}: {error.strerror}"


# Each check yields its findings, and nothing when all is well.
CHECKS: dict[str, Callable[[Any], Iterator[tuple[str, str]]]] = {
    "settings": _settings,
    "files": _files,
    "database": _database,
    "documents": _documents,
    "worker": worker_findings,
}


def findings(parts: Any) -> list[CheckResult]:
    """Return the findings of all checks."""
    return [CheckResult(name, *found) for name, check in CHECKS.items() for found in check(parts)]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def doctor_command(as_json: bool) -> None:
    """Check settings, file permissions, database, store and worker; exit with 1 when something must be fixed."""
    found = findings(current_app.extensions["wss"])
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
    else:
        for each in found:
            click.echo(f"{each.weight}: {each.check}: {each.text}")
        click.echo(f"{len(CHECKS)} checks, {len(found)} findings.")
    if any(each.weight == "error" for each in found):
        raise SystemExit(1)
