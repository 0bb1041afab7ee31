"""The self-check on the request form: remarks about each bill, and the reason that fits them."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_household, given
from tests.fixtures.consumer_session import form_of, token_of
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import reading, transaction
from wss.models import Bill, Connection, Draft, KindRow, Reason

REMARKS = {
    "MU": "the meter was read at 1100",
    "MIN": "the minimum charge for your load",
    "UM": "based on load",
    "ASS": "is treated as defective",
    "CEIL": "unusually high for your load",
    "CDF": "unusually high for your load",
    "NA": "could not get to the meter",
    "NR": "because the meter was not read",
    "PROV": "This bill is provisional",
    "IDF": "without display or burnt",
    "RDF": "a writing mistake",
    "ADF": "the meter may have stopped",
}


@pytest.fixture
def reasons(family: Household) -> None:
    """Insert the catalogue's reasons that match a remark."""
    given(
        Reason(code="reading_not_taken", name="The meter was not read", name_hi="रीडिंग नहीं ली गई"),
        Reason(code="defective_meter", name="The meter is defective", name_hi="मीटर ख़राब है"),
    )
    with transaction() as session:
        kind = session.get_one(KindRow, "BILL_CORRECTION")
        kind.reasons = "wrong_reading reading_not_taken defective_meter other"


def set_basis(family: Household, basis: str) -> None:
    with transaction() as session:
        session.execute(sa.update(Bill).where(Bill.bill_no == family.bill_no).values(bill_basis=basis))


def shown(consumer_visitor: Visitor, family: Household, bill_no: str | None = None) -> Page:
    """Return the form as the button next to a bill opens it."""
    return consumer_visitor.get(f"{form_of(family)}&bill_no={bill_no or family.bill_no}")


def chosen_reason(page: Page) -> list[str]:
    return page.form(having="form_token").fields["reason"]


def compare(consumer_visitor: Visitor, family: Household, htmx: bool = False, **fields: Any) -> Page:
    """Press "Compare with the bill"; without scripts the form is shown again."""
    page = consumer_visitor.fill(
        form_of(family), htmx=htmx, **{"bill_no": [family.bill_no], "show": "compare", **fields}
    )
    return page if htmx else consumer_visitor.get(page.location)


@pytest.mark.parametrize("basis", sorted(REMARKS))
def test_a_bill_says_its_basis_before_anything_is_sent_in_the_readers_language(
    consumer_visitor: Visitor, family: Household, basis: str
):
    set_basis(family, basis)

    english = shown(consumer_visitor, family)
    hindi = consumer_visitor.get(f"{form_of(family)}&bill_no={family.bill_no}&lang=hi")

    assert (REMARKS[basis] in english.text, REMARKS[basis] in hindi.text) == (True, False)
    assert "आपके उत्तर" in hindi.text or "बिल" in hindi.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param((), "Your reading compared with the bill", id="no bill is chosen"),
        pytest.param(
            ("ADDRESS_CORRECTION", "Name or address"), "Compare with the bill", id="the kind has no bills"
        ),
    ],
)
def test_without_a_bill_there_is_nothing_to_compare(
    consumer_visitor: Visitor, family: Household, kind: tuple[str, ...], words: str
):
    assert words not in consumer_visitor.get(form_of(family, *kind)).text


@pytest.mark.parametrize("htmx", [False, True])
def test_the_reading_typed_so_far_is_compared(consumer_visitor: Visitor, family: Household, htmx: bool):
    page = compare(consumer_visitor, family, htmx, reading_kwh="1050")

    assert page.status == 200
    assert "the bill is at least 50 units too high" in page.text


def test_a_bill_by_average_is_compared_with_the_last_actual_reading(
    consumer_visitor: Visitor, family: Household
):
    set_basis(family, "PROV")
    read, last = family.bills[-2], family.bills[-1]

    text = compare(consumer_visitor, family, reading_kwh=str(read.current_reading + 30)).text

    assert f"In September 2026 the meter reading was {read.current_reading}." in text
    assert "Since then your meter has moved 30 units." in text
    assert f"The bill of October 2026 charged {last.units} units by average. Attach a photo" in text
    assert "more since the bill" not in text


