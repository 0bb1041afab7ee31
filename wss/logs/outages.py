"""Outages of parts on which repeated tasks depend: a line when one begins, changes or ends, not one for each try."""

import logging
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from wss.logs.stack_traces import kind_of_error

# What a database raises that is away or read-only. Where the error was raised says nothing about the cause.
_DATABASE_AWAY = {"OperationalError", "InterfaceError", "TimeoutError"}
_READ_ONLY = "25006"


@dataclass(slots=True)
class _Outage:
    """The failures of one part since it last worked."""

    since: float = field(default_factory=monotonic)
    failures: int = 0
    kinds: set[str] = field(default_factory=set)


# Holds only parts that fail at the moment.
_outages: dict[str, _Outage] = {}
_lock = Lock()


def note_failure(log: logging.Logger, part: str, why: str | BaseException) -> None:
    """Note that a part has failed; log it if it worked before, or fails in a way not seen in this outage.

    An error that may be a fault of the site is logged with its stack trace.
    """
    error = why if isinstance(why, BaseException) else None
    kind = kind_of_error(error) if error is not None else str(why)
    with _lock:
        outage = _outages.setdefault(part, _Outage())
        outage.failures += 1
        is_new = kind not in outage.kinds
        outage.kinds.add(kind)
    if is_new:
        with_trace = None if error is None or _is_away(error) else error
        log.error("%s: failing: %s", part, kind, exc_info=with_trace, extra={"part": part, "cause": kind})


def _is_away(error: BaseException) -> bool:
    """Return whether the database is away or read-only, and nothing else is wrong."""
    if isinstance(error, BaseExceptionGroup):
        return all(_is_away(each) for each in error.exceptions)
    return type(error).__name__ in _DATABASE_AWAY or kind_of_error(error).endswith(_READ_ONLY)


def note_success(log: logging.Logger, part: str) -> None:
    """Note that a part works; log it if it failed before."""
    if part not in _outages:
        return
    with _lock:
        outage = _outages.pop(part, None)
    if outage is not None:
        seconds = round(monotonic() - outage.since)
        more = {"part": part, "failures": outage.failures, "outage_s": seconds}
        log.warning("%s: works again, after %d s (failures: %d)", part, seconds, outage.failures, extra=more)
