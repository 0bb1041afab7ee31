"""Consumption, self-check and own data in a real browser: they fit, are accessible, and work without scripts."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    OFFICE,
    PASSWORD,
    Household,
    a_bill,
    a_connection,
    a_consumer,
    an_ownership,
    bill_correction,
    given,
    offices,
)
from tests.fixtures.browsers import OpenPage
from tests.fixtures.consumer_session import form_of
from tests.fixtures.page_checks import (
    accessibility_faults,
    accessibility_faults_once,
    html_faults,
    overflow_faults,
)
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss import clock
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.models import Consent, Reason
from wss.services.shared.audit import record

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")
UNITS = [210, 246, 180, 260, 190, 135, 226, 252, 288, 226, 224, 230, 12808]


@pytest.fixture
def family(live_site: LiveSite) -> Household:
    """Provide a household with a year of bills, one of them provisional, the last far too high."""
    bills = [
        a_bill(
            f"10100000{number:04}",
            bill_month=f"{2025 + (9 + number) // 12}-{(9 + number) % 12 + 1:02}",
            period_from=date(2026, 1, 1),
            period_to=date(2026, 1, 31),
            current_reading=10_000 + sum(UNITS[: number + 1]),
            units=units,
            bill_basis="PROV" if number == 11 else "MU",
        )
        for number, units in enumerate(UNITS)
    ]
    consumer = a_consumer(email="pooja.sharma.of.kumarpur@example.in", user_name="pooja.sharma")
    [first, *rest] = bill_correction()
    not_taken = Reason(code="reading_not_taken", name="The meter was not read", name_hi="रीडिंग नहीं ली गई")
    rest[-1].reasons = "wrong_reading reading_not_taken other"  # type: ignore[attr-defined]
    given(*offices(), a_connection(), *bills, not_taken, first, *rest, consumer)
    given(
        an_ownership(consumer),
        Consent(consumer_id=consumer.id, subject="privacy", version="2026-11", given_at=clock.now()),
    )
    for deed, role in (
        ("view", Role.HELPDESK),
        ("search", Role.HELPDESK_SUPERVISOR),
        ("sign_in", Role.CONSUMER),
    ):
        with transaction():
            who = Actor(role, str(consumer.id), "" if role is Role.CONSUMER else OFFICE)
            record(who, deed, f"consumer:{consumer.id}", reason="Caller asked about the bill of October 2026")
    return Household(a_connection(), bills, consumer)


@pytest.fixture
def open_consumer_page(open_as_consumer: OpenPage, family: Household) -> Any:
    """Return a function that opens pages as the household's consumer."""
    return partial(open_as_consumer, family.consumer)


def addresses(family: Household) -> list[str]:
    account = f"/account/{family.account_no}"
    return [
        "/account",
        f"{account}/consumption",
        f"{form_of(family)}&bill_no={family.bill_no}",
        "/account/data",
        "/account/access",
        "/account/data/erase",
        "/account/erased",
    ]


@pytest.mark.parametrize(("language", "screen"), [("hi", "keypad"), ("en", "phone")])
def test_every_page_fits_and_is_accessible(
    open_consumer_page: Any, family: Household, language: str, screen: str
):
    page = open_consumer_page("/account", screen=screen, language=language)
    faults = []

    for address in addresses(family):
        page.goto(address)
        faults += overflow_faults(page) + accessibility_faults_once(page) + html_faults(page.content())

    none_of(faults)


def open_form(open_consumer_page: Any, family: Household, **options: Any) -> Page:
    """Open the form, unfold the bills and untick the preselected one."""
    page: Page = open_consumer_page(form_of(family), language="en", **options)
    page.click("#bill_no summary")
    page.uncheck("[name=bill_no]:checked")
    return page


def test_choosing_a_bill_compares_it_at_once_and_keeps_what_was_typed(
    open_consumer_page: Any, family: Household
):
    page = open_form(open_consumer_page, family)
    page.fill("#remarks", "The meter is outside.")

    page.check(f"[value='{family.bills[11].bill_no}']")

    expect(page.locator("#self-check")).to_contain_text("This bill is provisional")
    expect(page.locator("#reason")).to_have_value("reading_not_taken")
    expect(page.locator("#remarks")).to_have_value("The meter is outside.")


