"""The former release's code works on the tables of this version, unless a migration says that it does not."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from devtools.released_schema import PATH, Tables, tables_of
from tests.project.tree import none_of
from wss import schema
from wss.db import Database

RELEASED = json.loads(PATH.read_text(encoding="utf-8"))


def breaks(released: Tables, now: Tables) -> list[str]:
    """Return what statements of the released code would fail at."""
    found = [f"{name}: dropped" for name in released if name not in now]
    for name in set(released) & set(now):
        found += [
            f"{name}.{fault}" for fault in _column_faults(released[name]["columns"], now[name]["columns"])
        ]
        known = released[name]["columns"]
        for columns in now[name]["unique"]:
            if columns not in released[name]["unique"] and set(columns) <= set(known):
                found.append(f"{name}: newly unique {columns}")
        found += [
            f"{name}: new check {text}"
            for text in now[name]["checks"]
            if _is_new(text, released[name], now[name])
        ]
    return found


def _column_faults(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = []
    for column, (kind, nullable, has_default) in after.items():
        if column not in before:
            if not nullable and not has_default:
                found.append(f"{column}: required, and the former code does not name it")
            continue
        kind_before, nullable_before, default_before = before[column]
        if not nullable and nullable_before:
            found.append(f"{column}: was optional")
        if not nullable and default_before and not has_default:
            found.append(f"{column}: its default was dropped")
        # A wider one too: statements that PostgreSQL has prepared fail until the process connects again.
        if kind != kind_before:
            found.append(f"{column}: {kind_before} became {kind}")
    return [*found, *(f"{column}: dropped" for column in before if column not in after)]


def _is_new(check: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Return whether a check could refuse a row of the former code: it names no column that this code leaves empty."""
    added = set(after["columns"]) - set(before["columns"])
    return check not in before["checks"] and not set(re.findall(r"\w+", check)) & added


@pytest.mark.sqlite_only("the migrations make the same tables on both")
def test_the_former_releases_code_works_on_the_tables(database: Database):
    oldest = schema.oldest_code(schema._script_directory(None), schema.expected_revision())

    assert (
        oldest > RELEASED["revision"]
        or none_of(breaks(RELEASED["tables"], tables_of(database.engine))) is None
    )


def _changed(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    now = copy.deepcopy(RELEASED["tables"])
    change(now)
    return breaks(RELEASED["tables"], now)


@pytest.mark.parametrize(
    "change",
    [
        lambda now: now.pop("bill"),
        lambda now: now["bill"]["columns"].pop("units"),
        lambda now: now["bill"]["columns"].update(extra=["INTEGER", False, False]),
        lambda now: now["bill"]["columns"].update(paid_on=["DATE", False, False]),
        lambda now: now["bill"]["columns"].update(bill_basis=["VARCHAR(9)", False, False]),
        lambda now: now["bill"]["columns"].update(units=["TEXT", False, False]),
        lambda now: now["bill"]["unique"].append(["units"]),
        lambda now: now["bill"]["checks"].append("units > 0"),
        lambda now: now["otp"]["columns"].update(asker=["VARCHAR(64)", False, False]),
    ],
)
def test_a_change_that_the_former_code_fails_at_is_seen(change: Callable[[dict[str, Any]], Any]):
    assert len(_changed(change)) == 1


def test_what_only_adds_is_allowed():
    def add(now: dict[str, Any]) -> None:
        now["bill"]["columns"].update(extra=["INTEGER", True, False], counted=["INTEGER", False, True])
        now["bill"]["unique"].append(["extra"])
        now["other"] = {"columns": {}, "unique": [], "checks": []}

    assert _changed(add) == []
