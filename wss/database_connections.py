"""Connections to PostgreSQL that end when the server is silent, and a pool that refuses instead of waiting for it.

`statement_timeout` and `lock_timeout` are the server's: a server that hangs, or a network that loses packets, keeps
neither. So the client has limits of its own.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import Any, cast

import psycopg
from psycopg.errors import ConnectionTimeout, _WaitTimeout
from sqlalchemy import QueuePool
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# After so long a second connection finds out whether the server still works.
ANSWER_S = 10.0
# So long no connection may have answered before a request is refused for which no connection is free.
SILENT_S = 2.0
CONNECT_S = 3
# How long a thread waits for a connection that another thread of its process uses, and in which steps.
POOL_WAIT_S, POOL_STEP_S = 5.0, 0.25
# Of a host that is gone: 10 s idle and three unanswered probes 5 s apart, or 15 s without an acknowledgement.
NETWORK_LIMITS: dict[str, Any] = {
    "connect_timeout": CONNECT_S,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

# What the server reports to each connection (PostgreSQL 14).
_READ_ONLY = (b"default_transaction_read_only", b"in_hot_standby")
_WAS_USED = "wss_was_used"

_gives_up_at: ContextVar[float | None] = ContextVar("gives_up_at", default=None)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Give up what is asked of the database within after so many seconds in all; for health checks."""
    token = _gives_up_at.set(monotonic() + seconds)
    try:
        yield
    finally:
        _gives_up_at.reset(token)


def _seconds_left() -> float | None:
    """Return how long a health check may still wait; None for everything else."""
    end = _gives_up_at.get()
    return None if end is None else max(end - monotonic(), 0.01)


class ServerSilence:
    """How long the server has left all connections of a process without an answer."""

    def __init__(self) -> None:
        self._waiting = 0
        self._since: float | None = None
        self._lock = Lock()

    def begin(self) -> None:
        """Note that a connection waits for an answer."""
        with self._lock:
            self._waiting += 1
            if self._since is None:
                self._since = monotonic()

    def end(self, *, has_answered: bool) -> None:
        """Note that a connection waits no longer: the server has answered, or the connection is closed."""
        with self._lock:
            self._waiting -= 1
            if has_answered:
                self._since = monotonic() if self._waiting else None

    @property
    def seconds(self) -> float:
        """Return for how long the server has not answered; 0 when no connection waits for it."""
        since = self._since
        return monotonic() - since if since is not None else 0.0


class SilentServer(psycopg.OperationalError):
    """The server did not answer in time; the connection is closed."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that gives up when the server is silent: its thread is needed for other requests."""

    silence = ServerSilence()
    parameters: dict[str, Any]

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer.

        After the limit a second connection finds out whether the server still works: then a long statement continues.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        self.silence.begin()
        has_answered = False
        try:
            answer = self._answer(gen, interval)
            has_answered = True
            return answer
        except psycopg.Error as error:
            has_answered = not isinstance(error, SilentServer)
            raise
        finally:
            self.silence.end(has_answered=has_answered)

    def _answer(self, gen: Any, interval: float) -> Any:
        while True:
            left = _seconds_left()
            try:
                return super().wait(gen, interval, left or ANSWER_S)
            except _WaitTimeout:
                if left or not _answers(self.parameters):
                    # Closing does not wait for the server, and SQLAlchemy discards closed connections.
                    self.close()
                    raise SilentServer("the server does not answer") from None


class LimitedPool(QueuePool):
    """A pool that refuses at once when every connection waits for a silent server."""

    # SQLAlchemy names the logger after the module of the class: its lines would be taken for the site's.
    _sqla_logger_namespace = "sqlalchemy.pool.LimitedPool"

    silence: ServerSilence
    most: int

    def connect(self) -> Any:
        """Return a free connection; raise TimeoutError when none will be free soon."""
        until = monotonic() + min(POOL_WAIT_S, _seconds_left() or POOL_WAIT_S)
        while True:
            if self.silence.seconds > SILENT_S and self.checkedout() >= self.most:
                raise NoFreeConnection("the database is silent, and every connection waits for it")
            try:
                return super().connect()
            except NoFreeConnection:
                # The pool's own wait is short, so that a server that falls silent in it is noticed.
                if monotonic() > until:
                    raise

    def recreate(self) -> LimitedPool:
        """Return a new pool with the same limits."""
        fresh = cast(LimitedPool, super().recreate())
        fresh.silence, fresh.most = self.silence, self.most
        return fresh


def connect(parameters: dict[str, Any], silence: ServerSilence) -> WatchedConnection:
    """Return a new connection; the attempt counts as waiting."""
    if (left := _seconds_left()) is not None:
        # In whole seconds, and psycopg waits for two at least.
        parameters = {**parameters, "connect_timeout": max(1, round(left))}
    silence.begin()
    has_answered = False
    try:
        made = WatchedConnection.connect(**parameters)
        has_answered = True
    except psycopg.Error as error:
        has_answered = not isinstance(error, ConnectionTimeout)
        raise
    finally:
        silence.end(has_answered=has_answered)
    made.silence, made.parameters = silence, parameters
    return made


def refuse_outdated(connection: Any, record: Any, _fairy: object) -> None:
    """Have the pool connect again for an idle connection that the server has ended, as a restart does, or that is
    read-only: another server, or this one, may be writable by now. No statement is sent for it.
    """
    if connection.closed or _has_input(connection):
        raise InvalidatePoolError
    if record.info.get(_WAS_USED) and any(
        connection.pgconn.parameter_status(name) == b"on" for name in _READ_ONLY
    ):
        raise DisconnectionError
    record.info[_WAS_USED] = True


def _has_input(connection: Any) -> bool:
    """Return whether the server has sent something: to an idle connection it says only that it ends it."""
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def discard_unusable(context: Any) -> None:
    """Treat a server that ends connections or has become read-only as gone, so that the pool connects again."""
    state = getattr(context.original_exception, "sqlstate", None) or ""
    if state.startswith(_UNUSABLE):
        context.is_disconnect = True


# Connection exceptions; a server that shuts down, crashes, starts, drops the database; a read-only server.
_UNUSABLE = ("08", "57P", "25006")


def _answers(parameters: dict[str, Any]) -> bool:
    """Return whether the server answers a new connection; a refusal is an answer."""
    try:
        with (
            patience(CONNECT_S),
            WatchedConnection.connect(**{**parameters, "connect_timeout": CONNECT_S}) as second,
        ):
            second.execute("SELECT 1")
    except (ConnectionTimeout, SilentServer):
        return False
    except psycopg.Error:
        return True
    return True
