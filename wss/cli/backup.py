"""`flask backup` and `restore`: database and documents in one file. `documents check` looks for lost files."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from wss import schema
from wss.cli.printing import printable, say
from wss.db import database
from wss.domain.audit_chain import ChainFault, ChainHead
from wss.domain.backups import BackupManifest
from wss.gateways.backup_files import BackupDamaged, BackupTooLarge
from wss.services.mis import sums
from wss.services.operations import audit_chain, restore
from wss.services.operations.backup import BackupOrder, document_keys, make_backup, missing_documents
from wss.services.operations.restore import RestoreRefused
from wss.start_checks import secret_refusal
from wss.version import VERSION

STDOUT = "-"
LISTED = 20


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--accept-missing", is_flag=True, help="Exit with 0 although the store has lost documents.")
@with_appcontext
def backup_command(file: Path, *, accept_missing: bool) -> None:
    """Write database and documents of the running site to FILE, which must not exist; `-` is the standard output.

    FILE has personal data and not the secret: keep WSS_SECRET_KEY too, in another place.
    """
    parts = current_app.extensions["wss"]
    revision = schema.current_revision(parts.database)
    if revision is None:
        raise click.ClickException("The database has no tables: there is nothing to back up.")
    with _sentences():
        # It would be sealed with a secret that the site does not have, and refused by the site that restores it.
        refusal = secret_refusal(stores=False)
    if refusal:
        raise click.ClickException(refusal)
    with _sentences(), _target(file) as stream:
        order = BackupOrder(stream, parts.gateways.documents, VERSION, revision, _progress)
        manifest = make_backup(order)
    click.echo(_summary(manifest), err=True)
    if manifest.missing:
        _list_missing(manifest.missing)
        if not accept_missing:
            raise SystemExit(1)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only read FILE and check it; nothing is written.")
@click.option(
    "--waiting-messages",
    type=click.Choice(["send", "hold"]),
    help="Send the messages that waited at the time of the backup (those that were sent since are sent twice, unless "
    "the gateway knows their ids), or hold them as dead letters, which staff can resend at /messages.",
)
@click.option(
    "--other-secret", is_flag=True, help="Restore although the secret differs from that of the backup."
)
@with_appcontext
def restore_command(
    file: Path, *, only_check: bool, waiting_messages: str | None, other_secret: bool
) -> None:
    """Restore FILE into a database without rows, and verify the result. Stop the site and the worker before."""
    with _sentences():
        manifest = restore.check_backup(file)
        _check_seal(manifest, other_secret=other_secret)
        say(_summary(manifest))
        if only_check:
            click.echo("The backup is complete and unchanged.")
            return
        is_held = _is_held(manifest, waiting_messages)
        _prepare_tables(manifest)
        foreign = restore.foreign_tables(manifest)
        if foreign:
            say(f"Not restored, as they are no tables of the site: {', '.join(foreign)}", err=True)
        documents = restore.restore_documents(
            file, current_app.extensions["wss"].gateways.documents, manifest
        )
        held = restore.load_backup(file, manifest, hold_messages=is_held, report=_progress)
        schema.upgrade(database())
        restore.record_restore(manifest, held)
    click.echo(
        f"Restored: {manifest.rows:,} rows, {documents:,} documents; {held:,} waiting messages are held."
    )
    _verify(manifest)


@click.group("documents")
def documents_commands() -> None:
    """Store of documents."""


@documents_commands.command("check")
@with_appcontext
def check_documents() -> None:
    """Look for documents that the database names and the store does not have; exit with 1 if there are any."""
    _check_documents(frozenset())


@documents_commands.command("list")
@with_appcontext
def list_documents() -> None:
    """Print the name of every document that the database names, for a program that copies files."""
    for key in document_keys():
        say(key)


@contextmanager
def _target(file: Path) -> Iterator[BinaryIO]:
    """Open the file for writing under another name; it gets its own name once it is complete."""
    if str(file) == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if file.exists():
        raise click.ClickException(f"{file} exists already: choose another name.")
    half = file.with_name(f"{file.name}.{token_hex(4)}.part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _sentences() -> Iterator[None]:
    """Say what failed in a sentence. Only the first line of a database's error: the others can have values of rows."""
    dialect: Any = database().engine.dialect
    try:
        yield
    except BackupDamaged as error:
        raise click.ClickException(printable(f"The backup is damaged: {error}.")) from error
    except (RestoreRefused, BackupTooLarge, OSError) as error:
        raise click.ClickException(printable(f"{error}.")) from error
    except (SQLAlchemyError, dialect.dbapi.Error) as error:
        cause = getattr(error, "orig", None) or error
        first = (str(cause).splitlines() or [""])[0]
        words = printable(f"The database refused: {first} ({type(cause).__name__}).")
        raise click.ClickException(words) from error


