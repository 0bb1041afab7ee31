"""My data without a connection: open on hold and after the last connection is lost."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest

from tests.factories import (
    MOBILE,
    OFFICE,
    PASSWORD,
    Household,
    a_consumer,
    a_household,
    an_ownership,
    given,
    sign_in,
)
from tests.fixtures.my_data import looked
from tests.fixtures.registration import ANOTHER_MOBILE, rows
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.models import Consumer, Ownership

PAGES = ["/account/data", "/account/data/erase", "/account/access", "/account/settings"]
WAITING = {"held_until": timedelta(hours=20)}
LOST = {"ended_at": timedelta(0)}


@pytest.fixture
def home(app: object) -> Household:
    """Return a connection whose true owner has not registered it."""
    return a_household(registered=False, email_on_record="owner@example.in")


def without_a_connection(visitor: Visitor, home: Household, state: dict[str, timedelta]) -> Consumer:
    """Log in a consumer whose only connection is on hold, or lost."""
    consumer = given(a_consumer(mobile=ANOTHER_MOBILE, user_name="new.comer"))
    moments = {name: clock.now() + span for name, span in state.items()}
    given(an_ownership(consumer, home.account_no, **moments))
    sign_in(visitor, consumer)
    visitor.client.set_cookie("wss_language", "en")
    return consumer


def facts_of(home: Household) -> list[str]:
    """Return what the billing system knows of the connection and its owner."""
    known = home.connection
    facts = [known.consumer_name, known.address, known.meter_no, MOBILE, "owner@example.in", "Pooja"]
    return [*facts, *(bill.bill_no for bill in home.bills)]


def copy_of(visitor: Visitor) -> dict[str, str]:
    """Return the files of the copy of all data, as text."""
    visitor.fill("/account/data", form="/account/data/export", password=PASSWORD)
    page = visitor.fill("/account/data", form="/account/data/export")
    assert page.status == 200, page.text
    with ZipFile(io.BytesIO(page.response.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("state", [WAITING, LOST], ids=["on hold", "lost"])
def test_the_waiting_page_leads_to_ones_data(visitor: Visitor, home: Household, state: dict[str, timedelta]):
    without_a_connection(visitor, home, state)

    assert "/account/data" in visitor.get("/held").links


@pytest.mark.parametrize("page_path", [*PAGES, "/held"])
def test_no_page_shows_the_connection_during_the_waiting_time(
    visitor: Visitor, home: Household, page_path: str
):
    without_a_connection(visitor, home, WAITING)

    html = visitor.get(page_path).html

    assert [fact for fact in facts_of(home) if fact in html] == []


def test_a_copy_taken_during_the_waiting_time_holds_nothing_of_the_connection(
    visitor: Visitor, home: Household
):
    without_a_connection(visitor, home, WAITING)

    files = copy_of(visitor)

    whole = "".join(files.values())
    assert ANOTHER_MOBILE in whole
    assert [fact for fact in facts_of(home) if fact in whole] == []
    assert not {"connections.json", "bills.json", "requests.json", "drafts.json"} & set(files)


def test_actions_of_others_on_the_connection_during_the_waiting_time_are_not_shown(
    visitor: Visitor, home: Household
):
    consumer = without_a_connection(visitor, home, WAITING)
    looked(f"connection:{home.account_no}", reason="Pooja Sharma called")
    looked(f"consumer:{consumer.id}", reason="Pooja Sharma called")

    page, files = visitor.get("/account/access"), copy_of(visitor)

    assert "Pooja" not in page.text + "".join(files.values())
    assert "hidden during the waiting period" in page.text
    [entry] = json.loads(files["access_by_staff.json"])
    assert (entry["subject"], entry["office_code"]) == (f"consumer:{consumer.id}", OFFICE)


def test_the_own_registration_and_an_objection_are_shown(visitor: Visitor, home: Household):
    consumer = without_a_connection(visitor, home, WAITING)
    looked(f"connection:{home.account_no}", "register", Actor(Role.CONSUMER, str(consumer.id)))
    looked(f"connection:{home.account_no}", "not_me", Actor(Role.VISITOR))

    text = visitor.get("/account/access").text

    assert "Registered" in text and "this was not me" in text


def test_after_the_waiting_time_everything_is_shown(visitor: Visitor, home: Household):
    without_a_connection(visitor, home, WAITING)
    with transaction() as session:
        session.query(Ownership).one().held_until = clock.now() - timedelta(seconds=1)
    looked(f"connection:{home.account_no}", reason="Caller asked about the bill")

    page, files = visitor.get("/account/access"), copy_of(visitor)

    assert "Caller asked about the bill" in page.text
    assert home.bill_no in files["bills.json"]


@pytest.mark.parametrize("state", [WAITING, LOST], ids=["on hold", "lost"])
def test_erasure_can_be_asked_for_without_a_connection(
    visitor: Visitor, home: Household, state: dict[str, timedelta]
):
    without_a_connection(visitor, home, state)

    page = visitor.fill("/account/data/erase", form="/account/data/erase", password=PASSWORD)

    assert page.location == "/account/data/erase"
    assert "You requested this on" in visitor.get(page.location).text
    assert rows(Consumer)[0].erasure_asked_at is not None


def test_who_lost_the_connection_long_ago_is_erased_at_once(visitor: Visitor, home: Household):
    consumer = without_a_connection(visitor, home, LOST)
    with transaction() as session:
        session.get_one(Consumer, consumer.id).created_at = clock.now() - timedelta(days=400)
        session.query(Ownership).one().created_at = clock.now() - timedelta(days=400)

    page = visitor.fill("/account/data/erase", form="/account/data/erase", password=PASSWORD)

    assert page.location == "/account/erased"
    assert rows(Consumer)[0].closed_at is not None
