"""Checks of `flask doctor` that look at the database and at the folder of documents."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from wss import clock, schema
from wss.cli.database import INCOMPLETE_INDEX
from wss.db import reading
from wss.gateways.document_mark import folder_of, read_mark
from wss.queries import database_server, reference_gaps
from wss.queries.archiving import segment_not_archived
from wss.queries.installation import has_demo_data
from wss.start_checks import secret_refusal, store_refusals, texts_without_id

Results = Iterator[tuple[str, str]]

# Of PostgreSQL 13 and SQLite 3.35: RETURNING, partial indexes and generated keys as the queries use them.
_POSTGRESQL_AT_LEAST, _SQLITE_AT_LEAST = 130000, (3, 35)
# OTPs, links and authenticator codes last minutes and seconds; all processes compare their own time with stored ones.
_CLOCK_WARNING_S, _CLOCK_ERROR_S = 1.0, 5.0
_FOR_ALL = 0o007
_EXTRACTS = ("connections", "bills")
_EXTRACT_AGE = timedelta(days=7)
_HOLIDAYS_AHEAD = timedelta(days=60)
_ADMINISTRATORS = 2


def check_server(parts: Any) -> Results:
    """Look at the version of the database and whether it can be written."""
    if parts.database.is_sqlite:
        with reading():
            version = database_server.sqlite_version()
        is_new = tuple(int(part) for part in version.split(".")[:2]) >= _SQLITE_AT_LEAST
        yield ("ok" if is_new else "error"), f"SQLite {version}" + ("" if is_new else ": 3.35 is needed")
        return
    with reading():
        facts = database_server.server_facts()
    if facts.version < _POSTGRESQL_AT_LEAST:
        yield "error", f"PostgreSQL {facts.version // 10_000}: 13 or newer is needed"
    if facts.is_read_only:
        yield (
            "error",
            "it can only be read: a standby, or default_transaction_read_only; check WSS_DATABASE_URL",
        )
    if facts.encoding != "UTF8":
        yield "error", f"its encoding is {facts.encoding}: create the database with ENCODING 'UTF8'"
    yield "ok", f"PostgreSQL {facts.version // 10_000}.{facts.version % 10_000}"


def check_migrations(parts: Any) -> Results:
    """Look whether the tables are those of this version."""
    refusal = schema.refusal(parts.database)
    yield ("error", refusal) if refusal else ("ok", f"revision {schema.current_revision(parts.database)}")
    for index in schema.broken_indexes(parts.database):
        yield "warning", INCOMPLETE_INDEX.format(index)


def check_archive(_parts: Any) -> Results:
    """Look whether PostgreSQL archives its write-ahead log, where it is set up to."""
    with reading():
        segment = segment_not_archived()
    if segment:
        yield (
            "error",
            f"the write-ahead log is not archived since segment {segment}: restores end there, and the disk "
            "fills up; the log of PostgreSQL says why",
        )


def check_rights(parts: Any) -> Results:
    """Look whether the role may do what the site does, and not more."""
    if parts.database.is_sqlite:
        return
    with reading():
        facts = database_server.server_facts()
    if facts.denied:
        listed = ", ".join(facts.denied[:5]) + (" …" if len(facts.denied) > 5 else "")
        yield (
            "error",
            f"role {facts.role} may not read and change {listed}: GRANT SELECT, INSERT, UPDATE, DELETE on all tables "
            "and USAGE on all sequences to it",
        )
    surplus = (
        "is a superuser" if facts.is_superuser else f"owns tables ({facts.owned})" if facts.owned else ""
    )
    if surplus:
        yield (
            "warning",
            f"role {facts.role} {surplus} and could switch off the triggers of the audit trail: migrate with that "
            "role, and give web and worker one with SELECT, INSERT, UPDATE and DELETE only (docs/server.md)",
        )
    if not facts.denied and not surplus:
        yield "ok", f"role {facts.role} has the rights that are needed, and no others"


def check_secret(parts: Any) -> Results:
    """Look whether the database was written with this secret, and who can read the files with secrets."""
    refusal = secret_refusal(stores=False)
    if refusal:
        yield "error", refusal
    for path in parts.config.secret_files:
        if path.stat().st_mode & _FOR_ALL:
            yield "warning", f"{path} has a secret and is open to every user of this machine: chmod o-rwx"


def check_clock(_parts: Any) -> Results:
    """Compare the clock of this machine with that of the database server."""
    with reading():
        database_server.server_time()
        before = clock.now()
        there = database_server.server_time()
        after = clock.now()
    if there is None:
        return
    apart_s = abs((there - (before + (after - before) / 2)).total_seconds())
    weight = "error" if apart_s > _CLOCK_ERROR_S else "warning" if apart_s > _CLOCK_WARNING_S else "ok"
    more = "" if weight == "ok" else ": set both by NTP"
    yield weight, f"{apart_s:.1f} s from that of the database server{more}"


def check_demo_data(parts: Any) -> Results:
    """Look for demo data, whose passwords are public."""
    with reading():
        if has_demo_data() and not parts.config.is_development:
            yield "error", "the database has demo data: use a new database in production"


def check_documents(parts: Any) -> Results:
    """Look whether documents can be written, and whose documents the folder has.

    Nothing is left there: another user than that of the site may run this.
    """
    folder = folder_of(parts.gateways.documents)
    faults = list(store_refusals(parts, marks=False))
    yield from (("error", fault) for fault in faults)
    if faults or folder is None:
        return
    # The folder is created when the site first starts: until then its parent must be writable.
    there = folder if folder.exists() else folder.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        yield "error", f"documents cannot be written in {folder}: {error.strerror}"
        return
    is_marked = read_mark(folder) is not None
    yield (
        "ok",
        f"{folder} " + ("is that of this installation" if is_marked else "will be marked at the next start"),
    )


def check_reference_data(_parts: Any) -> Results:
    """Look for tables that have to be filled, and for what will be missing soon."""
    today = clock.local_date(clock.now())
    with reading():
        empty = reference_gaps.empty_tables()
        has_tariff, last_holiday = reference_gaps.has_tariff(today), reference_gaps.last_holiday()
        administrators = reference_gaps.administrators_by_discom(today)
    for table in empty:
        yield "error", f"no {table}: `flask --app app import {table} FILE`"
    if not has_tariff:
        yield "error", "no tariff is in force: `flask --app app import tariff FILE`"
    if last_holiday is None or last_holiday < today + _HOLIDAYS_AHEAD:
        until = f"{last_holiday:%d-%m-%Y}" if last_holiday else "no day"
        yield (
            "warning",
            f"holidays are known until {until}, which deadlines need: `flask --app app import holidays FILE`",
        )
    for discom, count in administrators.items():
        if count < _ADMINISTRATORS:
            yield (
                "warning",
                f"{discom} has {count} enrolled administrators, and changes that give rights need two: "
                "`flask --app app staff enrol EMPLOYEE_ID`",
            )


def check_sms_texts(parts: Any) -> Results:
    """Count the SMS texts without the id under which they are registered."""
    missing, total = texts_without_id(parts)
    if missing and parts.config.sms_gateways:
        yield (
            "error" if missing == total else "warning",
            f"{missing} of {total} have no registered id (TRAI DLT), and operators may drop them: "
            "fill them into what `flask --app app texts --for-import` prints, and `flask --app app import texts FILE`",
        )


def check_extracts(_parts: Any) -> Results:
    """Look how old the newest extracts of connections and bills are."""
    at = clock.now()
    with reading():
        last = reference_gaps.last_imports(_EXTRACTS)
    for extract in _EXTRACTS:
        moment = last.get(extract)
        if moment is None:
            yield "warning", f"{extract} were never imported: `flask --app app import {extract} FILE`"
            continue
        is_old = at - moment > _EXTRACT_AGE
        yield (
            "warning" if is_old else "ok",
            f"{extract} were last changed by an import on {clock.to_local(moment):%d-%m-%Y %H:%M}"
            + (": does the nightly import run?" if is_old else ""),
        )
