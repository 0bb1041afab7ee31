"""Loading tables by the engine alone: COPY, or executemany of SQLite, of the rows that an import has stored."""

import csv
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.baselines.replay import connected

_PART = 1 << 20


class LoadedTables:
    """Tables written to CSV files, which are loaded into other databases with the same tables, keys and indexes."""

    def __init__(self, url: str, folder: Path, tables: Sequence[str]) -> None:
        """Write the tables of a database to files."""
        self._paths = {table: folder / f"loaded-{table}.csv" for table in tables}
        self._columns: dict[str, str] = {}
        connection = connected(url)
        for table, path in self._paths.items():
            cursor = connection.cursor()
            cursor.execute(f"SELECT * FROM {table}")
            self._columns[table] = ", ".join(column[0] for column in cursor.description)
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(cursor)
        connection.close()

    def seconds(self, url: str) -> float:
        """Load the files into a database, in one transaction; return the seconds it took."""
        connection = connected(url)
        load = self._execute_many if isinstance(connection, sqlite3.Connection) else self._copy
        began = time.perf_counter()
        load(connection)
        took = time.perf_counter() - began
        connection.close()
        return took

    def _copy(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        for table, path in self._paths.items():
            command = f"COPY {table} ({self._columns[table]}) FROM STDIN (FORMAT csv)".encode()
            with path.open("rb") as file, connection.cursor().copy(command) as copy:
                while part := file.read(_PART):
                    copy.write(part)
        connection.commit()

    def _execute_many(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for table, path in self._paths.items():
            marks = ", ".join("?" * len(self._columns[table].split(", ")))
            with path.open(newline="", encoding="utf-8") as file:
                rows = ([value or None for value in row] for row in csv.reader(file))
                insert = f"INSERT INTO {table} ({self._columns[table]}) VALUES ({marks})"
                connection.executemany(insert, rows)
        connection.execute("COMMIT")
