"""Documents that are accepted, and the names under which they are shown."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wss.domain.uploads import (
    BYTES_PER_DOCUMENT,
    BYTES_PER_UPLOAD,
    DOCUMENTS_PER_REQUEST,
    LABEL_LENGTH,
    NAMELESS,
    STORED_BYTES_PER_DAY,
    DocumentKind,
    Refusal,
    ScanState,
    StoredDocuments,
    file_name,
    kind_of,
    label,
    refusal_of_document,
    refusal_of_storing,
    refusal_of_upload,
)

JPEG, PNG, PDF = b"\xff\xd8\xff\xe0....", b"\x89PNG\r\n\x1a\n....", b"%PDF-1.7\n...."


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, DocumentKind.JPEG),
        (PNG, DocumentKind.PNG),
        (PDF, DocumentKind.PDF),
        (b"\r\n" + PDF, DocumentKind.PDF),
        (b"\xef\xbb\xbf" + PDF, DocumentKind.PDF),
        (b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n" + PDF, DocumentKind.PDF),
        *((other, None) for other in (b"", b"GIF89a", b"<svg/>", b"<html>%PDF-", b" " * 1024 + PDF)),
        *((other, None) for other in (b"PK\x03\x04", b"\xff\xd8", b"\x89PNG")),
    ],
)
def test_the_kind_is_recognised_by_the_first_bytes(content, kind):
    assert kind_of(content) is kind


@given(st.binary(max_size=300))
def test_no_bytes_break_the_recognition_of_kinds(content):
    assert kind_of(content) in {*DocumentKind, None}


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (DocumentKind.JPEG, "image/jpeg"),
        (DocumentKind.PNG, "image/png"),
        (DocumentKind.PDF, "application/pdf"),
    ],
)
def test_each_kind_has_the_name_that_browsers_know(kind, named):
    assert kind.media_type == named


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (JPEG, None),
        (b"", Refusal.EMPTY),
        (JPEG.ljust(BYTES_PER_DOCUMENT), None),
        (JPEG.ljust(BYTES_PER_DOCUMENT + 1), Refusal.TOO_LARGE),
        (b"GIF89a", Refusal.WRONG_KIND),
    ],
    ids=["small", "empty", "at the limit", "over the limit", "another kind"],
)
def test_a_document_is_judged_by_its_size_and_kind(content, refusal):
    assert refusal_of_document(content) is refusal


@pytest.mark.parametrize(
    ("sizes", "on_request", "refusal"),
    [
        ([1] * DOCUMENTS_PER_REQUEST, 0, None),
        ([1] * (DOCUMENTS_PER_REQUEST + 1), 0, Refusal.TOO_MANY),
        ([1], DOCUMENTS_PER_REQUEST, Refusal.TOO_MANY),
        ([BYTES_PER_UPLOAD], 0, None),
        ([BYTES_PER_UPLOAD, 1], 0, Refusal.UPLOAD_TOO_LARGE),
        ([], 0, None),
    ],
)
def test_an_upload_is_judged_by_number_and_weight(sizes, on_request, refusal):
    assert refusal_of_upload(sizes, StoredDocuments(documents_on_request=on_request)) is refusal


@pytest.mark.parametrize(("size", "refusal"), [(1, None), (2, Refusal.DAY_LIMIT)])
def test_a_days_documents_are_counted_as_stored(size, refusal):
    assert refusal_of_storing(size, StoredDocuments(bytes_today=STORED_BYTES_PER_DAY - 1)) is refusal


def test_only_clean_and_never_scanned_documents_are_served():
    assert {state for state in ScanState if state.is_served} == {ScanState.CLEAN, ScanState.NOT_SCANNED}


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("meter.jpg", "meter.jpg"),
        ("मीटर की फोटो.jpg", "मीटर की फोटो.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\meter.jpg", "meter.jpg"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie: x.jpg"),
        ("meter\0.jpg", "meter.jpg"),
        ("  bill   of\tMay .pdf ", "bill of May .pdf"),
        ("...", NAMELESS),
        ("", NAMELESS),
        ("/", NAMELESS),
        ("\u200b\u2066\u2069", NAMELESS),
        ("x" * 300 + ".jpg", "x" * 96 + ".jpg"),
        ("x" * 300, "x" * 100),
        ("x." + "y" * 300, "x." + "y" * 98),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(given_name, shown):
    assert label(given_name) == shown


@given(st.text(max_size=400))
@example("a" * 99 + " b.jpg")
@example("\ud800.jpg")
@example("\u2028\u2029/\\\x85")
def test_a_label_is_never_empty_long_or_able_to_break_out(file_name):
    shown = label(file_name)

    assert 0 < len(shown) <= LABEL_LENGTH
    assert not set(shown) & set("/\\\r\n\0")
    assert not [sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert shown == shown.strip() == label(shown)


@pytest.mark.parametrize(
    ("shown", "media_type", "saved"),
    [
        ("meter.jpg", "image/jpeg", "meter.jpg"),
        ("METER.JPEG", "image/jpeg", "METER.jpg"),
        ("screen.png", "image/jpeg", "screen.jpg"),
        ("Bill of 24.11.2026", "application/pdf", "Bill of 24.11.2026.pdf"),
    ],
)
def test_a_file_is_saved_with_the_ending_of_the_kind_that_was_kept(shown, media_type, saved):
    assert file_name(shown, media_type) == saved
