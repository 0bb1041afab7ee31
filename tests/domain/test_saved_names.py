"""A file is saved under one harmless name with the extension of its kind, whatever its original name."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wss.domain.saved_names import saved_name


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Bill-October.html", "Bill-October.pdf"),
        ("Bill.html.pdf", "Bill.pdf"),
        ("bill.pdf .hta", "bill.pdf"),
        ("bill\uff0ehtml\uff0epdf", "bill.pdf"),
        ("bill\u2024exe", "bill.pdf"),
        ("bill\u3002js", "bill.pdf"),
        ("bill.html. . ", "bill.pdf"),
        ("bill\u202efdp.exe", "billfdp.pdf"),
        ("bill\0.html", "bill.pdf"),
        (".html", "html.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "document.pdf"),
        ("CON", "_CON.pdf"),
        ("com\u00b9 .pdf", "_com1.pdf"),
        ("a.pdf::$DATA", "a.pdf__$DATA.pdf"),
        ("bill.html%00.pdf", "bill.html_00.pdf"),
        ("-rf ~.desktop", "rf ~.pdf"),
        ("../../a.png", "_.._a.pdf"),
        ("R.K.Sharma.jpg", "R.K.Sharma.pdf"),
        ("Bill of 24.11.2026", "Bill of 24.11.2026.pdf"),
        ("बिल.मई", "बिल.मई.pdf"),
        ("x" * 300 + ".html", "x" * 100 + ".pdf"),
    ],
)
def test_the_ending_is_that_of_the_kind_and_the_stem_harmless(name, saved):
    assert saved_name(name, "pdf") == saved


@given(st.text(max_size=300))
@example("\U0001f9ff" * 100 + ".html")
@example("\ud800.html")
@example("ﷺ" * 100)
def test_a_saved_name_is_short_and_has_no_sign_that_a_system_reads(name):
    saved = saved_name(name, "pdf")

    assert re.fullmatch(r"[^<>:\"/\\|?*%;\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+\.pdf", saved)
    assert len(saved.encode()) <= 210
    assert saved[0] not in " .~-" and not saved.removesuffix(".pdf").endswith((" ", "."))
    assert saved_name(saved, "pdf") == saved
