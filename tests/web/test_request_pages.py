"""The pages for lodging a request: choice, form, check, number."""

import io
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_bill, a_service_request, execute, given
from tests.fixtures.complaint_handling import rows
from tests.fixtures.consumer_session import a_photo, check_of, fill, form_of, lodge, token_of
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import Bill, Connection, Consumer, Document, Reason, ServiceRequest


def test_the_choice_lists_every_kind_of_the_network(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(f"/account/{family.account_no}/requests/new")

    assert "Bill correction" in page.text and "Address correction" in page.text


def test_the_form_knows_name_address_and_meter(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(form_of(family))

    assert "Pooja Sharma" in page.text and "UP32550680" in page.text and "406, Ward Kumarpur" in page.text


def unusual_bill(family: Household, number: str = "101000000077", **wishes: Any) -> str:
    """Insert bills of earlier months, one of them far above the usual; return its number."""
    months = {f"2026-0{month}": 100 + month for month in range(3, 7)}
    given(*(a_bill(f"10100000008{n}", bill_month=m, units=u) for n, (m, u) in enumerate(months.items())))
    given(a_bill(number, **{"bill_month": "2026-07", "units": 1790, **wishes}))
    return number


def test_the_bill_far_above_the_usual_is_ticked_with_its_reason(consumer_visitor: Visitor, family: Household):
    execute("UPDATE kind SET reasons = 'too_high other' WHERE code = 'BILL_CORRECTION'")
    given(Reason(code="too_high", name="The bill is too high", name_hi="बिल ज़्यादा है"))
    number = unusual_bill(family)

    fields = consumer_visitor.get(form_of(family)).form(having="form_token").fields

    assert (fields["bill_no"], fields["reason"]) == ([number], ["too_high"])


def test_a_bill_that_is_in_a_complaint_is_not_ticked(consumer_visitor: Visitor, family: Household):
    number = unusual_bill(family)
    lodge(consumer_visitor, family, bill_no=[number])

    assert consumer_visitor.get(form_of(family)).form(having="form_token").fields["bill_no"] == []


def test_a_bill_too_old_for_the_list_is_typed(consumer_visitor: Visitor, family: Household):
    number = unusual_bill(family, bill_month="2025-01")

    page = consumer_visitor.get(f"{form_of(family)}&bill_no={number}")

    assert page.form(having="form_token").fields["bill_no_typed"] == [number]


def test_a_bill_of_another_connection_is_neither_ticked_nor_typed(
    consumer_visitor: Visitor, family: Household
):
    page = consumer_visitor.get(f"{form_of(family)}&bill_no=999000000001")

    assert "999000000001" not in page.html


@pytest.mark.parametrize(("unit", "asked"), [("kWh", set()), ("kVAh", {"reading_kvah", "demand_kva"})])
def test_kvah_is_asked_only_where_it_is_billed(
    consumer_visitor: Visitor, family: Household, unit: str, asked: set[str]
):
    with transaction() as session:
        session.execute(sa.update(Connection).values(billing_unit=unit))

    names = consumer_visitor.get(form_of(family)).form(having="form_token").names

    assert {"reading_kvah", "demand_kva"} & names == asked


def test_the_check_shows_answers_with_links_to_change_them(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family, remarks="Nobody came.")

    page = consumer_visitor.get(check_of(family))

    assert (
        "1050 kWh" in page.text
        and "Nobody came." in page.text
        and "The reading on the bill is wrong" in page.text
    )
    assert any(link.endswith("#reading_kwh") for link in page.links)


def test_the_check_compares_the_reading_with_the_bill(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family)

    assert "the bill is at least 50 units too high" in consumer_visitor.get(check_of(family)).text


def test_registering_leads_to_the_number(consumer_visitor: Visitor, family: Household):
    number = lodge(consumer_visitor, family)

    page = consumer_visitor.get(f"/requests/{number}/registered")

    assert page.find("no").tag == "p"
    assert "100 0000 0016" in page.text and "••••••••10" in page.text and "1912" in page.text


def test_going_back_to_the_form_after_registering_leads_to_the_complaint(
    consumer_visitor: Visitor, family: Household
):
    form = consumer_visitor.get(form_of(family))
    whole = {"bill_no": [family.bill_no], "reason": "wrong_reading"}
    consumer_visitor.send(form, form_of(family), **whole)
    consumer_visitor.fill(check_of(family), form_token=token_of(form))

    assert (
        consumer_visitor.send(form, form_of(family), **whole).location == "/requests/10000000016/registered"
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("reason", "", "Select what is wrong with the bill"),
        ("reason", "burnt", "Choose one from the list"),
        ("reading_kwh", "many", "Enter digits only, at most 9 of them"),
        ("reading_kwh", "-5", "Enter a number without a minus sign"),
        ("bill_no", [], "Choose the bill that is wrong, or type its number"),
        ("bill_no", ["999"], "We cannot find this bill for this connection. Check the number on the bill."),
        (
            "bill_no_typed",
            "NOSUCH",
            "We cannot find this bill for this connection. Check the number on the bill.",
        ),
        ("bill_no_typed", "' OR 1=1 --", "Enter only letters and digits in the bill number"),
        ("remarks", "x" * 1001, "This is too long. Use fewer characters."),
    ],
)
def test_a_wrong_entry_is_shown_at_its_field(
    consumer_visitor: Visitor, family: Household, field: str, typed: Any, words: str
):
    page = fill(consumer_visitor, family, **{field: typed})

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert words in page.text
    assert f"#{field}" in page.links


def test_a_wrong_entry_keeps_everything_that_was_typed(consumer_visitor: Visitor, family: Household):
    page = fill(consumer_visitor, family, reading_kwh="many", remarks="Nobody came.\nTwice.")

    form = page.form(having="form_token")
    assert form.fields["reading_kwh"] == ["many"]
    assert form.fields["remarks"] == ["Nobody came.\nTwice."]
    assert form.fields["bill_no"] == [family.bill_no]


@pytest.mark.parametrize("field", ["bill_no_typed", "bill_no"])
def test_a_bill_that_was_revised_is_told_with_the_one_that_counts_now(
    consumer_visitor: Visitor, family: Household, field: str
):
    a_revised_bill(family)

    page = fill(consumer_visitor, family, **{"bill_no": [], field: family.bill_no, "remarks": "Too high."})

    assert f"Bill {family.bill_no} has been revised. Choose the revised bill RV1." in page.text
    assert f"#{field}" in page.links
    fields = page.form(having="form_token").fields
    assert fields["remarks"] == ["Too high."]
    assert field == "bill_no" or fields["bill_no_typed"] == [family.bill_no]


def test_a_bill_that_is_revised_before_registering_is_told_on_the_check_page(
    consumer_visitor: Visitor, family: Household
):
    fill(consumer_visitor, family)
    page = consumer_visitor.get(check_of(family))
    a_revised_bill(family)

    late = consumer_visitor.send(page, at=check_of(family))

    assert (late.status, rows(ServiceRequest)) == (409, [])
    assert "Choose the revised bill RV1" in late.text


def a_revised_bill(family: Household) -> None:
    with transaction() as session:
        before = session.get_one(Bill, family.bill_no)
        columns = {column.name: getattr(before, column.name) for column in Bill.__table__.columns}
        session.add(Bill(**columns | {"bill_no": "RV1", "sbm_bill_no": None, "revises": family.bill_no}))


def test_a_half_filled_form_is_offered_again(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family, reason="", remarks="half")

    assert any("request=BILL_CORRECTION" in link for link in consumer_visitor.get("/account").links)
    assert consumer_visitor.get(form_of(family)).form(having="form_token").fields["remarks"] == ["half"]


def test_a_bill_in_an_open_complaint_leads_to_that_complaint(consumer_visitor: Visitor, family: Household):
    a_service_request(family)

    page = fill(consumer_visitor, family)

    assert page.status == 422
    assert "/requests/10000000016" in page.links


def test_a_bill_taken_by_another_complaint_is_shown_with_it(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family)
    check = consumer_visitor.get(check_of(family))
    other = complaint_no_from(1_000_000_009)
    a_service_request(family, other)

    page = consumer_visitor.send(check, check_of(family), form_token=token_of(check))

    assert page.status == 409
    assert f"/requests/{other}" in page.links


def test_a_token_of_another_form_registers_nothing(consumer_visitor: Visitor, family: Household):
    fill(consumer_visitor, family)

    assert consumer_visitor.fill(check_of(family), form_token="x" * 43).status == 404
    assert rows(ServiceRequest) == []


def test_every_word_of_the_vocabulary_makes_a_form(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.fill(
        form_of(family, "PAYMENT_NOT_POSTED"),
        bill_no=[family.bill_no],
        paid_amount="₹ 7,50.00",
        paid_on="१८/११/2026",
    )

    assert page.location == check_of(family)
    text = consumer_visitor.get(check_of(family)).text
    assert "₹ 750.00" in text and "18-11-2026" in text


def test_choosing_another_kind_without_scripts_shows_its_form(consumer_visitor: Visitor, family: Household):
    page = fill(consumer_visitor, family, request="PAYMENT_NOT_POSTED", remarks="kept")

    assert "request=PAYMENT_NOT_POSTED" in page.location
    form = consumer_visitor.get(page.location).form(having="form_token")
    assert "paid_amount" in form.names and form.fields["remarks"] == ["kept"]


def test_choosing_another_type_without_scripts_lists_its_requests(
    consumer_visitor: Visitor, family: Household
):
    page = consumer_visitor.get(fill(consumer_visitor, family, request_type="Name or address").location)

    assert "Address correction" in page.text and "Payment made but not shown on the bill" not in page.text


def test_htmx_puts_the_fields_of_another_kind_in_place(consumer_visitor: Visitor, family: Household):
    form = consumer_visitor.get(form_of(family))

    page = consumer_visitor.send(
        form,
        form_of(family),
        htmx=True,
        request_type="Name or address",
        request="BILL_CORRECTION",
        remarks="kept",
    )

    assert page.status == 200 and "<html" not in page.html
    assert page.find("request-fields") is not None
    assert 'name="new_address"' in page.html and ">\nkept</textarea>" in page.html


def test_an_open_bill_of_a_former_owner_discloses_no_number(consumer_visitor: Visitor, family: Household):
    former = given(Consumer(password_hash="x", language="hi", created_at=family.consumer.created_at))  # type: ignore[union-attr]
    a_service_request(family, consumer_id=former.id)

    page = fill(consumer_visitor, family)

    assert page.status == 422
    assert "100 0000 0016" not in page.text


def test_an_old_bill_can_be_disputed_by_its_button(consumer_visitor: Visitor, family: Household):
    assert len(rows(Bill)) == 3

    page = consumer_visitor.get(form_of(family) + f"&bill_no={family.bills[0].bill_no}")

    assert page.form(having="form_token").fields["bill_no"] == [family.bills[0].bill_no]


def test_what_was_changed_in_another_window_is_shown_before_it_is_registered(
    consumer_visitor: Visitor, family: Household
):
    fill(consumer_visitor, family, remarks="first")
    check = consumer_visitor.get(check_of(family))
    fill(consumer_visitor, family, remarks="second")

    page = consumer_visitor.send(check, check_of(family), form_token=token_of(check))

    assert page.status == 409
    assert "second" in page.text and rows(ServiceRequest) == []


def test_a_kind_without_documents_takes_none(consumer_visitor: Visitor, family: Household):
    consumer_visitor.fill(
        form_of(family, "PAYMENT_NOT_POSTED"),
        bill_no=[family.bill_no],
        paid_amount="1",
        documents=[a_photo()],
    )

    assert rows(Document) == []


def test_too_many_megabytes_cost_the_photos_and_not_the_form(consumer_visitor: Visitor, family: Household):
    large = [(io.BytesIO(b"\xff\xd8\xff" + bytes(7_900_000)), f"{n}.jpg") for n in range(4)]

    page = fill(consumer_visitor, family, remarks="kept", documents=large)

    assert page.status == 413
    assert page.form(having="form_token").fields["remarks"] == ["kept"]
    assert "larger than 24 MB" in page.text and rows(Document) == []


def test_each_refused_photo_is_named_at_the_field(consumer_visitor: Visitor, family: Household):
    broken = [(io.BytesIO(b"no picture"), name) for name in ("one.jpg", "two.jpg")]

    page = fill(consumer_visitor, family, documents=broken)

    at_field, summary = ("".join(page.find(each).itertext()) for each in ("documents-e", "error-summary"))
    for name in ("one.jpg", "two.jpg"):
        assert all(f"{name} cannot be opened. Take the photo again." in each for each in (at_field, summary))
