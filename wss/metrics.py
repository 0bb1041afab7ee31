"""Counts of the web processes: requests, refusals by limits, failed logins, database connections.

Every process of a server writes its counts to files of one folder, and each of them answers for all. Commands and the
worker count nothing, so they never load the library: what the worker does is read from the database.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Engine, ExceptionContext, event

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram
    from sqlalchemy.pool import ConnectionPoolEntry

log = logging.getLogger(__name__)
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Any other word could be a method of a request: each would be a series of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_REFUSALS = "Attempts beyond a rate limit, also those whose refusal is not shown."
_FAILURES = "Wrong passwords, codes, and pairs of account and bill number."
_ERRORS = "Statements that the database refused, and connections that could not be made."
_OPEN, _USED = "wss_open", "wss_used"
UNKNOWN_RULE = "unknown"
SERVER_RULE = "server"


class Counters:
    """The metrics of a process. The library decides when it is loaded whether they are shared by files."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics

        # The times at which counts began: one more series for each, and files do not have them.
        disable_created_metrics()
        self.registry = CollectorRegistry()
        self.requests = self._counter(
            "wss_requests",
            "Requests by the route's rule, the method and the status of the answer.",
            "rule",
            "method",
            "status",
        )
        self.seconds = Histogram(
            "wss_request_duration_seconds",
            "The time until the answer to a request was ready.",
            ["rule"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.refusals = self._counter("wss_limit_refusals", _REFUSALS, "limit")
        self.login_failures = self._counter("wss_login_failures", _FAILURES, "kind")
        self.database_errors = self._counter("wss_database_errors", _ERRORS, "kind")
        self.in_progress = self._gauge("wss_requests_in_progress", "Requests that are being answered.")
        self.connections = {
            _OPEN: self._gauge("wss_database_connections", "Open connections to the database."),
            _USED: self._gauge("wss_database_connections_used", "Those that a request is using."),
        }

        # The library looks for a series by its labels under a lock, and makes each a text first.
        self._answered: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}

    def count_request(self, labels: tuple[str, str, str], seconds: float) -> None:
        """Count a request by its rule, method and status."""
        found = self._answered.get(labels)
        if found is None:
            found = self.requests.labels(*labels), self.seconds.labels(labels[0])
            self._answered[labels] = found
        found[0].inc()
        found[1].observe(seconds)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        from prometheus_client import Counter

        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        """Return a gauge that is added up over the processes that run."""
        from prometheus_client import Gauge

        return Gauge(name, about, multiprocess_mode="livesum", registry=self.registry)


_counters: Counters | None = None
_starting = Lock()
_has_warned = False


def start() -> None:
    """Begin to count in this process; the server calls it before it makes its processes."""
    global _counters
    with _starting:
        if _counters is None:
            _counters = Counters()


def count_request(rule: str, method: str, status: str, seconds: float) -> None:
    """Count an answered request by its rule, never by its path: that may have a token."""
    known = method if method in _METHODS else "other"
    _count(lambda counters: counters.count_request((rule, known, status), seconds))


def count_refused_request(status: str) -> None:
    """Count a request that the server answered itself: it never reached the application."""
    _count(lambda counters: counters.requests.labels(SERVER_RULE, "other", status).inc())


def count_progress(change: int) -> None:
    """Count that a request has begun (1) or ended (-1)."""
    _count(lambda counters: counters.in_progress.inc(change))


def count_refusal(limit: str) -> None:
    """Count an attempt beyond a rate limit."""
    _count(lambda counters: counters.refusals.labels(limit).inc())


def count_login_failure(kind: str) -> None:
    """Count a wrong password, code, or pair of numbers."""
    _count(lambda counters: counters.login_failures.labels(kind).inc())


def watch_database(engine: Engine) -> None:
    """Count the connections of an engine and its errors; once, however often it is asked to."""
    for name, listener in (
        ("connect", _on_connect),
        ("close", _on_close),
        ("checkout", _on_checkout),
        ("checkin", _on_checkin),
        ("detach", _on_detach),
        ("handle_error", _on_error),
    ):
        event.listen(engine, name, listener)


def _on_connect(_connection: object, record: ConnectionPoolEntry) -> None:
    _mark(record, _OPEN)


def _on_close(_connection: object, record: ConnectionPoolEntry) -> None:
    _unmark(record, _OPEN)


def _on_checkout(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    _mark(record, _USED)


def _on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
    _unmark(record, _USED)


def _on_detach(_connection: object, record: ConnectionPoolEntry) -> None:
    """Stop counting a connection that is closed by its user, not by the pool."""
    _unmark(record, _USED)
    _unmark(record, _OPEN)


def _mark(record: ConnectionPoolEntry, state: str) -> None:
    if _counters is not None and record.record_info is not None:
        record.record_info[state] = True
        _count(lambda counters: counters.connections[state].inc())


def _unmark(record: ConnectionPoolEntry, state: str) -> None:
    """Count down what was counted up: SQLAlchemy also returns connections to the pool that could not be opened."""
    if record.record_info is not None and record.record_info.pop(state, False):
        _count(lambda counters: counters.connections[state].dec())


def _on_error(context: ExceptionContext) -> None:
    kind = type(context.sqlalchemy_exception or context.original_exception).__name__
    _count(lambda counters: counters.database_errors.labels(kind).inc())


def process_figures() -> str:
    """Return the counts of all processes in the text format of Prometheus; empty before `start`."""
    if _counters is None:
        return ""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)
    except ValueError:
        # No folder: this is the only process.
        registry = _counters.registry
    return generate_latest(registry).decode()


def make_folder(parents: Iterable[str]) -> str:
    """Make the folder of one server's counts in the first of these folders that can be written.

    It should be in memory: a file that cannot grow on a full disk ends the process that writes to it.
    """
    for parent in parents:
        # An empty name would be the working folder.
        if parent and Path(parent).is_dir():
            try:
                return tempfile.mkdtemp(prefix="wss-metrics-", dir=parent)
            except OSError:
                continue
    return tempfile.mkdtemp(prefix="wss-metrics-")


def remove_folder(folder: str) -> None:
    """Remove the folder: the server has ended."""
    shutil.rmtree(folder, ignore_errors=True)


def forget_process(pid: int) -> None:
    """Drop the gauges of a process that has ended; its counts stay in the sums."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)


def _count(change: Callable[[Counters], None]) -> None:
    """Change a count if this process counts. No request fails because it cannot be counted."""
    global _has_warned
    if _counters is None:
        return
    try:
        change(_counters)
    except (OSError, ValueError) as error:
        if not _has_warned:
            _has_warned = True
            log.warning("metrics of this process are lost: %s", type(error).__name__)
