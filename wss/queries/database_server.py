"""The database server: its version, its clock, and what the role of this program may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from wss.db import Base, database, session

# Only the worker changes it, by adding to the chain; it is never deleted from.
_ONLY_ADDED_TO = "audit_entry"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """The server as this program's role sees it.

    `version` is such as 150004 for 15.4. `owned` is one of the tables that the role owns, `denied` are those whose
    rows it may not read or change.
    """

    version: int
    role: str
    is_superuser: bool
    owned: str
    denied: Sequence[str]
    is_read_only: bool
    encoding: str


_FACTS = text(
    """
    SELECT current_setting('server_version_num')::int, current_user::text,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
           current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery(),
           current_setting('server_encoding')
    """
)
# Tables of the schema in which this connection finds them.
_OWNED = text(
    """
    SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
    WHERE relkind = 'r' AND pg_table_is_visible(pg_class.oid) AND relname = ANY(:names)
    AND pg_has_role(current_user, relowner, 'MEMBER') AND NOT rolsuper ORDER BY relname LIMIT 1
    """
)
_MAY = text(
    """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relname = ANY(:names) AND NOT (
        has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
        AND has_table_privilege(oid, 'UPDATE')
        AND (relname = :only_added_to OR has_table_privilege(oid, 'DELETE'))
    ) ORDER BY relname
    """
)
_SEQUENCES = text(
    """
    SELECT relname FROM pg_class
    WHERE CASE WHEN relkind = 'S' THEN pg_table_is_visible(oid) AND NOT has_sequence_privilege(oid, 'USAGE') END
    ORDER BY relname
    """
)


def server_facts() -> ServerFacts:
    """Return the facts about a PostgreSQL server."""
    names = {"names": list(Base.metadata.tables)}
    version, role, is_superuser, is_read_only, encoding = session().execute(_FACTS).one()
    owned = session().execute(_OWNED, names).scalar() or ""
    denied = [*session().execute(_MAY, names | {"only_added_to": _ONLY_ADDED_TO}).scalars()]
    denied += session().execute(_SEQUENCES).scalars()
    return ServerFacts(version, role, is_superuser, owned, denied, is_read_only, encoding)


def sqlite_version() -> str:
    """Return the version of the embedded database."""
    return session().execute(text("SELECT sqlite_version()")).scalar_one()


def server_time() -> datetime | None:
    """Return the time by the server's clock; None for the embedded database, which has none."""
    if database().is_sqlite:
        return None
    return session().execute(text("SELECT clock_timestamp()")).scalar_one()
