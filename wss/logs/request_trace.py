"""The request that a thread is answering: every line that the thread logs has its id."""

import hashlib
import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field

# Ids of proxies are UUIDs or long hexadecimal numbers. What is shorter could be a mobile, account or bill number.
_WELL_FORMED = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z-]{20,64}", re.ASCII)


@dataclass(slots=True)
class RequestTrace:
    """What the log says about one request. The rule is the route's, never the path, which can hold a link's token."""

    id: str = field(default_factory=lambda: secrets.token_hex(16))
    rule: str = ""
    # The kind of the error behind an answer of 5xx, and the error if its stack trace is to be logged.
    cause: str = ""
    error: BaseException | None = None
    limits: set[str] = field(default_factory=set)

    @property
    def reference(self) -> str:
        """Return eight digits that follow from the id: short enough to be read out on the phone."""
        return f"{int(hashlib.sha256(self.id.encode()).hexdigest()[:12], 16) % 10**8:08d}"


_trace: ContextVar[RequestTrace | None] = ContextVar("request_trace", default=None)


def begin_trace(given_id: str = "") -> RequestTrace:
    """Begin the trace of a request, with the id that a proxy has given it if that is well-formed."""
    trace = RequestTrace(given_id) if given_id and _WELL_FORMED.fullmatch(given_id) else RequestTrace()
    _trace.set(trace)
    return trace


def current_trace() -> RequestTrace | None:
    """Return the trace of this thread's request; None outside of requests."""
    return _trace.get()


def end_trace() -> None:
    """End the trace of this thread's request."""
    _trace.set(None)


def note_limit(limit: str) -> None:
    """Note a rate limit that refused an attempt of this request; an answer of 429 is logged with it."""
    trace = _trace.get()
    if trace is not None:
        trace.limits.add(str(limit))
