"""P20: what it costs a person to get from the home page to a complaint number: pages, taps, keys, bytes, line time."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import select

from bench.databases import SQLite, configured, reference_tables, settings
from bench.journey_walks import JourneyCost, file_as_newcomer, file_as_returning
from bench.load import HOST
from bench.measure import BenchmarkOptions, Row, limited
from bench.servers import SiteServer
from wss import vault
from wss.db import reading, transaction
from wss.models import Bill, Connection, Message, Office

ACCOUNT_NO = "1000000031"
FIRST_MONTH, FIRST_BILL = date(2026, 4, 1), 200_000_000_000
# Units month by month. Two months are far above the usual: one for each complaint.
UNITS = (104, 97, 1_410, 110, 101, 1_790, 106, 99)
PAGES, TAPS, KEYS, BYTES, LINE_S, RETURNING_PAGES = 8, 13, 35, 60_000, 25, 4
_CHROMIUM = os.environ.get("WSS_CHROMIUM", "/usr/bin/chromium-headless-shell")


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P20."""
    engine = SQLite(options.folder)
    url = engine.fresh("journeys", reference_tables(engine))
    with configured(url):
        _give_bills()
    environ = {**settings(url, options.folder), "WSS_ENV": "development"}
    with SiteServer(environ) as server, configured(url), _phone(server.port) as page:
        first = file_as_newcomer(page, ACCOUNT_NO, _latest_otp)
        again = file_as_returning(page)
    return [
        *_rows("newcomer, registering by OTP", first, PAGES),
        limited("P20", "newcomer: line time at 50 kbit/s and 800 ms", [first.line_seconds], LINE_S, "s"),
        *_rows("returning consumer, logged in", again, RETURNING_PAGES),
        limited("P20", "returning consumer: line time", [again.line_seconds], LINE_S, "s"),
    ]


def _rows(who: str, cost: JourneyCost, pages: int) -> list[Row]:
    journey = f"home page to complaint number, {who}"
    return [
        limited("P20", f"{journey}: pages", [cost.pages], pages, ""),
        limited("P20", f"{who}: taps", [cost.taps], TAPS, ""),
        limited("P20", f"{who}: keys", [cost.keys], KEYS, ""),
        limited("P20", f"{who}: bytes received, {cost.sent:,} B sent", [cost.received], BYTES, "B"),
    ]


def launched(playwright: Playwright) -> Browser:
    """Start Chromium."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=_CHROMIUM, args=sandbox)


@contextmanager
def _phone(port: int) -> Iterator[Page]:
    """Open a page in Chromium with the screen of a cheap phone, in Hindi."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser.new_page(
            base_url=f"http://{HOST}:{port}", viewport={"width": 360, "height": 640}, locale="hi-IN"
        )
        browser.close()


def _latest_otp() -> str:
    """Return the OTP of the newest SMS, which no worker sends here."""
    statement = select(Message.text_sealed).where(Message.notice == "registration_otp")
    with reading() as session:
        sealed = session.execute(statement.order_by(Message.created_at.desc())).scalars().first()
    values: dict[str, str] = json.loads(vault.unseal(sealed or ""))
    return values["otp"]


def _give_bills() -> None:
    """Insert an unregistered connection with its bills."""
    with transaction() as session:
        office = select(Office.code).where(Office.level == "subdivision").order_by(Office.code)
        session.add(_connection(session.execute(office).scalars().first() or ""))
        session.flush()
        session.add_all(_bills())


def _connection(office_code: str) -> Connection:
    return Connection(
        account_no=ACCOUNT_NO,
        network="urban",
        subdivision_code=office_code,
        consumer_name="शकुन्तला देवी",
        address="406, Ward Kumarpur",
        pincode="258534",
        mobile_on_record="9876500031",
        category="LMV-1U",
        sanctioned_load_w=2000,
        billing_unit="kWh",
        meter_no="UP32550680",
        multiplying_factor_milli=1000,
        status="active",
        connected_on=date(2009, 9, 23),
    )


def _bills() -> Iterator[Bill]:
    reading_before = 1_000
    for number, units in enumerate(UNITS):
        start = FIRST_MONTH.replace(month=FIRST_MONTH.month + number)
        end = start.replace(day=28)
        yield Bill(
            bill_no=str(FIRST_BILL + number),
            account_no=ACCOUNT_NO,
            bill_month=f"{start:%Y-%m}",
            period_from=start,
            period_to=end,
            previous_reading=reading_before,
            current_reading=reading_before + units,
            units=units,
            bill_basis="MU",
            issue_date=end,
            due_date=end + timedelta(days=15),
            fixed_charge_paise=220_00,
            energy_charge_paise=550 * units,
            electricity_duty_paise=0,
            other_charge_paise=0,
            arrears_paise=0,
            amount_paise=220_00 + 550 * units,
        )
        reading_before += units
