"""Health checks: this process can do its work, with this database and these disks."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.site import Visitor
from wss.config import Config
from wss.web import health


def test_a_missing_instance_folder_is_no_reason_not_to_be_ready(app: Flask, visitor: Visitor, tmp_path: Path):
    parts = app.extensions["wss"]
    documents = (tmp_path / "a" / "documents").as_uri()
    moved = replace(parts.config, instance=tmp_path / "missing", documents_url=documents)
    app.extensions["wss"] = replace(parts, config=moved)

    assert visitor.get("/readyz").status == 200


def test_another_database_in_place_of_the_first_is_noticed(app: Flask, visitor: Visitor):
    first = visitor.client.get("/readyz")
    app.extensions["wss"].database.identity = "another"
    second = visitor.client.get("/readyz")

    assert (first.status_code, second.status_code, second.get_json()["same_database"]) == (200, 503, False)


def test_a_full_disk_is_not_ready_and_says_which_check_failed(visitor: Visitor, monkeypatch: Any):
    monkeypatch.setattr(health, "DISK_AT_LEAST", 10**18)
    answer = visitor.client.get("/readyz")

    checks = answer.get_json()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert [name for name, passed in checks.items() if passed is False] == ["disk", "ready"]


@pytest.mark.parametrize(
    ("database_url", "documents_url", "is_stored_here"),
    [
        ("server://db.example.in/wss", "s3://wss", False),
        ("server://db.example.in/wss", "file:///missing/documents", True),
        ("", "s3://wss", True),
    ],
)
def test_only_disks_that_are_written_to_are_looked_at(
    database_url: str, documents_url: str, is_stored_here: bool
):
    config = Config(database_url=database_url, documents_url=documents_url)

    assert (health.free_bytes(config) is not None) is is_stored_here


def test_an_upload_that_is_arriving_holds_no_connection(app: Flask, reader: Visitor):
    pool: Any = app.extensions["wss"].database.engine.pool
    held: list[int] = []

    class Arriving(BytesIO):
        def readinto(self, buffer: Any) -> int:
            held.append(pool.checkedout())
            return super().readinto(buffer)

        def read(self, size: int | None = -1) -> bytes:
            held.append(pool.checkedout())
            return super().read(size)

    address = f"/requests/{NUMBER}/actions"
    form = "multipart/form-data; boundary=b"
    reader.client.post(
        address, input_stream=Arriving(b"-" * 400_000), content_length=400_000, content_type=form
    )

    assert set(held) == {0}
