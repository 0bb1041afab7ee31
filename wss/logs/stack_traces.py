"""Stack traces without personal data: an error whose text can quote a value is shown by its kind.

PostgreSQL quotes rows and parameters in its messages (DETAIL, CONTEXT), mail servers the recipients, and Python the
text that is no number or the key that is missing.
"""

import sqlite3
import traceback
from collections.abc import Iterator
from smtplib import SMTPException

import psycopg
from sqlalchemy.exc import StatementError

_QUOTES_VALUES = (StatementError, psycopg.Error, SMTPException, ValueError, LookupError)
_OF_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_IN_HANDLER = "\nDuring handling of the above exception, another exception occurred:\n\n"
_MOST_ERRORS = 20


def kind_of_error(error: BaseException) -> str:
    """Return the class of an error, for one of PostgreSQL with its SQLSTATE.

    The text of an error is not logged: it can contain what a person typed.
    """
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(sorted({kind_of_error(each) for each in error.exceptions}))
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''}".strip()


def error_text(error: BaseException) -> str:
    """Return the class and text of an error; if its text can quote values, the names of what was refused instead."""
    cause = getattr(error, "orig", None) or error
    # Without a SQLSTATE the text is about the connection: which host, and why it refused.
    if isinstance(cause, psycopg.OperationalError) and not cause.sqlstate:
        return "".join(traceback.format_exception_only(cause)).rstrip("\n")
    if isinstance(cause, psycopg.Error):
        diagnostics = cause.diag
        names = diagnostics.table_name, diagnostics.column_name, diagnostics.constraint_name
        return " ".join(filter(None, (kind_of_error(error), *names)))
    # SQLite names tables and columns, never values.
    if isinstance(error, _QUOTES_VALUES) and not isinstance(cause, sqlite3.Error):
        return kind_of_error(error)
    return "".join(traceback.format_exception_only(cause)).rstrip("\n")


def stack_trace(error: BaseException) -> str:
    """Return the stack trace of an error and of those that led to it."""
    return "".join(_parts(error, set()))


def _parts(error: BaseException, shown: set[int]) -> Iterator[str]:
    shown.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in shown and len(shown) < _MOST_ERRORS:
        yield from _parts(before, shown)
        yield _OF_CAUSE if error.__cause__ else _IN_HANDLER
    if error.__traceback__:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    yield f"{error_text(error)}\n"
    for number, part in enumerate(error.exceptions if isinstance(error, BaseExceptionGroup) else (), 1):
        yield f"Part {number}:\n"
        yield from _parts(part, shown)
