"""The archive of PostgreSQL's write-ahead log, from which a database is restored to any moment."""

from sqlalchemy import text

from wss.db import database, session

_FAILING = text(
    "SELECT last_failed_wal FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off' "
    "AND last_failed_time > COALESCE(last_archived_time, '-infinity')"
)


def segment_not_archived() -> str | None:
    """Return the segment that could not be archived at the last try; None if archiving works or is not used."""
    return None if database().is_sqlite else session().execute(_FAILING).scalar()
