"""`python -m devtools.released_schema`: write the tables of this version to migrations/released.json, for a release.

While a site is upgraded, and after a return to it, the former release's code works on the newer tables. So
tests/project/test_released_schema.py compares them with this file.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from wss import schema
from wss.db import Database
from wss.version import VERSION

PATH = Path(__file__).resolve().parent.parent / "migrations" / "released.json"
Tables = dict[str, dict[str, Any]]


def tables_of(engine: sa.Engine) -> Tables:
    """Return what code relies on in each table: columns (type, whether empty is allowed, default), keys and checks."""
    inspector = sa.inspect(engine)
    names = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {name: _table(inspector, name) for name in names}


def _table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: [str(column["type"]), column["nullable"], column["default"] is not None]
        for column in inspector.get_columns(name)
    }
    unique = [list(each["column_names"]) for each in inspector.get_unique_constraints(name)]
    unique += [
        [str(column) for column in each["column_names"]]
        for each in inspector.get_indexes(name)
        if each["unique"]
    ]
    checks = [each["sqltext"] for each in inspector.get_check_constraints(name)]
    return {"columns": columns, "unique": sorted(unique), "checks": sorted(checks)}


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/wss.db")
        schema.upgrade(database)
        tables = tables_of(database.engine)
        database.dispose()
    # A line for each table, so that a comparison of two releases can be read.
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(table)}" for name, table in tables.items())
    head = f'"version": "{VERSION}", "revision": "{schema.expected_revision()}"'
    PATH.write_text(f'{{{head}, "tables": {{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
