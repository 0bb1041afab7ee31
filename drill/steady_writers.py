"""Writers at a steady pace, as visitors and imports are, who measure how long each write had to wait."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from drill.synthetic_rows import Connection, RowMaker
from wss.engines import LOCK_WAIT_MS, STATEMENT_LIMIT_MS

# Above every row that is there from the start.
_FIRST = 1_000_000_000
# The code before a migration does not name a column that the migration requires: its next version does.
_OTHER_COLUMNS = (psycopg.errors.NotNullViolation, psycopg.errors.UndefinedColumn)


@dataclass
class Writes:
    """What the writers saw: when each write was due and how long after that it was committed, and errors."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    other_columns: int = 0

    def longest(self, since: float, until: float) -> float:
        """Return the longest wait of a write that was under way in a period."""
        return max((wait for due, wait in self.waits if due < until and due + wait > since), default=0.0)


class SteadyWriter(threading.Thread):
    """Inserts a row into one table at a steady pace, each in a transaction of its own."""

    def __init__(self, url: str, maker: RowMaker, table: str, pause_s: float, writes: Writes) -> None:
        super().__init__(daemon=True)
        self.url, self.maker, self.table, self.pause_s, self.writes = url, maker, table, pause_s, writes
        self.stopped = threading.Event()

    def run(self) -> None:
        """Write until stopped. A write that is due while another waits counts its wait from when it was due."""
        options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_LIMIT_MS}"
        with psycopg.connect(
            self.url, autocommit=True, options=options, prepare_threshold=None
        ) as connection:
            statement, number, due = self.maker.insert(connection, self.table), _FIRST, time.monotonic()
            while not self.stopped.wait(max(0.0, due - time.monotonic())):
                number += 1
                statement = self._write(connection, statement, number)
                self.writes.waits.append((due, time.monotonic() - due))
                due += self.pause_s

    def _write(self, connection: Connection, statement: str, number: int) -> str:
        """Write a row and return the statement for the next one."""
        row = {"first": number, "last": number}
        try:
            connection.execute(statement, row)
        except _OTHER_COLUMNS:
            self.writes.other_columns += 1
            statement = self.maker.insert(connection, self.table)
            connection.execute(statement, row)
        except psycopg.Error as error:
            self.writes.errors.append(f"{self.table}: {type(error).__name__}: {error}")
        return statement


@contextmanager
def writing(url: str, maker: RowMaker, tables: Sequence[str], a_second: int) -> Iterator[Writes]:
    """Write so many rows a second in all until the end."""
    writes = Writes()
    threads = [SteadyWriter(url, maker, table, len(tables) / a_second, writes) for table in tables]
    for thread in threads:
        thread.start()
    try:
        yield writes
    finally:
        for thread in threads:
            thread.stopped.set()
        for thread in threads:
            thread.join()