@pytest.mark.parametrize("typed", ["100", "999999"])
def test_a_reading_that_cannot_follow_the_last_one_is_doubted(
    consumer_visitor: Visitor, family: Household, typed: str
):
    set_basis(family, "PROV")

    text = compare(consumer_visitor, family, reading_kwh=typed).text

    assert f"you wrote {typed}. Look at the meter again." in text
    assert "too high" not in text


def test_a_typed_bill_number_is_compared_too(consumer_visitor: Visitor, family: Household):
    page = compare(consumer_visitor, family, bill_no=[], bill_no_typed=family.bills[0].sbm_bill_no)

    assert "the meter was read at 900" in page.text


def test_a_bill_is_checked_by_the_load_and_factor_of_its_own_time(
    consumer_visitor: Visitor, family: Household
):
    with transaction() as session:
        session.execute(
            sa.update(Bill).values(units=2000, at_import_load_w=4000, at_import_factor_milli=2000)
        )
        session.execute(sa.update(Connection).values(sanctioned_load_w=1000, multiplying_factor_milli=20_000))

    assert "unusually high" not in compare(consumer_visitor, family, reading_kwh="").text
    assert (
        "the bill is at least 20 units too high" in compare(consumer_visitor, family, reading_kwh="1090").text
    )


def test_several_bills_are_distinguished_by_their_months(consumer_visitor: Visitor, family: Household):
    page = compare(consumer_visitor, family, bill_no=[family.bills[0].bill_no, family.bill_no])

    assert "August 2026: " in page.text and "October 2026: " in page.text


@pytest.mark.parametrize("wrong", ["many", "-1", "9" * 12])
def test_a_reading_that_is_none_is_not_compared(consumer_visitor: Visitor, family: Household, wrong: str):
    assert "the meter was read at 1100" in compare(consumer_visitor, family, reading_kwh=wrong).text


def test_bills_by_kvah_are_compared_with_the_reading_in_kvah(consumer_visitor: Visitor, family: Household):
    with transaction() as session:
        session.execute(sa.update(Connection).values(billing_unit="kVAh"))

    page = compare(consumer_visitor, family, reading_kwh="1", reading_kvah="1090")

    assert "the bill is at least 10 units too high" in page.text


@pytest.mark.usefixtures("reasons")
def test_a_fitting_reason_is_chosen_and_said(consumer_visitor: Visitor, family: Household):
    set_basis(family, "ADF")

    page = shown(consumer_visitor, family)

    assert chosen_reason(page) == ["defective_meter"]
    assert "We have selected a matching reason: The meter is defective." in page.text


@pytest.mark.usefixtures("reasons")
def test_what_the_consumer_chose_stays(consumer_visitor: Visitor, family: Household):
    set_basis(family, "ADF")

    page = compare(consumer_visitor, family, reason="other")

    assert chosen_reason(page) == ["other"]
    assert "We have selected" not in page.text


@pytest.mark.usefixtures("reasons")
def test_what_the_page_chose_gives_way_to_what_fits_better(consumer_visitor: Visitor, family: Household):
    set_basis(family, "ADF")
    page = shown(consumer_visitor, family)

    set_basis(family, "MU")
    page = consumer_visitor.send(page, form_of(family), htmx=True, show="compare", reading_kwh="1050")

    assert '<option value="wrong_reading" selected>' in page.html


def stored_reason() -> str:
    with reading() as session:
        return session.query(Draft).one().fields["answers"]["reason"]


@pytest.mark.usefixtures("reasons")
def test_a_fitting_reason_that_is_left_is_sent(consumer_visitor: Visitor, family: Household):
    set_basis(family, "ADF")
    page = shown(consumer_visitor, family)

    consumer_visitor.send(page, form_of(family), form_token=token_of(page))

    assert stored_reason() == "defective_meter"


def test_comparing_takes_no_answers_back(consumer_visitor: Visitor, family: Household):
    page = shown(consumer_visitor, family)
    consumer_visitor.send(page, form_of(family), form_token=token_of(page), reason="other")

    consumer_visitor.send(page, form_of(family), htmx=True, form_token=token_of(page), show="compare")

    assert stored_reason() == "other"


def test_an_ordinary_bill_chooses_no_reason(consumer_visitor: Visitor, family: Household):
    assert chosen_reason(shown(consumer_visitor, family)) == [""]


def test_another_connections_bill_is_not_looked_into(consumer_visitor: Visitor, family: Household):
    other = a_household("7950761939")

    assert "Your reading compared with the bill" not in shown(consumer_visitor, family, other.bill_no).text
