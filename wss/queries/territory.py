"""Whether an office lies within the area of another: by their paths sign by sign, as a code may hold what a pattern
would take for a wildcard."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal


def lies_within(path: ColumnElement[Any], area: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the office of this path is the one of that area, or below it."""
    whole = area + literal("/")
    return func.substr(path + literal("/"), 1, func.length(whole)) == whole
