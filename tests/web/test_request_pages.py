"""Asking for a service through the pages: form, documents, check, number, timeline."""

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.factories import Household, a_household, a_service_request, bill_correction, given, sign_in
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import reading, transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import Bill, Connection, Consumer, Document, Draft, KindRow, ServiceRequest


@pytest.fixture
def household(app: Any) -> Household:
    """A registered household, and a catalogue of three kinds."""
    given(
        *bill_correction(),
        KindRow(
            code="ADDRESS_CORRECTION",
            type="Details",
            type_hi="विवरण",
            name="Address correction",
            name_hi="पता संशोधन",
            networks="urban rural",
            fields="new_address pincode remarks documents",
            reasons="",
            target_days=15,
            route_role="sdo",
            route_level="subdivision",
            position=2,
        ),
        KindRow(
            code="PAYMENT_NOT_POSTED",
            type="Billing",
            type_hi="बिल",
            name="Payment not posted",
            name_hi="भुगतान दर्ज नहीं",
            networks="urban",
            fields="bill_no paid_amount paid_on remarks",
            reasons="",
            target_days=7,
            route_role="billing_clerk",
            route_level="subdivision",
            position=3,
        ),
    )
    return a_household()


@pytest.fixture
def at_home(visitor: Visitor, household: Household) -> Visitor:
    """The household's consumer, signed in, reading English."""
    sign_in(visitor, household.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def form_of(household: Household, kind: str = "BILL_CORRECTION", type_: str = "Billing") -> str:
    return f"/account/{household.account_no}/requests/new?request_type={type_}&request={kind}"


def check_of(household: Household) -> str:
    return f"/account/{household.account_no}/requests/check"


def fill(at_home: Visitor, household: Household, **fields: Any) -> Page:
    whole = {"bill_no": [household.bill_no], "reason": "wrong_reading", "reading_kwh": "१,०५०", **fields}
    return at_home.fill(form_of(household), **whole)


def token_of(page: Page) -> list[str]:
    return page.form(having="form_token").fields["form_token"]


def lodge(at_home: Visitor, household: Household, **fields: Any) -> str:
    fill(at_home, household, **fields)
    page = at_home.fill(
        check_of(household),
        form_token=at_home.get(check_of(household)).form(having="form_token").fields["form_token"],
    )
    found = re.fullmatch(r"/requests/([0-9]{11})/registered", page.location)
    assert found, (page.status, page.text)
    return found[1]


def a_photo(name: str = "meter.jpg", size: tuple[int, int] = (640, 480)) -> tuple[io.BytesIO, str]:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", size, "teal").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    return picture, name


def rows(model: Any) -> list[Any]:
    with reading() as session:
        return list(session.execute(sa.select(model)).scalars())


def test_the_choice_lists_every_kind_of_the_network(at_home: Visitor, household: Household):
    page = at_home.get(f"/account/{household.account_no}/requests/new")

    assert "Bill correction" in page.text and "Address correction" in page.text


def test_the_form_knows_name_address_and_meter(at_home: Visitor, household: Household):
    page = at_home.get(form_of(household))

    assert "Pooja Sharma" in page.text and "UP32550680" in page.text and "406, Ward Kumarpur" in page.text


def test_kvah_is_asked_only_where_it_is_billed(at_home: Visitor, household: Household):
    names = at_home.get(form_of(household)).form(having="form_token").names

    assert "reading_kwh" in names and not {"reading_kvah", "demand_kva"} & names


def test_a_connection_billed_by_kvah_is_asked_for_it(at_home: Visitor, household: Household):
    with transaction() as session:
        session.execute(sa.update(Connection).values(billing_unit="kVAh"))

    assert {"reading_kvah", "demand_kva"} <= at_home.get(form_of(household)).form(having="form_token").names


def test_a_filled_form_goes_on_to_the_check(at_home: Visitor, household: Household):
    assert fill(at_home, household).location == check_of(household)


def test_the_check_shows_answers_with_links_to_change_them(at_home: Visitor, household: Household):
    fill(at_home, household, remarks="Nobody came.")

    page = at_home.get(check_of(household))

    assert (
        "1050 kWh" in page.text
        and "Nobody came." in page.text
        and "The reading on the bill is wrong" in page.text
    )
    assert any(link.endswith("#reading_kwh") for link in page.links)


def test_the_check_compares_the_reading_with_the_bill(at_home: Visitor, household: Household):
    fill(at_home, household)

    assert "the bill seems 50 units too high" in at_home.get(check_of(household)).text


def test_registering_leads_to_the_number(at_home: Visitor, household: Household):
    number = lodge(at_home, household)

    page = at_home.get(f"/requests/{number}/registered")

    assert page.find("no").tag == "p"
    assert "100 0000 0016" in page.text and "••••••••10" in page.text and "1912" in page.text


def test_pressing_register_twice_gives_the_same_number(at_home: Visitor, household: Household):
    fill(at_home, household)
    check = at_home.get(check_of(household))

    pages = [at_home.send(check, check_of(household), form_token=token_of(check)) for _ in range(2)]

    assert {page.location for page in pages} == {"/requests/10000000016/registered"}
    assert len(rows(ServiceRequest)) == 1


def test_going_back_to_the_form_after_registering_leads_to_the_complaint(
    at_home: Visitor, household: Household
):
    form = at_home.get(form_of(household))
    whole = {"bill_no": [household.bill_no], "reason": "wrong_reading"}
    at_home.send(form, form_of(household), **whole)
    at_home.fill(check_of(household), form_token=token_of(form))

    assert at_home.send(form, form_of(household), **whole).location == "/requests/10000000016/registered"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("reason", "", "Choose what is wrong"),
        ("reason", "burnt", "Choose one from the list"),
        ("reading_kwh", "many", "A reading has digits only, 9 at most"),
        ("reading_kwh", "-5", "Enter a number without a minus sign"),
        ("bill_no", [], "Choose the bill that is wrong, or type its number"),
        ("bill_no", ["999"], "This bill is not among the bills of this connection"),
        ("bill_no_typed", "NOSUCH", "This bill is not among the bills of this connection"),
        ("bill_no_typed", "' OR 1=1 --", "A bill number has letters and digits only"),
        ("remarks", "x" * 1001, "This is too long: shorten it"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field(
    at_home: Visitor, household: Household, field: str, typed: Any, said: str
):
    page = fill(at_home, household, **{field: typed})

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert said in page.text
    assert f"#{field}" in page.links


def test_a_wrong_entry_keeps_everything_that_was_typed(at_home: Visitor, household: Household):
    page = fill(at_home, household, reading_kwh="many", remarks="Nobody came.\nTwice.")

    form = page.form(having="form_token")
    assert form.fields["reading_kwh"] == ["many"]
    assert form.fields["remarks"] == ["Nobody came.\nTwice."]
    assert form.fields["bill_no"] == [household.bill_no]


def test_errors_are_told_in_hindi(at_home: Visitor, household: Household):
    at_home.client.set_cookie("wss_language", "hi")

    page = fill(at_home, household, reason="")

    assert page.status == 422
    assert not re.search("Choose what is wrong", page.text)


def test_a_half_filled_form_is_offered_again(at_home: Visitor, household: Household):
    fill(at_home, household, reason="", remarks="half")

    assert any("request=BILL_CORRECTION" in link for link in at_home.get("/account").links)
    assert at_home.get(form_of(household)).form(having="form_token").fields["remarks"] == ["half"]


def test_an_sbm_number_can_be_typed(at_home: Visitor, household: Household):
    lodge(at_home, household, bill_no=[], bill_no_typed=household.bills[0].sbm_bill_no.lower())

    assert rows(ServiceRequest)[0].fields["bill_no"] == [household.bills[0].bill_no]


def test_a_bill_in_an_open_complaint_leads_to_that_complaint(at_home: Visitor, household: Household):
    a_service_request(household)

    page = fill(at_home, household)

    assert page.status == 422
    assert "/requests/10000000016" in page.links


def test_a_bill_taken_meanwhile_is_told_with_its_complaint(at_home: Visitor, household: Household):
    fill(at_home, household)
    check = at_home.get(check_of(household))
    other = complaint_no_from(1_000_000_009)
    a_service_request(household, other)

    page = at_home.send(check, check_of(household), form_token=token_of(check))

    assert page.status == 409
    assert f"/requests/{other}" in page.links


def test_a_token_of_another_form_registers_nothing(at_home: Visitor, household: Household):
    fill(at_home, household)

    assert at_home.fill(check_of(household), form_token="x" * 43).status == 404
    assert rows(ServiceRequest) == []


def test_every_word_of_the_vocabulary_makes_a_form(at_home: Visitor, household: Household):
    page = at_home.fill(
        form_of(household, "PAYMENT_NOT_POSTED"),
        bill_no=[household.bill_no],
        paid_amount="₹ 7,50.00",
        paid_on="१८/११/2026",
    )

    assert page.location == check_of(household)
    text = at_home.get(check_of(household)).text
    assert "₹ 750.00" in text and "18-11-2026" in text


def test_choosing_another_kind_without_scripts_shows_its_form(at_home: Visitor, household: Household):
    page = fill(at_home, household, request="PAYMENT_NOT_POSTED", remarks="kept")

    assert "request=PAYMENT_NOT_POSTED" in page.location
    form = at_home.get(page.location).form(having="form_token")
    assert "paid_amount" in form.names and form.fields["remarks"] == ["kept"]


def test_choosing_another_type_without_scripts_lists_its_requests(at_home: Visitor, household: Household):
    page = at_home.get(fill(at_home, household, request_type="Details").location)

    assert "Address correction" in page.text and "Payment not posted" not in page.text


def test_htmx_puts_the_fields_of_another_kind_in_place(at_home: Visitor, household: Household):
    form = at_home.get(form_of(household))

    page = at_home.send(
        form, form_of(household), htmx=True, request_type="Details", request="BILL_CORRECTION", remarks="kept"
    )

    assert page.status == 200 and "<html" not in page.html
    assert page.find("request-fields") is not None
    assert 'name="new_address"' in page.html and ">\nkept</textarea>" in page.html


def test_a_document_is_kept_without_what_the_camera_wrote(at_home: Visitor, household: Household):
    number = lodge(at_home, household, documents=[a_photo()])
    [document] = rows(Document)

    answer = at_home.get(f"/requests/{number}/documents/{document.id}")

    assert answer.status == 200
    assert len(Image.open(io.BytesIO(answer.response.data)).getexif()) == 0
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_refused_document_costs_neither_form_nor_the_other_documents(
    at_home: Visitor, household: Household
):
    page = fill(at_home, household, remarks="kept", documents=[a_photo(), (io.BytesIO(b"<svg/>"), "x.svg")])

    assert page.status == 422
    assert "x.svg was not taken: it is not a JPEG, PNG or PDF" in page.text
    assert "meter.jpg" in page.text and page.form(having="form_token").fields["remarks"] == ["kept"]


def test_a_document_can_be_removed(at_home: Visitor, household: Household):
    fill(at_home, household, documents=[a_photo()])
    [document] = rows(Document)

    page = fill(at_home, household, remove=document.id)

    assert rows(Document) == []
    assert "request=BILL_CORRECTION" in page.location


def test_a_name_of_a_document_is_only_a_label(at_home: Visitor, household: Household):
    fill(at_home, household, documents=[a_photo("../../<script>alert(1)</script>\u202egpj.exe")])

    [document] = rows(Document)
    page = at_home.get(form_of(household))

    assert "/" not in document.label.replace("</script>", "") and "\u202e" not in document.label
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_a_document_that_is_not_cleared_is_withheld(at_home: Visitor, household: Household, scan: str):
    number = lodge(at_home, household, documents=[a_photo()])
    with transaction() as session:
        session.execute(sa.update(Document).values(scan=scan))

    assert at_home.get(f"/requests/{number}/documents/{rows(Document)[0].id}").status == 404


def test_fields_that_a_form_does_not_have_are_not_read(at_home: Visitor, household: Household):
    columns = {
        column.name for model in (ServiceRequest, Draft, Consumer) for column in model.__table__.columns
    }
    ours = {"form_token", "kind", "fields"}
    before = rows(Consumer)[0].__dict__.copy()

    lodge(at_home, household, **{name: "9" for name in columns - ours - {"id"}})

    [request] = rows(ServiceRequest)
    assert (request.status, request.resolution, request.consumer_id) == ("registered", None, before["id"])
    assert set(request.fields) == {"bill_no", "reason", "reading_kwh"}
    assert rows(Consumer)[0].mobile == before["mobile"]


def test_the_timeline_shows_what_was_asked_and_who_has_it(at_home: Visitor, household: Household):
    number = lodge(at_home, household, remarks="Nobody came.")

    page = at_home.get(f"/requests/{number}")

    assert "Complaint registered" in page.text and "Nobody came." in page.text and "05222140891" in page.text
    assert "SMS is being sent" in page.text


def test_the_timeline_tells_what_became_of_the_sms(at_home: Visitor, household: Household, app: Any):
    number = lodge(at_home, household)
    at_home.get(f"/requests/{number}")

    app.extensions["wss"].outbox.deliver_due()

    assert "sent, not yet confirmed" in at_home.get(f"/requests/{number}").text


def test_a_timeline_without_news_answers_in_few_bytes(at_home: Visitor, household: Household):
    number = lodge(at_home, household)

    page = at_home.get(f"/requests/{number}?v=1", htmx=True)

    assert page.status == 204
    head = sum(len(name) + len(value) + 4 for name, value in page.headers.items())
    assert head + len("HTTP/1.1 204 NO CONTENT\r\n\r\n") <= 300


def test_a_timeline_with_news_answers_its_part(at_home: Visitor, household: Household):
    number = lodge(at_home, household)

    page = at_home.get(f"/requests/{number}?v=0", htmx=True)

    assert page.status == 200 and "<html" not in page.html
    assert page.find("request") is not None


def test_a_closed_request_stops_the_asking(at_home: Visitor, household: Household):
    a_service_request(household, status="closed", closing="confirmed")

    page = at_home.get("/requests/10000000016?v=1", htmx=True)

    assert page.status == 286
    assert "hx-get" not in page.html


def test_the_slip_can_be_downloaded(at_home: Visitor, household: Household):
    number = lodge(at_home, household)

    assert at_home.get(f"/requests/{number}/slip.pdf").response.data.startswith(b"%PDF-")


def test_words_of_a_consumer_are_never_html(at_home: Visitor, household: Household):
    number = lodge(at_home, household, remarks="<img src=x onerror=alert(1)> {{7*7}}")

    html = at_home.get(f"/requests/{number}").html

    assert "<img" not in html and "&lt;img src=x" in html and "{{7*7}}" in html


def test_an_open_bill_of_a_former_owner_tells_no_number(at_home: Visitor, household: Household):
    former = given(Consumer(password_hash="x", language="hi", created_at=household.consumer.created_at))  # type: ignore[union-attr]
    a_service_request(household, consumer_id=former.id)

    page = fill(at_home, household)

    assert page.status == 422
    assert "100 0000 0016" not in page.text


def test_an_old_bill_can_be_disputed_by_its_button(at_home: Visitor, household: Household):
    assert len(rows(Bill)) == 3

    page = at_home.get(form_of(household) + f"&bill_no={household.bills[0].bill_no}")

    assert page.form(having="form_token").fields["bill_no"] == [household.bills[0].bill_no]
