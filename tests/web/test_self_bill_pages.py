"""The pages on which a consumer generates a bill: reading, check, confirmation, and where the bill is."""

import gzip
import io
from typing import Any

import pytest

from tests.factories import Household, given, sign_in_staff, update_rows
from tests.fixtures.bill_revision import change
from tests.fixtures.complaint_handling import rows
from tests.fixtures.consumer_session import a_photo, lodge
from tests.fixtures.pages import Page
from tests.fixtures.self_bills import READING, may_generate, the_bill, the_real_bill
from tests.fixtures.site import Visitor
from tests.web.test_my_data_copy import exported, table
from wss.gateways.senders import SendFailed
from wss.models import Bill, Connection, GeneratedBill, SelfBillRuleRow, Staff
from wss.services.revisions.billing_posts import BillingPosts


@pytest.fixture
def at_home(frozen_clock: Any, family: Household, consumer_visitor: Visitor) -> Visitor:
    """Provide the consumer of a household that may generate a bill."""
    may_generate(family)
    return consumer_visitor


@pytest.fixture
def page_of(family: Household) -> str:
    """Provide the address of the form."""
    return f"/account/{family.account_no}/self-bill"


class Refusing:
    """A billing system that refuses."""

    def take_generated(self, payload: dict[str, Any]) -> None:
        raise SendFailed("gateway 422", again=False)


def checked(at_home: Visitor, page_of: str, reading: object = READING) -> Page:
    return at_home.fill(page_of, form=f"{page_of}/check", reading_kwh=str(reading))


def confirmed(at_home: Visitor, page_of: str, **fields: Any) -> Page:
    page = checked(at_home, page_of)
    return at_home.send(page, page_of, form=page_of, confirm="1", **fields)


def words(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


@pytest.mark.parametrize("typed", ["1220", "१,२२०", "1220.9"])
def test_the_check_page_shows_every_line_and_how_it_was_computed(at_home: Visitor, page_of: str, typed: str):
    text = words(checked(at_home, page_of, typed))

    for line in ("1220 − 1100", "2 kW × ₹ 110.00 × 1 month", "120 × ₹ 5.50", "₹ 44.00 5 %", "₹ 924.00"):
        assert line in text


def test_the_confirmed_bill_is_in_the_list_of_bills_marked_as_provisional(
    at_home: Visitor, family: Household, page_of: str
):
    answer = confirmed(at_home, page_of, documents=[a_photo()])

    assert (answer.status, answer.location) == (303, f"{page_of}?done=1")
    shown, bills = at_home.get(answer.location), at_home.get(f"/account/{family.account_no}/bills")
    assert "Your bill is generated." in shown.text and the_bill().number in shown.text
    assert at_home.get(f"{page_of}/photo").response.mimetype == "image/jpeg"
    assert "provisional, self-generated" in bills.text and the_bill().number in bills.text


def test_confirmed_in_a_second_tab_it_is_the_same_bill(at_home: Visitor, page_of: str):
    first, second = checked(at_home, page_of), checked(at_home, page_of)
    at_home.send(first, page_of, form=page_of, confirm="1")

    answer = at_home.send(second, page_of, form=page_of, confirm="1")

    assert "There is only one for each period." in at_home.get(answer.location).text
    assert the_bill().units == 120


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter the reading on the meter"),
        ("12a", "Enter digits only, at most 9 of them"),
        ("1099", "The reading is less than 1100"),
        ("99999", "Your load cannot use so much"),
    ],
)
def test_a_reading_that_gives_no_bill_is_refused_at_its_field_and_kept(
    at_home: Visitor, page_of: str, typed: str, error: str
):
    page = checked(at_home, page_of, typed)

    assert page.status == 422 and error in "".join(page.find("reading_kwh-e").itertext())
    assert page.form(having="reading_kwh").fields["reading_kwh"] == [typed]


@pytest.mark.parametrize("typed", ["23-11-2026", "2026-11-25", "yesterday"])
def test_a_reading_of_another_day_is_refused_and_the_form_then_asks_for_that_of_today(
    at_home: Visitor, page_of: str, typed: str
):
    page = at_home.fill(page_of, form=f"{page_of}/check", reading_kwh="1220", read_on=typed)

    error = "Enter the reading that the meter shows today."
    assert page.status == 422 and error in "".join(page.find("reading_kwh-e").itertext())
    assert page.form(having="reading_kwh").fields["read_on"] == ["24-11-2026"]


@pytest.mark.parametrize("typed", ["", "24-11-2026", "2026-11-24", "२४/११/२०२६"])
def test_a_reading_of_today_gives_a_bill_however_the_day_is_written(
    at_home: Visitor, page_of: str, typed: str
):
    page = at_home.fill(page_of, form=f"{page_of}/check", reading_kwh="1220", read_on=typed)

    assert page.status == 200 and "₹ 924.00" in words(page)


def test_a_check_page_of_yesterday_confirms_nothing(at_home: Visitor, page_of: str):
    answer = confirmed(at_home, page_of, read_on="23-11-2026")

    assert answer.status == 422 and "Enter the reading that the meter shows today." in answer.text
    assert rows(GeneratedBill) == []


