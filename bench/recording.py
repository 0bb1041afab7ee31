"""Records the calls of the driver that the site makes while it answers requests, for `bench/baselines/replay.py`."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.baselines.replay import COMMIT, EXECUTE, EXECUTE_MANY, ROLLBACK, Step
from bench.load import Ask
from wss import create_app
from wss.config import Config
from wss.db import Database
from wss.prepared_statements import SEVERAL


def record(environ: Mapping[str, str], asks: Mapping[str, Ask], path: Path) -> int:
    """Answer these requests in this process and write the steps of each under its name; return those of the last."""
    app = create_app(Config.from_env({**environ, "WSS_PUBLIC_URL": "http://localhost"}))
    parts = app.extensions["wss"]
    traces = {}
    with _recorded(parts.database) as steps:
        for name, ask in asks.items():
            steps.clear()
            client = app.test_client(use_cookies=False)
            answer = client.post(ask.path, data=ask.form, headers=ask.headers, base_url="http://localhost")
            if answer.status_code != ask.expected:
                raise RuntimeError(f"{ask.path} answers {answer.status_code} while it is recorded")
            traces[name] = list(steps)
    parts.database.dispose()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(traces))
    return sum(step.how in (EXECUTE, EXECUTE_MANY) for step in steps)


@contextmanager
def _recorded(database: Database) -> Iterator[list[Step]]:
    steps: list[Step] = []

    def executed(
        _connection: Any, _cursor: Any, statement: str, values: Any, context: Any, is_many: bool
    ) -> None:
        several = context.execution_options.get(SEVERAL)
        if several is None:
            steps.append(Step(EXECUTE_MANY if is_many else EXECUTE, statement, values))
        else:
            steps.extend(Step(EXECUTE, call.sql, call.values) for call in several[0])

    def begun(connection: Any) -> None:
        # On SQLite the site begins to read without SQLAlchemy, and to write by a statement of its own; PostgreSQL reads
        # without a transaction, and psycopg begins to write.
        if database.is_sqlite != ("wss_begin" in connection.get_execution_options()):
            steps.append(Step(EXECUTE, "BEGIN"))

    listeners: Sequence[tuple[str, Any]] = (
        ("before_cursor_execute", executed),
        ("begin", begun),
        ("commit", lambda _connection: steps.append(Step(COMMIT))),
        ("rollback", lambda _connection: steps.append(Step(ROLLBACK))),
    )
    for name, listener in listeners:
        event.listen(database.engine, name, listener)
    try:
        yield steps
    finally:
        for name, listener in listeners:
            event.remove(database.engine, name, listener)
