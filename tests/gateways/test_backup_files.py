"""The file of a backup: it is complete and unchanged, or it is refused; its size does not matter to the memory."""

import gzip
import io
import tarfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.domain.test_backups import MANIFEST
from wss.domain.backups import TableContent
from wss.gateways.backup_files import (
    ROWS_AT_MOST,
    BackupDamaged,
    BackupWriter,
    checked_manifest,
    documents_in,
    row_parts_in,
)

DOCUMENT = b"a page " * 500
FIRST, SECOND = f"aa/{'a' * 32}.pdf", f"bb/{'b' * 32}.pdf"


class Pipe(io.RawIOBase):
    """A stream that cannot be read or moved, and only counts what is written."""

    written = 0

    def write(self, content: Any) -> int:
        """Count the bytes."""
        self.written += len(content)
        return len(content)


def a_backup() -> bytes:
    """Return a backup of two rows and two documents."""
    stream = io.BytesIO()
    writer = BackupWriter(stream)
    writer.add_document(FIRST, DOCUMENT)
    writer.add_document(SECOND, DOCUMENT[::-1])
    writer.add_rows("office", [b"a\tA\nb\tB\n"])
    writer.finish(replace(MANIFEST, members=writer.members.hexdigest(), documents=2))
    return stream.getvalue()


def rewritten(*, without: str = "", last: str = "") -> bytes:
    """Return the backup without a member, or with one moved to the end."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(a_backup())) as old, tarfile.open(fileobj=stream, mode="w") as new:
        members = sorted(old.getmembers(), key=lambda member: member.name == last)
        for member in members:
            if member.name != without:
                new.addfile(member, old.extractfile(member))
    return stream.getvalue()


def with_merged_rows(name: str) -> bytes:
    """Return a backup of two tables of which the first and the second are one member with this name."""
    stream = io.BytesIO()
    writer = BackupWriter(stream)
    writer.add_document(FIRST, DOCUMENT)
    with tarfile.open(fileobj=io.BytesIO(a_backup())) as old:
        rows = old.getmember("tables/office/000001.gz")
        content = old.extractfile(rows)
    writer._add(name, content.read() if content else b"")
    writer.finish(replace(MANIFEST, members=writer.members.hexdigest()))
    return stream.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        f"tables/otp/000001.gz {'0' * 64}\ntables/office/000001.gz",
        "tables/office/000002.gz",
        "tables/captcha/000001.gz",
        "tables/office/../000001.gz",
        "other",
    ],
)
def test_a_member_that_no_backup_has_is_refused_although_all_hashes_are_right(name: str):
    with pytest.raises(BackupDamaged, match=r"no part of a backup|not at its place|differ"):
        checked_manifest(io.BytesIO(with_merged_rows(name)))


def test_a_table_of_another_program_can_have_any_name():
    stream = io.BytesIO()
    writer = BackupWriter(stream)
    writer.add_rows("a/b c\nd", [b"1\n"])
    tables = {"a/b c\nd": TableContent(("x",), 1)}
    writer.finish(replace(MANIFEST, members=writer.members.hexdigest(), documents=0, tables=tables))

    assert checked_manifest(io.BytesIO(stream.getvalue())).tables == tables
    assert list(row_parts_in(io.BytesIO(stream.getvalue()))) == [("a/b c\nd", b"1\n")]


def test_what_was_written_is_read_again():
    content = a_backup()

    assert checked_manifest(io.BytesIO(content)).tables == MANIFEST.tables
    assert dict(documents_in(io.BytesIO(content))) == {FIRST: DOCUMENT, SECOND: DOCUMENT[::-1]}
    assert list(row_parts_in(io.BytesIO(content))) == [("office", b"a\tA\nb\tB\n")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive" * 200,
        a_backup()[: len(a_backup()) // 2],
        a_backup().replace(b"a page a", b"a page b", 1),
        rewritten(without=f"documents/{FIRST}"),
        rewritten(without="manifest.json"),
        rewritten(last=f"documents/{FIRST}"),
    ],
    ids=["empty", "other", "cut", "changed", "member removed", "no manifest", "after the manifest"],
)
def test_a_backup_that_is_not_as_it_was_written_is_refused(content: bytes):
    with pytest.raises(BackupDamaged):
        checked_manifest(io.BytesIO(content))


def with_header(kind: bytes, size: int) -> bytes:
    """Return an archive whose first member has an extended header of a size."""
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, size
    return header.tobuf(tarfile.GNU_FORMAT) + b"\0" * size + a_backup()


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_of_any_size_does_not_fill_the_memory(kind: bytes):
    content = with_header(kind, 30_000_000)
    tracemalloc.start()
    with pytest.raises(BackupDamaged, match="header is too large"):
        checked_manifest(io.BytesIO(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000


@pytest.mark.parametrize(
    "part",
    [gzip.compress(b"\n" * (ROWS_AT_MOST + 1), 1), gzip.compress(b"a\n")[:-9], b"none"],
    ids=["too many rows", "cut off", "not compressed"],
)
def test_a_part_that_none_is_written_like_is_refused(part: bytes):
    stream = io.BytesIO()
    writer = BackupWriter(stream)
    writer._add("tables/office/000001.gz", part)
    writer.finish(MANIFEST)

    with pytest.raises(BackupDamaged, match=r"part|decompressed"):
        list(row_parts_in(io.BytesIO(stream.getvalue())))


def test_a_large_backup_takes_no_more_memory_than_a_part_of_it():
    def chunks() -> Iterator[bytes]:
        yield from (b"%d\t%0200d\n" % (number, number) for number in range(50_000))

    pipe = Pipe()
    tracemalloc.start()
    writer = BackupWriter(pipe)  # type: ignore[arg-type]
    many = writer.add_rows("bill", chunks())
    for number in range(300):
        writer.add_document(f"aa/aa{number:030x}.pdf", DOCUMENT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert many == 50_000 and pipe.written > 1_000_000 and peak < 14_000_000
