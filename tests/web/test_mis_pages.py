"""The pages of the MIS: own office and below, figures that link to their requests, downloads after a fresh code."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests import factories
from tests.factories import OFFICE, sign_in_staff
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    ask,
    office_acts,
    resolve,
    rows,
    the_request,
)
from tests.fixtures.site import Page, Visitor
from wss.clock import local_date
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.domain.mis import FIGURES
from wss.models import AuditEntry, Office
from wss.services.mis import sums

CIRCLE = DIVISION.rsplit("-", 1)[0]


@pytest.fixture
def officer(complainant: Any, visitor: Visitor) -> Visitor:
    """Return the executive engineer, logged in."""
    sums.rebuild()
    sign_in_staff(visitor, "E1")
    return visitor


def numbers_of(page: Page) -> dict[str, int]:
    """Return every figure of the page that links to its requests, by the address of the link."""
    found = re.findall(r'href="(/mis/requests[?][^"]+)">(\d+)</a>', page.html)
    return {address.replace("&amp;", "&"): int(n) for address, n in found}


def test_an_officer_sees_the_own_office_and_the_ones_below(officer: Visitor):
    page = officer.get("/mis?lang=en")

    assert page.status == 200
    assert f"Office {DIVISION}" in page.text
    assert f"Office {OFFICE}" in page.text
    assert CIRCLE not in page.html.replace(DIVISION, "").replace(OFFICE, "")


@pytest.mark.parametrize("office", [CIRCLE, "PVVNL", "*", "NOWHERE", f"{DIVISION}%"])
@pytest.mark.parametrize("path", ["/mis", "/mis/requests", "/mis.csv", "/mis.xlsx"])
def test_an_office_that_is_not_below_is_not_there(complainant: Any, visitor: Visitor, path: str, office: str):
    sign_in_staff(visitor, "E1", stepped_up=True)

    assert visitor.get(path, query_string={"office": office, "figure": "pending"}).status == 404


@pytest.mark.parametrize("is_folded", [True, False])
def test_every_figure_leads_to_as_many_requests(officer: Visitor, is_folded: bool):
    resolve()
    if is_folded:
        sums.fold()
    found = numbers_of(officer.get("/mis"))

    assert {address.partition("figure=")[2] for address in found} >= {"pending", "registered", "resolved"}
    for address, n in found.items():
        assert officer.get(address).html.count("/todo/") == n, address


@pytest.mark.parametrize("figure", FIGURES)
def test_every_list_opens(officer: Visitor, figure: str):
    assert officer.get(f"/mis/requests?figure={figure}").status == 200


@pytest.mark.parametrize(
    "wrong", ["figure=", "figure=secret", "figure=pending&after=x", "figure=pending&from=x"]
)
def test_a_list_of_nothing_that_is_counted_is_not_there(officer: Visitor, wrong: str):
    assert officer.get(f"/mis/requests?{wrong}").status == 404


def test_a_period_in_the_indian_form_fills_the_fields_of_the_browser(officer: Visitor):
    fields = officer.get("/mis?from=01-11-2026&to=24/11/2026").form("/mis").fields

    assert (fields["from"], fields["to"]) == (["2026-11-01"], ["2026-11-24"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from", "24-13-2026"),
        ("to", "2026-02-30"),
        ("from", "0001-01-01"),
        ("kind", "NONE"),
        ("to", "2020-01-01"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(officer: Visitor, field: str, value: str):
    page = officer.get(f"/mis?{field}={value}&lang=en")

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert f'href="#{field}"' in page.html


def test_a_day_is_accepted_as_the_error_writes_it(officer: Visitor):
    page = officer.get("/mis?from=24-11-2026&lang=en")

    assert page.status == 200
    assert 'value="2026-11-24"' in page.html


def test_htmx_gets_the_figures_alone(officer: Visitor):
    page = officer.get("/mis", htmx=True)

    assert page.html.lstrip().startswith('<div id="mis">')


def test_a_file_needs_a_fresh_code(officer: Visitor):
    for path in ("/mis.csv", "/mis.xlsx"):
        page = officer.get(f"{path}?kind=BILL_CORRECTION")

        assert (page.status, page.location) == (303, f"/staff/step-up?next={path}?kind%3DBILL_CORRECTION")


def test_a_csv_file_shows_no_formula_and_is_written_down(complainant: Any, visitor: Visitor):
    with transaction() as session:
        session.get(Office, OFFICE).name_hi = "=HYPERLINK(1)"  # type: ignore[union-attr]
        session.get(Office, OFFICE).name = "＝1+1"  # type: ignore[union-attr]
    sign_in_staff(visitor, "E1", stepped_up=True)

    answer = visitor.client.get(f"/mis.csv?office={DIVISION}")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(StringIO(answer.data.decode("utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    entry = rows(AuditEntry)[-1]
    assert (entry.deed, entry.subject, entry.actor_id) == ("export", f"mis:{DIVISION}", "E1")


def test_questions_and_the_days_they_stopped_are_in_the_file_of_each_month(
    complainant: Any, visitor: Visitor, frozen_clock: Any
):
    sums.rebuild()
    ask()
    frozen_clock.advance(days=3)
    office_acts(CLERK, Action.WITHDRAW_QUESTION)
    sign_in_staff(visitor, "C1", stepped_up=True)

    answer = visitor.client.get("/mis.csv?lang=en")

    lines = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Month", "Open", "Questions asked", "Days paused by questions"] in lines
    assert ["November 2026", "1", "1", "3"] in lines


def test_an_xlsx_file_has_texts_and_numbers_only(complainant: Any, visitor: Visitor):
    with transaction() as session:
        session.get(Office, OFFICE).name_hi = "=1+1"  # type: ignore[union-attr]
    sign_in_staff(visitor, "E1", stepped_up=True)

    answer = visitor.client.get("/mis.xlsx")

    with ZipFile(BytesIO(answer.data)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert not [name for name, xml in parts.items() if "<f>" in xml or "hyperlink" in xml]
    assert "&apos;=1+1" in parts["xl/sharedStrings.xml"].replace("'", "&apos;")


def test_the_page_asks_the_database_little(officer: Visitor):
    from tests.fixtures.registration import counted_statements

    office_acts(CLERK, Action.TAKE_UP)
    officer.get("/mis")

    with counted_statements() as statements:
        officer.get("/mis")

    # The statements: the user, the version of the reference tables, the figures, their days, their reasons, what waits
    # for approval (menu).
    assert len(statements) == 6


def test_what_is_late_is_listed_longest_late_first_with_its_holder(
    officer: Visitor, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.queries.mis_lists.PAGE", 1)
    monkeypatch.setattr("wss.web.mis.request_lists.PAGE", 1)
    promised = the_request().promised_on
    later = complaint_no_from(1_000_000_901)
    home = factories.a_household("7950761922")
    factories.a_service_request(home, later, promised_on=promised + timedelta(days=1))
    frozen_clock.advance(days=20)
    sign_in_staff(officer, "E1")

    first = officer.get("/mis/requests?figure=late&lang=en")
    second = officer.get(next(link for link in first.links if "after=" in link))

    assert (NUMBER in first.html, later in first.html) == (True, False)
    assert (NUMBER in second.html, later in second.html) == (False, True)
    days = (local_date(frozen_clock.now) - promised).days
    assert f"Billing clerk, Office {OFFICE} 05222140891 {days}" in first.text
