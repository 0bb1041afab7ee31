"""Rows of a backup come back as they were, whatever they contain, and from one kind of database to the other."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.backups import (
    BackupManifest,
    ColumnKind,
    ManifestFault,
    MemberHash,
    TableContent,
    decoded_row,
    encoded_row,
    manifest_from,
    value_for_sqlite,
    value_from_sqlite,
)

MANIFEST = BackupManifest(
    made_at="2026-11-24T10:00:00+00:00",
    version="1",
    revision="0039",
    database="SQLite",
    members="0" * 64,
    tables={"office": TableContent(("code", "name"), 2)},
    documents=1,
    left_out=("aa/aa.pdf",),
    missing=(),
    counters={"event": 7},
    audit_head="",
    waiting_messages=0,
)


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_a_row_of_any_values_is_one_line_and_comes_back(values: list[str | None]):
    line = encoded_row(values)

    assert line.count(b"\n") == 1 and decoded_row(line[:-1]) == values


@given(st.datetimes(min_value=datetime(1900, 1, 1)))
def test_a_moment_comes_back_in_the_form_of_sqlite(moment: datetime):
    stored = moment.isoformat(" ", "microseconds")

    assert value_for_sqlite(ColumnKind.MOMENT, value_from_sqlite(ColumnKind.MOMENT, stored)) == stored


@pytest.mark.parametrize("text", ["2026-11-24 10:00:00.5+00", "2026-11-24 15:30:00.5+05:30"])
def test_a_moment_of_postgresql_becomes_one_of_sqlite(text: str):
    assert value_for_sqlite(ColumnKind.MOMENT, text) == "2026-11-24 10:00:00.500000"


def test_a_manifest_is_read_as_it_was_written():
    assert manifest_from(MANIFEST.to_json()) == MANIFEST


def test_the_seal_covers_all_of_the_manifest_but_itself():
    assert (
        replace(MANIFEST, seal="x").unsealed()
        == MANIFEST.unsealed()
        != replace(MANIFEST, documents=2).unsealed()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1\x1b[2J"}, {"made_at": "today\n"}, {"documents": "7"}, {"waiting_messages": -1}, {"seal": None},
        {"missing": "aa"}, {"tables": {"office": {"columns": ["a", 1], "rows": 1}}}, {"counters": {"event": "1"}},
    ],
)  # fmt: skip
def test_a_manifest_with_a_field_of_another_form_is_refused(change: dict[str, Any]):
    with pytest.raises(ManifestFault):
        manifest_from(json.dumps(json.loads(MANIFEST.to_json()) | change).encode())


def test_no_name_of_a_member_imitates_two_members():
    two, one = MemberHash(), MemberHash()
    for name in ("a", "b"):
        two.add(name, "0" * 64)
    one.add(f"a {'0' * 64}\nb", "0" * 64)

    assert two.hexdigest() != one.hexdigest()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": 1}', b'{"format": 2}', b'{"format": 2, "tables": 3}']
)
def test_what_is_no_manifest_of_this_format_is_refused(content: bytes):
    with pytest.raises(ManifestFault):
        manifest_from(content)