def test_the_address_of_the_form_shows_the_bill_and_generates_it_only_when_it_is_confirmed(
    at_home: Visitor, page_of: str
):
    form = at_home.get(page_of).form(having="reading_kwh")
    page = at_home.post(page_of, {**form.fields, "reading_kwh": "1220"})

    assert page.status == 200 and "₹ 924.00" in words(page) and rows(GeneratedBill) == []
    assert "confirm" in page.form(action=page_of).names
    assert at_home.send(page, page_of, form=page_of, confirm="1").location == f"{page_of}?done=1"


def test_an_unusual_reading_has_to_be_confirmed(at_home: Visitor, page_of: str):
    page = checked(at_home, page_of, 1400)
    unsure = at_home.send(page, page_of, form=page_of, confirm="1")

    assert "300 units are far more than your usual: about 100 a month." in page.text
    assert unsure.status == 422 and "then tick that the reading is right" in unsure.text
    assert at_home.send(unsure, page_of, form=page_of, confirm="1", sure="1").location == f"{page_of}?done=1"


def test_figures_that_have_changed_are_shown_before_they_are_confirmed(
    at_home: Visitor, family: Household, page_of: str
):
    page = checked(at_home, page_of)
    change(Bill, family.bill_no, paid_amount_paise=700_00)

    answer = at_home.send(page, page_of, form=page_of, confirm="1")

    assert answer.status == 422 and "The figures have changed" in answer.text and "₹ 974.00" in words(answer)


def test_a_photo_that_cannot_be_opened_is_refused_at_its_field(at_home: Visitor, page_of: str):
    broken = (io.BytesIO(b"\xff\xd8\xff"), "meter.jpg")

    answer = confirmed(at_home, page_of, documents=[broken])

    assert answer.status == 422 and "Take the photo again." in "".join(answer.find("documents-e").itertext())


@pytest.mark.parametrize(
    ("model", "columns", "reason"),
    [
        (SelfBillRuleRow, {"switched_on": False}, "does not offer this yet"),
        (SelfBillRuleRow, {"max_load_w": 1500}, "above 1.5 kW"),
        (SelfBillRuleRow, {"least_days": 40}, "You can generate the next one from 09-12-2026."),
        (Connection, {"billing_unit": "kVAh"}, "is not billed in kWh"),
        (Bill, {"bill_basis": "NR"}, "Your last bill is not based on a reading"),
    ],
)
def test_who_may_not_is_told_why_and_what_to_do(
    at_home: Visitor, page_of: str, model: Any, columns: dict[str, Any], reason: str
):
    update_rows(model, **columns)

    page = at_home.get(page_of)

    assert reason in page.text and 'name="reading_kwh"' not in page.html


@pytest.mark.parametrize("switched_on", [True, False])
def test_the_connection_leads_there_only_where_the_discom_has_it_on(
    at_home: Visitor, family: Household, page_of: str, switched_on: bool
):
    update_rows(SelfBillRuleRow, switched_on=switched_on)

    for tab in ("", "/bills"):
        assert (page_of in at_home.get(f"/account/{family.account_no}{tab}").html) is switched_on


def test_a_refusal_is_shown_to_the_consumer_and_to_staff_who_see_to_deliveries(
    at_home: Visitor, another_visitor: Visitor, page_of: str
):
    confirmed(at_home, page_of)
    BillingPosts(Refusing()).deliver_due()  # type: ignore[arg-type]
    given(Staff(employee_id="Z1", name="Z1", role="head_office", office_code="PVVNL", mobile="9026114400"))
    sign_in_staff(another_visitor, "Z1")
    another_visitor.client.set_cookie("wss_language", "en")

    assert "billing system answered 422. Do not pay it." in at_home.get(page_of).text
    assert f"{the_bill().number} (self-generated)" in another_visitor.get("/messages").text


def test_the_real_bill_takes_its_place(at_home: Visitor, family: Household, page_of: str):
    confirmed(at_home, page_of)
    given(the_real_bill())

    bills = at_home.get(f"/account/{family.account_no}/bills").text
    page = at_home.get(page_of)

    assert "self-generated" not in bills
    assert f"/account/{family.account_no}/bills/101000000099" in page.html and the_bill().number in page.text


def test_the_copy_of_all_data_has_the_generated_bill_with_its_photo(at_home: Visitor, page_of: str):
    confirmed(at_home, page_of, documents=[a_photo()])

    archive = exported(at_home)

    assert [row["number"] for row in table(archive, "generated_bills")] == [the_bill().number]
    assert [row["generated_bill_id"] for row in table(archive, "documents")] == [the_bill().id]


def test_a_last_bill_in_a_complaint_is_pointed_out(at_home: Visitor, family: Household, page_of: str):
    lodge(at_home, family)

    assert "Your last bill is in a complaint." in checked(at_home, page_of).text


def test_a_last_bill_without_a_reading_is_not_offered_for_a_second_complaint(
    at_home: Visitor, family: Household, page_of: str
):
    lodge(at_home, family)
    update_rows(Bill, bill_basis="NR")

    page = at_home.get(page_of)

    assert "It is already in a complaint: wait for the decision." in page.text
    assert "Dispute this bill" not in page.text


def test_both_pages_fit_the_budget_of_a_later_visit(at_home: Visitor, page_of: str):
    at_home.client.set_cookie("wss_language", "hi")
    at_home.get(page_of)
    pages = [at_home.get(page_of), checked(at_home, page_of, 1400)]

    for page in pages:
        assert len(gzip.compress(page.response.data)) <= 5_000
