"""No secret is written to a log, even when every library logs all it can.

The canary of tests/fixtures searches after every test; these are the steps with the most to log.
"""

import logging
from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.canary import Canary
from tests.fixtures.housekeeping import run_housekeeping
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to, token_in
from tests.fixtures.registration_pages import log_in_by_form, name_connection, walk_to_the_end
from tests.fixtures.site import Visitor
from wss.gateways.senders import Parcel
from wss.services.messages.outbox import Outbox
from wss.services.registration import registration

PASSWORD, EMAIL, USER_NAME = "canary yellow feathers", "canary.bird@example.in", "canarybird"


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any, caplog: pytest.LogCaptureFixture) -> Household:
    """Return an unregistered connection; all log records are kept, the canary's findings too."""
    caplog.set_level(logging.DEBUG)
    # Statements with their values are what a database log would contain; the site itself never logs them.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    return a_household(registered=False)


def register(visitor: Visitor, home: Household) -> None:
    walk_to_the_end(
        visitor,
        home,
        mobile=ANOTHER_MOBILE,
        email=EMAIL,
        user_name=USER_NAME,
        password=PASSWORD,
        password_again=PASSWORD,
    )


def test_registering_signing_in_and_every_refusal_on_the_way_log_no_secret(
    visitor: Visitor, home: Household, canary: Canary, tmp_path: Any
):
    name_connection(visitor, home.account_no, "NOSUCH")
    register(visitor, home)
    for password in ("not " + PASSWORD, PASSWORD):
        log_in_by_form(visitor, USER_NAME, password)
    visitor.fill("/held", form="/held/resend")
    visitor.fill("/held", form="/held", otp=otp_sent_to(MOBILE, "hold_otp"))
    address = f"/not-me/{token_in('not_me')}"
    visitor.get(address)
    Outbox(gateways_with(RecordingSender(), tmp_path), "https://wss.example.in").deliver_due()
    run_housekeeping(gateways_with(RecordingSender(), tmp_path))

    assert len(canary.values | canary.codes) >= 10
    assert canary.found() == []


@pytest.mark.parametrize("where", ["message that breaks", "page that breaks"])
def test_not_even_a_fault_of_ours_logs_a_secret(
    visitor: Visitor,
    home: Household,
    caplog: pytest.LogCaptureFixture,
    canary: Canary,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    where: str,
):
    register(visitor, home)
    if where == "message that breaks":

        def break_down(parcel: Parcel) -> None:
            raise RuntimeError(f"{parcel.to}: {parcel.text}")

        Outbox(gateways_with(RecordingSender(break_down), tmp_path), "https://wss.example.in").deliver_due()
    else:
        monkeypatch.setattr(registration, "keep_details", lambda *_: 1 / 0)
        page = name_connection(visitor, "9999999990")
        page = visitor.fill(
            "/register/details",
            form="/register/details",
            email=EMAIL,
            password=PASSWORD,
            password_again=PASSWORD,
            accept_terms="1",
            accept_privacy="1",
        )
        assert page.status == 500 and PASSWORD not in page.html and "ZeroDivision" not in page.html

    assert caplog.records != []
    assert canary.found() == []


def test_a_line_break_that_was_typed_makes_no_second_line_in_a_log(
    visitor: Visitor, home: Household, caplog: pytest.LogCaptureFixture
):
    log_in_by_form(visitor, "x\r\nERROR forged line\u2028", "y\nERROR forged line" * 2)
    visitor.get("/nosuch%0d%0aERROR%20forged%20line")

    assert [record for record in caplog.records if "forged" in record.getMessage()] == []
