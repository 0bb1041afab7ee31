"""The format of log lines: JSON in production, text in development and on a terminal.

Neither contains the token of a link: addresses are logged as the rule of their route, and whatever a library writes
is masked here.
"""

import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import click

from wss.config import Config
from wss.logs.request_trace import current_trace
from wss.logs.stack_traces import error_text, stack_trace

# The addresses whose last part is a secret: it gives the right to act.
LINKS = (
    "activate",
    "answer",
    "confirm",
    "d",
    "dispute",
    "not-me",
    "phone",
    "reading",
    "reset",
    "staff/enrol",
    "t",
    "unsubscribe",
)
# Also as a value in a query, where the slashes may be encoded.
_SLASH = r"(?:/|%2[Ff])"
_LINK = re.compile(rf"({_SLASH}(?:{'|'.join(LINKS).replace('/', _SLASH)}){_SLASH})[^\s\"'<>/?&#%]+", re.ASCII)
# The only fields that a line may have besides the fixed ones: no personal value gets into the log by accident.
FIELDS = (
    "method",
    "rule",
    "status",
    "duration_ms",
    "reference",
    "cause",
    "limits",
    "part",
    "failures",
    "outage_s",
)
# The journal splits lines of more than 48 KB.
_LONGEST_TRACE = 16_000
_LONGEST_MESSAGE = 4_000


def masked(text: str) -> str:
    """Return the text without the tokens of links."""
    return _LINK.sub(r"\1...", text)


def _without_values(part: object) -> object:
    """Return a part of a message; instead of an error a text that quotes no values."""
    return error_text(part) if isinstance(part, BaseException) else part


class _LineFormatter(logging.Formatter):
    """The parts that both formats share."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def process_name(self) -> str:
        """Return what this process is: web, worker, or the command that was typed, without its arguments."""
        context = click.get_current_context(silent=True) if self.process == "command" else None
        words: list[str] = []
        # The last context is the program itself.
        while context is not None and context.parent is not None:
            words.insert(0, context.info_name or "")
            context = context.parent
        return " ".join(words) or self.process

    def message_of(self, record: logging.LogRecord) -> str:
        """Return the message on one line."""
        words, values = _without_values(record.msg), record.args
        if isinstance(values, tuple):
            values = tuple(_without_values(each) for each in values)
        message = masked(str(words) % values if values else str(words))[:_LONGEST_MESSAGE]
        return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in message)

    def trace_of(self, record: logging.LogRecord) -> str:
        """Return the stack trace, or an empty text; of a long one the end, which names the error."""
        if not isinstance(record.exc_info, tuple) or record.exc_info[1] is None:
            return ""
        return masked(stack_trace(record.exc_info[1]))[-_LONGEST_TRACE:]


class JsonFormatter(_LineFormatter):
    """One JSON object a line, for journald and programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        trace = current_trace()
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": self.process_name(),
            "pid": record.process,
            "logger": record.name,
            "request_id": trace.id if trace else None,
            "message": self.message_of(record),
        }
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        stack = self.trace_of(record)
        if stack:
            line["trace"] = stack
        return json.dumps(line, default=str)


class TextFormatter(_LineFormatter):
    """A line for people, with the stack trace below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        trace = current_trace()
        request = f" [{trace.id}]" if trace else ""
        head = f"{at} {record.levelname.lower()} {self.process_name()} {record.name}{request}"
        return f"{head}: {self.message_of(record)}\n{self.trace_of(record)}".rstrip("\n")


_formatter: _LineFormatter = TextFormatter("command")


def formatter() -> logging.Formatter:
    """Return the format of this process."""
    return _formatter


def configure_logs(config: Config, process: str) -> None:
    """Log to standard error: libraries their warnings, the site what WSS_LOG_LEVEL asks for, and every fault that
    ends a thread or the process. Call it first in a process; a second call replaces the first."""
    global _formatter
    is_text = config.is_development or sys.stderr.isatty()
    _formatter = TextFormatter(process) if is_text else JsonFormatter(process)
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _StandardError)]:
        root.removeHandler(handler)
    handler = _StandardError()
    handler.setFormatter(_formatter)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("wss").setLevel(config.log_level.upper())
    # SQLAlchemy logs for a pool under the name of its class, which is ours.
    logging.getLogger("wss.database_connections").setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    if not is_text:
        sys.excepthook = _log_end
        threading.excepthook = _log_thread_end


def name_process(process: str) -> None:
    """Change the name of this process in its lines: a forked process, or a command that serves."""
    _formatter.process = process


class _StandardError(logging.StreamHandler[Any]):
    """The handler that `configure_logs` adds."""


def _log_end(kind: type[BaseException], error: BaseException, stack: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, stack)
        return
    logging.getLogger("wss").critical("the process ends: %s", kind.__name__, exc_info=(kind, error, stack))


def _log_thread_end(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is None or issubclass(ended.exc_type, SystemExit):
        return
    name = ended.thread.name if ended.thread else "unknown"
    error = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    logging.getLogger("wss").critical("the thread %s ends: %s", name, ended.exc_type.__name__, exc_info=error)
