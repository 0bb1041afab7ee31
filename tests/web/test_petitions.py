"""The petition: its forum and its text about the complaint."""

from typing import Any

import pytest

from tests.factories import OFFICE, Household, given, sign_in
from tests.fixtures.complaint_handling import NUMBER, ask, resolve
from tests.fixtures.site import Visitor
from wss.domain.lifecycle import Resolution
from wss.gateways.pdf_text import Passage, SlipText
from wss.models import Forum
from wss.web.consumer import petitions

CIRCLE = "-".join(OFFICE.split("-")[:3])
DISCOM = OFFICE.split("-", maxsplit=1)[0]


def a_forum(
    code: str, office_code: str, *, constituted: bool = True, limit: int | None = 15_00_000_00
) -> Forum:
    level = "circle" if office_code == CIRCLE else "discom"
    return Forum(
        code=code,
        level=level,
        office_code=office_code,
        name=f"Forum {code}",
        address="Court Road",
        phone="05220000004",
        max_amount_paise=limit,
        constituted=constituted,
    )


@pytest.fixture
def printed(complainant: Household, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the printed text: the words of the head and of every passage."""

    def print_it() -> tuple[dict[str, str], str, str]:
        sheets: list[tuple[SlipText, tuple[Passage, ...]]] = []
        monkeypatch.setattr(petitions, "petition_sheet", lambda *sheet: sheets.append(sheet) or b"%PDF-")
        sign_in(visitor, complainant.consumer)
        visitor.client.set_cookie("wss_language", "en")
        assert visitor.get(f"/requests/{NUMBER}/petition.pdf").status == 200
        [(head, passages)] = sheets
        return dict(head.rows), " ".join(head.footer), str(passages)

    return print_it


def test_it_goes_to_the_forum_of_the_circle(printed: Any):
    given(a_forum("CIRCLE", CIRCLE), a_forum("DISCOM", DISCOM))
    resolve(resolution=Resolution.REFUSED)

    head, _foot, _body = printed()

    assert head["To"].startswith("Forum CIRCLE\nCourt Road")
    assert head["From"].startswith("Pooja Sharma\n")


def test_a_forum_that_is_not_yet_constituted_is_said_and_the_next_above_taken(printed: Any):
    given(a_forum("CIRCLE", CIRCLE, constituted=False), a_forum("DISCOM", DISCOM))
    resolve(resolution=Resolution.REFUSED)

    head, foot, _body = printed()

    assert head["To"].startswith("Forum DISCOM")
    assert "Forum CIRCLE has not been set up yet." in foot


def test_where_no_forum_is_constituted_it_says_whom_to_ask(printed: Any):
    given(a_forum("CIRCLE", CIRCLE, constituted=False))
    resolve(resolution=Resolution.REFUSED)

    head, foot, _body = printed()

    assert head["To"].startswith("Forum CIRCLE")
    assert "Ask 1912 or the office which forum accepts petitions until then." in foot


def test_without_any_forum_it_is_printed_all_the_same(printed: Any):
    resolve(resolution=Resolution.REFUSED)

    assert printed()[0]["To"] == "The consumer forum of the circle"


@pytest.mark.parametrize(("limit", "too_much"), [(15_00_000_00, False), (500_00, True)])
def test_the_amount_limit_is_said(printed: Any, limit: int, too_much: bool):
    given(a_forum("CIRCLE", CIRCLE, limit=limit))
    resolve(resolution=Resolution.REFUSED)

    _head, foot, _body = printed()

    assert "This forum decides disputes up to ₹" in foot
    assert ("These bills are above that limit" in foot) is too_much


def test_a_sum_above_the_limit_of_the_circle_goes_to_the_forum_above_that_decides_it(printed: Any):
    given(a_forum("CIRCLE", CIRCLE, limit=500_00), a_forum("DISCOM", DISCOM, limit=None))
    resolve(resolution=Resolution.REFUSED)

    head, foot, _body = printed()

    assert head["To"].startswith("Forum DISCOM")
    assert "Forum CIRCLE decides disputes up to ₹\u00a0500.00 only." in foot


def test_it_states_the_bills_the_history_and_the_reason(
    printed: Any, complainant: Household, frozen_clock: Any
):
    frozen_clock.advance(days=30)
    ask()

    _head, _foot, body = printed()

    assert complainant.bill_no in body and "750.00" in body
    assert "The office asked" in body and "is 22 days late" in body


def test_in_hindi_it_is_addressed_to_the_forum_by_its_hindi_name(complainant: Household, visitor: Visitor):
    forum = a_forum("CIRCLE", CIRCLE)
    forum.name_hi, forum.address_hi = "फ़ोरम आगरा", "कचहरी रोड"
    given(forum)
    resolve(resolution=Resolution.REFUSED)
    sign_in(visitor, complainant.consumer)

    page = visitor.get(f"/requests/{NUMBER}/petition?lang=hi").text

    assert "फ़ोरम आगरा" in page and "कचहरी रोड" in page
    assert "Court Road" not in page
