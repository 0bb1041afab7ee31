"""Changes of large tables that do not block the site: on PostgreSQL each can be repeated after it was interrupted.

What is done before the end of a block cannot be rolled back. So a migration creates its tables after the last of
these calls, or with `if_not_exists`. On SQLite everything is in the one transaction of the migration.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

FILL_ROWS = 2_000
# A batch waits this long for a row that a visitor's transaction has locked; the upgrade then tries again.
_ROW_WAIT_MS = 5_000


def is_sqlite() -> bool:
    """Return whether the migration runs on SQLite."""
    return op.get_bind().dialect.name == "sqlite"


@contextmanager
def autocommit(lock_wait_ms: int = 0) -> Iterator[None]:
    """Commit, then run each statement in a transaction of its own, without a limit on its duration.

    Only for statements that neither block reads and writes nor make others queue behind them while they wait.
    """
    if is_sqlite():
        yield
        return
    before = {name: _scalar(f"SHOW {name}") for name in ("lock_timeout", "statement_timeout")}
    with op.get_context().autocommit_block():
        _set(lock_timeout=str(lock_wait_ms), statement_timeout="0")
        try:
            yield
        finally:
            _set(**before)


def add_columns(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns that are nullable or have a constant default: neither rewrites the table."""
    for column in columns:
        op.add_column(table, column, if_not_exists=None if is_sqlite() else True)


def add_link(table: str, name: str, kind: Any, to: str, key: str, *checks: tuple[str, str]) -> None:
    """Add a nullable column that refers to a row of another table, with check constraints (name, condition)."""
    constraint = f"fk_{table}_{name}_{to}"
    if is_sqlite():
        # SQLite accepts the constraint only with the column, or rebuilds the table.
        rules = "".join(f" CONSTRAINT {check} CHECK ({condition})" for check, condition in checks)
        typed = sa.Column(name, kind).type.compile(dialect=op.get_bind().dialect)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} {typed}"
            f" CONSTRAINT {constraint} REFERENCES {to} ({key}){rules}"
        )
        return
    add_columns(table, sa.Column(name, kind))
    add_constraint(table, constraint, f"FOREIGN KEY ({name}) REFERENCES {to} ({key})")
    for check, condition in checks:
        add_constraint(table, check, f"CHECK ({condition})")


def add_constraint(table: str, name: str, definition: str) -> None:
    """Add a CHECK or FOREIGN KEY for new rows, then validate it for the others (PostgreSQL only)."""
    find = "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass(:table) AND conname = :name"
    is_valid = _scalar(find, table=f'"{table}"', name=name)
    if is_valid is None:
        op.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {_literal(definition)} NOT VALID"))
    if not is_valid:
        with autocommit():
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def add_unique_constraint(table: str, name: str, columns: Sequence[str]) -> None:
    """Add a unique constraint from an index that is built first (PostgreSQL only)."""
    find = "SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(:table) AND conname = :name"
    if _scalar(find, table=f'"{table}"', name=name) is None:
        create_index(name, table, columns, unique=True)
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")


def create_index(
    name: str, table: str, columns: Sequence[str], where: Any = None, *, unique: bool = False
) -> None:
    """Create an index while the table is read and written."""
    condition = {} if where is None else {"sqlite_where": where, "postgresql_where": where}
    if is_sqlite():
        op.create_index(name, table, list(columns), unique=unique, **condition)
        return
    with autocommit():
        find = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
        is_valid = _scalar(find, name=f'"{name}"')
        if is_valid:
            return
        if is_valid is False:
            _drop(name)
        try:
            op.create_index(
                name, table, list(columns), unique=unique, postgresql_concurrently=True, **condition
            )
        except sa.exc.IntegrityError:
            # The index that remains would go on refusing duplicates.
            _drop(name)
            raise


def replace_index(
    name: str, table: str, columns: Sequence[str], where: Any = None, *, unique: bool = False
) -> None:
    """Create an index under the name of an existing one, which serves until the new one is complete."""
    if is_sqlite():
        op.drop_index(name, table_name=table)
        create_index(name, table, columns, where, unique=unique)
        return
    create_index(f"{name}_new", table, columns, where, unique=unique)
    op.drop_index(name, table_name=table, if_exists=True)
    op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")


def fill(table: str, key: str, update: str) -> None:
    """Run an UPDATE or DELETE that ends with its WHERE clause in batches of rows, in the order of an indexed column.

    A repeated run goes through all rows, so the statement should name those that are still to be changed.
    """
    if is_sqlite():
        op.execute(sa.text(update))
        return
    with autocommit(_ROW_WAIT_MS):
        after: dict[str, Any] = {}
        while True:
            above = f"{table}.{key} > :after" if after else "TRUE"
            batch = f"SELECT {key} AS key FROM {table} WHERE {above} ORDER BY {key} LIMIT {FILL_ROWS}"  # noqa: S608
            last = _scalar(f"SELECT max(key) FROM ({batch}) AS batch", **after)  # noqa: S608
            if last is None:
                return
            within = sa.text(f"{update} AND {above} AND {table}.{key} <= :last")
            op.get_bind().execute(within, {**after, "last": last})
            after = {"after": last}


def _drop(name: str) -> None:
    op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


def _set(**settings: str) -> None:
    for name, value in settings.items():
        op.execute(f"SET {name} = '{value}'")


def _scalar(query: str, **values: Any) -> Any:
    return op.get_bind().execute(sa.text(query), values).scalar()


def _literal(definition: str) -> str:
    """Escape what SQLAlchemy would take for a parameter."""
    return definition.replace(":", "\\:")