def test_a_chosen_reason_is_left_alone(open_consumer_page: Any, family: Household):
    page = open_form(open_consumer_page, family)
    page.select_option("#reason", "other")

    page.check(f"[value='{family.bills[11].bill_no}']")

    expect(page.locator("#self-check")).to_contain_text("This bill is provisional")
    expect(page.locator("#reason")).to_have_value("other")


def test_a_reason_chosen_while_the_line_is_slow_stays(open_consumer_page: Any, family: Household):
    page = open_form(open_consumer_page, family)
    waiting: list[Any] = []
    page.route("**/requests/new", lambda route: waiting.append(route))
    page.check(f"[value='{family.bills[11].bill_no}']")
    page.select_option("#reason", "other")

    page.wait_for_timeout(200)
    waiting[0].continue_()

    expect(page.locator("#self-check")).to_contain_text("This bill is provisional")
    expect(page.locator("#reason")).to_have_value("other")


def test_without_scripts_a_button_compares(open_consumer_page: Any, family: Household):
    page = open_form(open_consumer_page, family, scripts=False)
    page.check(f"[value='{family.bills[11].bill_no}']")

    page.locator("[name=show]").click()

    expect(page.locator("#self-check")).to_contain_text("This bill is provisional")
    expect(page.locator("#reason")).to_have_value("reading_not_taken")


def test_comparing_sends_no_photo_and_keeps_it_chosen(open_consumer_page: Any, family: Household):
    page = open_form(open_consumer_page, family)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    page.set_input_files("#documents", [{"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG"}])

    page.fill("#reading_kwh", "1")
    page.check(f"[value='{family.bills[11].bill_no}']")

    expect(page.locator("#self-check")).to_contain_text("provisional (PROV)")
    assert page.evaluate("document.getElementById('documents').files.length") == 1
    assert sent and not any("PNG" in body or "x.png" in body for body in sent)


@pytest.mark.parametrize("scripts", [True, False])
def test_everything_can_be_taken_along(open_consumer_page: Any, family: Household, scripts: bool):
    page = open_consumer_page("/account/data", scripts=scripts)
    page.locator("[action='/account/data/export'] button").click()
    page.fill("#password", PASSWORD)
    page.locator("[value=password]").click()

    with page.expect_download() as download:
        page.locator("[action='/account/data/export'] button").click()

    assert download.value.suggested_filename.endswith(".zip")


@pytest.mark.parametrize("scripts", [True, False])
def test_erasure_is_requested_and_withdrawn(open_consumer_page: Any, family: Household, scripts: bool):
    page = open_consumer_page("/account/data/erase", scripts=scripts, language="en")
    page.locator("[action='/account/data/erase'] .btn").click()
    page.fill("#password", PASSWORD)
    page.locator("[value=password]").click()
    expect(page.locator("main")).to_contain_text("You requested this on")

    page.locator("[action='/account/data/keep'] .btn").click()

    expect(page.locator("[action='/account/data/erase'] .btn")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_password_is_shown_at_its_field(open_consumer_page: Any, family: Household, scripts: bool):
    page = open_consumer_page("/account/data/erase", scripts=scripts, screen="keypad")
    page.locator("[action='/account/data/erase'] .btn").click()
    page.fill("#password", "not my password")

    page.locator("[value=password]").click()

    expect(page.locator("#password-e")).to_be_visible()
    if scripts:
        none_of(overflow_faults(page) + accessibility_faults(page))


@pytest.mark.parametrize("scripts", [True, False])
def test_alerts_are_stopped_with_one_press(open_consumer_page: Any, family: Household, scripts: bool):
    page = open_consumer_page("/account/data", scripts=scripts, language="en")

    page.locator("[action='/account/data/alerts'] [name=wanted]").first.click()

    expect(page.locator("[action='/account/data/alerts'] [name=wanted]").first).to_have_text("Turn on")
