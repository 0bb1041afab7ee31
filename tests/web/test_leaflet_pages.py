"""Posters, leaflets and texts of offices: open to everyone, limited for each network."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from tests.factories import OFFICE, given, offices
from tests.fixtures.site import Visitor
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.requests import printed_sheets
from wss.services.shared.kept_bytes import ByteCache

# Millimetres.
SIZES = {"a4": (210, 297), "a6": (105, 148)}


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find a leaflet that another one has printed in this process."""
    monkeypatch.setattr(printed_sheets, "_kept_leaflets", ByteCache(printed_sheets.KEPT_SHEETS))


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("size", ["a4", "a6"])
def test_a_leaflet_is_one_page_of_its_size_below_100_kilobytes(visitor: Visitor, size: str, language: str):
    given(*offices())

    sheet = visitor.get(f"/leaflet.pdf?office={OFFICE}&size={size}&language={language}").response.data

    with pikepdf.open(BytesIO(sheet)) as document:
        [page] = document.pages
        assert tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) == SIZES[size]
    assert len(sheet) < 100_000


def test_the_texts_name_the_office_its_telephone_and_1912(visitor: Visitor):
    given(*offices())

    page = visitor.get(f"/leaflet?office={OFFICE}&lang=en")

    assert f"Attention please, electricity consumers of Office {OFFICE}!" in page.text
    assert f"Issued by: Office {OFFICE}. Telephone: 05222140891" in page.text
    assert page.text.count("call 1912") == 2


def test_an_office_leads_to_those_below_and_one_size_shows_its_files_only(visitor: Visitor):
    given(*offices())

    page = visitor.get("/leaflet?office=PVVNL&size=a6")

    assert "/leaflet?office=PVVNL-Z06&size=a6" in page.links
    assert [link for link in page.links if "pdf" in link and "a4" in link] == []


def test_an_unknown_office_is_not_found(visitor: Visitor):
    assert [visitor.get(f"/leaflet{kind}?office=NOSUCH").status for kind in ("", ".pdf")] == [404, 404]


def test_beyond_an_hours_leaflets_a_network_waits_but_gets_what_is_printed_already(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ALLOWANCES, Limit.LEAFLETS, replace(ALLOWANCES[Limit.LEAFLETS], times=1))

    pages = [visitor.get(f"/leaflet.pdf?size={size}") for size in ("a4", "a6", "a4")]

    assert [page.status for page in pages] == [200, 429, 200]
    assert "Retry-After" in pages[1].headers
