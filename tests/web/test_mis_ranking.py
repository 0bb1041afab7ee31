"""The ranking of the MIS: worst first, any level, money and medians; who holds what; the sheet of a month."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from tests import factories
from tests.factories import OFFICE, sign_in_staff
from tests.fixtures.bill_revision import approve, proposed, taken_up
from tests.fixtures.complaint_handling import DIVISION, NUMBER, consumer_of, resolve, the_request
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.models import Office
from wss.services.mis import sums
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.triage_updates import update_triage

CIRCLE = DIVISION.rsplit("-", 1)[0]
OTHER = f"{DIVISION}-S9"

__all__ = ["taken_up"]


@pytest.fixture
def officer(complainant: Any, visitor: Visitor, frozen_clock: Any) -> Visitor:
    """Return the superintending engineer, logged in; a second sub-division has nothing overdue."""
    with transaction() as session:
        path = session.get_one(Office, DIVISION).path
        session.add(
            Office(
                code=OTHER,
                parent_code=DIVISION,
                level="subdivision",
                name="Other",
                name_hi="दूसरा",
                phone="",
                email="",
                path=f"{path}/{OTHER}",
            )
        )
    sums.rebuild()
    frozen_clock.advance(days=20)
    sign_in_staff(visitor, "X1", stepped_up=True)
    return visitor


def order_of(visitor: Visitor, sort: str) -> list[str]:
    page = visitor.get(f"/mis?level=subdivision&sort={sort}&lang=en")
    table = page.html.partition('class="figures ranking"')[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row"><a href="/mis[?]office=([^&"]+)', table)


def test_sub_divisions_are_ranked_worst_first_and_turned_by_a_second_click(officer: Visitor):
    first = officer.get("/mis?level=subdivision&lang=en")

    assert order_of(officer, "late") == [OFFICE, OTHER]
    assert order_of(officer, "-late") == [OTHER, OFFICE]
    assert 'aria-sort="descending"' in first.html and "sort=-late" in first.html


def test_money_in_dispute_is_shown_until_it_is_corrected(taken_up: Any, visitor: Visitor):
    sums.rebuild()
    factories.execute("UPDATE service_request SET triage_due = true")
    update_triage()
    sign_in_staff(visitor, "S1")
    in_dispute = visitor.get("/mis?lang=en").text
    proposed(taken_up)
    approve()

    page = visitor.get("/mis?lang=en").text

    assert "In dispute ₹ 5,509" in in_dispute.replace("\xa0", " ")
    assert "In dispute ₹ 0" in page.replace("\xa0", " ") and sums.check() == []
    sums.fold()
    assert sums.check() == []


def test_a_refused_resolution_in_time_is_not_kept(complainant: Any, visitor: Visitor):
    sums.rebuild()
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, "Not solved."))
    sign_in_staff(visitor, "E1")

    page = visitor.get("/mis?lang=en&sort=kept_share")

    assert re.search(r'data-l="In time"><span><a [^>]+>100.0 %', page.html)
    assert re.search(r'data-l="In time and not refused"><span>0.0 %', page.html)


def test_the_late_are_a_file_with_holder_and_telephone(officer: Visitor):
    answer = officer.client.get(f"/mis/requests.csv?figure=late&office={CIRCLE}&lang=en")

    lines = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[1][-5:] == ["Days overdue", "With whom", "Name", "Office of the holder", "Telephone"]
    assert lines[2][-4:] == ["Billing clerk", "C1", f"Office {OFFICE}", "05222140891"]


def test_names_of_holders_above_the_readers_office_are_not_shown(officer: Visitor):
    factories.execute(
        "UPDATE service_request SET holder_office_code = :office, holder_role = 'ee'", office=DIVISION
    )
    above = officer.get("/mis/officers?lang=en").text
    sign_in_staff(officer, "S1")

    own = officer.get("/mis/officers?lang=en").text

    assert "E1" in above.partition("Telephone")[2]
    assert "E1" not in own and "Executive engineer" in own


def test_the_sheet_of_a_month_is_a_small_pdf_of_one_page(officer: Visitor):
    month = f"{the_request().registered_at + timedelta(days=10):%Y-%m}"

    page = officer.get(f"/mis/sheet?month={month}&lang=en")
    answer = officer.client.get(f"/mis/sheet.pdf?month={month}")

    assert page.html.count("<dt>") == 5 and page.html.count("<svg") >= 12
    assert answer.data.startswith(b"%PDF") and len(answer.data) < 100_000
    assert answer.data.count(b"/Type /Page\n") == 1
    assert officer.get("/mis/sheet?month=2001-01").status == 404
    assert officer.get("/mis/sheet?office=PVVNL").status == 404