def _check_seal(manifest: BackupManifest, *, other_secret: bool) -> None:
    if other_secret or restore.is_made_here(manifest):
        return
    raise RestoreRefused(
        "The backup was made with another WSS_SECRET_KEY, or its manifest was changed. Set the secret of that time: "
        "without it no authenticator, no recovery code, no link and no waiting message works. --other-secret restores "
        "the rest"
    )


def _is_held(manifest: BackupManifest, choice: str | None) -> bool:
    many = manifest.waiting_messages
    if many and choice is None:
        question = f"{many:,} messages waited to be sent at the time of the backup"
        if not sys.stdin.isatty():
            raise RestoreRefused(f"{question}: say --waiting-messages send, or hold")
        choice = click.prompt(f"{question}. Send or hold them?", type=click.Choice(["send", "hold"]))
    return choice == "hold"


def _prepare_tables(manifest: BackupManifest) -> None:
    """Give the empty database the tables of the backup's revision."""
    revision, newest = manifest.revision, schema.expected_revision()
    if revision > newest:
        raise RestoreRefused(
            f"The backup has revision {revision}, this version of the site knows {newest}: install version "
            f"{manifest.version} or a later one"
        )
    current_app.extensions["wss"].config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    in_use = restore.tables_in_use(manifest)
    if in_use:
        names = ", ".join(in_use[:5]) + (" …" if len(in_use) > 5 else "")
        raise RestoreRefused(f"The database has rows ({names}): set WSS_DATABASE_URL to an empty database")
    current = schema.current_revision(database())
    if current is not None and current > revision:
        schema.downgrade(database(), revision)
    elif current != revision:
        schema.upgrade(database(), revision)


def _verify(manifest: BackupManifest) -> None:
    """Check audit trail, sums and documents of the restored copy; exit with 1 when one is not right."""
    number, _, chain = manifest.audit_head.partition(":")
    noted = [ChainHead(int(number), chain)] if chain else []
    faults = sum(isinstance(one, ChainFault) for one in audit_chain.verify(noted))
    click.echo(f"Audit trail: {faults} faults." if faults else "The audit trail is intact.")
    wrong = len(sums.check())
    click.echo(f"MIS: {wrong} sums differ." if wrong else "All sums match the recount.")
    _check_documents(frozenset(manifest.missing))
    if faults or wrong:
        raise click.ClickException("The restored copy is not right: see `audit verify` and `mis check`.")


def _check_documents(known: frozenset[str]) -> None:
    """Exit with 1 if documents are missing, other than those that were missing at the time of the backup."""
    missing = list(missing_documents(current_app.extensions["wss"].gateways.documents))
    _list_missing(missing)
    if set(missing) - known:
        raise SystemExit(1)
    if not missing:
        click.echo("All documents are in the store.")


def _list_missing(keys: list[str] | tuple[str, ...]) -> None:
    if keys:
        more = " …" if len(keys) > LISTED else ""
        listed = ", ".join(keys[:LISTED])
        say(
            f"Not in the store, though the database names them: {len(keys):,} documents: {listed}{more}",
            err=True,
        )


def _summary(manifest: BackupManifest) -> str:
    return (
        f"{manifest.database}, revision {manifest.revision}, {manifest.made_at}: {len(manifest.tables)} tables with "
        f"{manifest.rows:,} rows, {manifest.documents:,} documents, {manifest.waiting_messages:,} waiting messages"
    )


def _progress(stage: str) -> None:
    """Show what is being copied, to a person at a terminal."""
    if sys.stderr.isatty():
        say(stage, err=True)
