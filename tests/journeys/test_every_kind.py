"""Every kind of the packaged catalogue is requested by the one form, and so is a new kind."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Household, a_household, sign_in
from tests.fixtures.consumer_session import a_photo, check_of, token_of
from tests.fixtures.packaged_tables import CATALOGUE, FOLDER, SUBDIVISION
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import reading
from wss.demo.extracts import TABLES
from wss.domain.catalogue import RequestField, kept_as
from wss.models import DisputedBill, Document, ServiceRequest
from wss.services.reference.imports import ImportOrder, import_extract

# The input of each field, and the stored value.
ANSWERS: dict[str, tuple[str, object]] = {
    "reading_kwh": ("1,050", 1050),
    "reading_kvah": ("1200.7", 1200),
    "demand_kva": ("12.5", 12_500),
    "paid_amount": ("₹ 750", 750_00),
    "paid_on": ("18-11-2026", "2026-11-18"),
    "new_name": ("मीना शर्मा", "मीना शर्मा"),
    "new_address": ("734, Ansaripur", "734, Ansaripur"),
    "pincode": ("२८९९४७", "289947"),
    "new_load_kw": ("7.5", 7500),
    "new_category": ("LMV-2", "LMV-2"),
    "remarks": ("First line.\nSecond line.", "First line.\nSecond line."),
}
TWELFTH = {
    "code": "METER_SHIFTING",
    "type": "Meter",
    "type_hi": "मीटर",
    "name": "Meter shifting",
    "name_hi": "मीटर स्थानांतरण",
    "networks": "urban rural",
    "fields": "reason new_address pincode bill_no reading_kvah paid_on remarks",
    "reasons": "seal_broken other",
    "target_days": "10",
    "route_role": "sdo",
    "route_level": "subdivision",
}


@pytest.fixture
def tables(app: Any) -> None:
    """Import the packaged reference tables."""
    for table in TABLES:
        assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written


def consumer_visitor(visitor: Visitor, **facts: Any) -> Household:
    """Return a household of a packaged office, its consumer logged in and reading English."""
    household = a_household(subdivision_code=SUBDIVISION, **facts)
    sign_in(visitor, household.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return household


def open_form(visitor: Visitor, household: Household, kind: dict[str, str]) -> Page:
    """Open the form by the links of the choice of kinds."""
    choice = visitor.get(f"/account/{household.account_no}/requests/new")
    [link] = [each for each in choice.links if f"request={kind['code']}" in each]
    page = visitor.get(link)
    assert page.status == 200
    return page


def fill(visitor: Visitor, household: Household, kind: dict[str, str]) -> Page:
    """Fill in every field that the form has and send it."""
    form = open_form(visitor, household, kind)
    names = form.form(having="form_token").names
    typed: dict[str, Any] = {name: text for name, (text, _stored) in ANSWERS.items() if name in names}
    if "bill_no" in names:
        typed["bill_no"] = [bill.bill_no for bill in household.bills[1:]]
    if "bill_no_typed" in names:
        typed["bill_no_typed"] = household.bills[0].sbm_bill_no
    if "reason" in names:
        typed["reason"] = kind["reasons"].split()[-1]
    if "documents" in kind["fields"].split():
        typed["documents"] = [a_photo("meter.jpg"), a_photo("bill.jpg")]
    token = form.form(having="form_token").fields["form_token"]
    return visitor.send(form, f"/account/{household.account_no}/requests/new", form_token=token, **typed)


def lodge(visitor: Visitor, household: Household, kind: dict[str, str]) -> Page:
    """Lodge a request and return its timeline."""
    return visitor.get(registered_page(visitor, household, kind).removesuffix("/registered"))


def registered_page(visitor: Visitor, household: Household, kind: dict[str, str]) -> str:
    """Lodge a request and return the address of the page with its number."""
    sent = fill(visitor, household, kind)
    assert sent.location == check_of(household), sent.text
    check = visitor.get(sent.location)
    registered = visitor.send(check, sent.location, form_token=token_of(check))
    assert re.fullmatch(r"/requests/[0-9]{11}/registered", registered.location)
    return registered.location


def lodged() -> ServiceRequest:
    """Return the only request."""
    with reading() as session:
        return session.query(ServiceRequest).one()


def expected(kind: dict[str, str], household: Household) -> dict[str, Any]:
    """Return the expected stored answers."""
    names = [name for name in kind["fields"].split() if name != "documents"]
    if household.connection.billing_unit != "kVAh":
        names = [name for name in names if name not in ("reading_kvah", "demand_kva")]
    of_the_request = {
        "bill_no": [bill.bill_no for bill in household.bills],
        "reason": (kind["reasons"].split() or [""])[-1],
    }
    return {
        kept_as(RequestField(name)): of_the_request[name] if name in of_the_request else ANSWERS[name][1]
        for name in names
    }


def test_the_packaged_catalogue_offers_eleven_kinds():
    assert len(CATALOGUE) == 11


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("billing_unit", ["kWh", "kVAh"])
@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind["code"])
def test_every_kind_of_the_catalogue_gets_its_number(
    visitor: Visitor, kind: dict[str, str], billing_unit: str
):
    household = consumer_visitor(visitor, billing_unit=billing_unit)

    page = lodge(visitor, household, kind)

    request = lodged()
    assert page.status == 200 and kind["name"] in page.text
    assert request.fields == expected(kind, household)
    assert request.kind == kind["code"]


@pytest.mark.usefixtures("tables")
def test_several_bills_chosen_and_typed_are_in_one_request(visitor: Visitor):
    household = consumer_visitor(visitor)

    lodge(visitor, household, CATALOGUE[0])

    with reading() as session:
        disputed = {row.bill_no for row in session.query(DisputedBill).filter_by(is_open=True)}
        assert disputed == {bill.bill_no for bill in household.bills}
        assert session.query(Document).count() == 2


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("network", ["urban", "rural"])
def test_a_twelfth_kind_is_a_row_of_the_catalogue(visitor: Visitor, tmp_path: Path, network: str):
    household = consumer_visitor(visitor, network=network, billing_unit="kVAh")
    visitor.get(f"/account/{household.account_no}/requests/new")
    extract = tmp_path / "catalogue.csv"
    with extract.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(CATALOGUE[0]))
        writer.writeheader()
        writer.writerows([*CATALOGUE, TWELFTH])

    assert import_extract(ImportOrder("catalogue", extract)).new == 1

    page = lodge(visitor, household, TWELFTH)
    assert "Meter shifting" in page.text
    assert lodged().fields == expected(TWELFTH, household)


@pytest.mark.parametrize(
    ("code", "typed", "error"),
    [
        ("LOAD_CHANGE", {"new_load_kw": "5000"}, "100 times the present load (4 kW)"),
        ("CATEGORY_CHANGE", {"new_category": "LMV-1R"}, "Choose"),
    ],
)
def test_a_change_that_the_connection_cannot_have_is_refused_at_its_field(
    tables: None, visitor: Visitor, code: str, typed: dict[str, str], error: str
) -> None:
    kind = next(each for each in CATALOGUE if each["code"] == code)
    household = consumer_visitor(visitor, network="urban", category="LMV-1U", sanctioned_load_w=4000)

    form = open_form(visitor, household, kind)
    token = form.form(having="form_token").fields["form_token"]
    sent = visitor.send(form, f"/account/{household.account_no}/requests/new", form_token=token, **typed)

    assert sent.status == 422
    assert error in sent.text
    assert "LMV-1R" not in form.text


@pytest.mark.parametrize(
    ("code", "heading"),
    [("BILL_CORRECTION", "Complaint registered"), ("LOAD_CHANGE", "Request registered")],
)
def test_a_change_of_the_connection_is_called_a_request(
    tables: None, visitor: Visitor, code: str, heading: str
) -> None:
    kind = next(each for each in CATALOGUE if each["code"] == code)
    household = consumer_visitor(visitor, network="urban")

    page = visitor.get(registered_page(visitor, household, kind))

    assert heading in page.text
