"""P16: whole journeys of new consumers, from the home page over the registration by OTP to a complaint number."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice

from sqlalchemy import select

from bench.benchmark_data import REGISTERED, account_no, bill_no, mobile
from bench.databases import configured, engines, filled, settings
from bench.measure import BenchmarkOptions, Row, informative
from bench.phone import Phone
from bench.processes import computed
from bench.rendered_pages import KIND
from bench.servers import SiteServer
from wss import vault
from wss.db import reading
from wss.models import Message

CLIENTS, PROCESSES = 8, 2
_ANSWERS = {"reason": "wrong_reading", "reading_kwh": "1250", "remarks": "मीटर की रीडिंग बिल से कम है।"}


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P16 on both engines."""
    rows = []
    for engine in engines(options):
        total = options.journeys * (options.runs + 1)
        url = filled(engine, "journey_rate", options.few, REGISTERED, unregistered=total)
        rates, each, pages = [], [], 0
        with SiteServer(settings(url, options.folder), PROCESSES) as server, configured(url):
            numbers = iter(range(REGISTERED + 1, total + REGISTERED + 1))
            for run in range(options.runs + 1):
                before, began = computed(server.pid), time.perf_counter()
                pages = _travelled(server.port, numbers, options.journeys)
                rate = options.journeys / (time.perf_counter() - began)
                used = 1000 * (computed(server.pid) - before) / options.journeys
                # The first run warms up.
                if run:
                    rates.append(rate)
                    each.append(used)
        engine.drop("journey_rate")
        what = f"home page to complaint number by OTP, {pages} pages, {engine.name}"
        rows += [
            informative("P16", f"{what}: processor time of the site for one journey", each, "ms"),
            informative(
                "P16", f"{what}: journeys, {CLIENTS} people, {PROCESSES} processes", rates, "per second"
            ),
        ]
    return rows


def _travelled(port: int, numbers: Iterator[int], count: int) -> int:
    """Send so many people on the journey, several at a time; return the pages of the last one."""
    chosen = list(islice(numbers, count))
    with ThreadPoolExecutor(CLIENTS) as people:
        return list(people.map(partial(_journey, port), chosen))[-1]


def _journey(port: int, number: int) -> int:
    """Register and file a complaint; return how many pages it took, redirects included."""
    phone = Phone(port)
    phone.open("/")
    phone.open("/register")
    phone.submit("/register", {"account_no": account_no(number)})
    phone.submit("/register/details", {"accept_terms": "on", "accept_privacy": "on"})
    phone.submit("/register/verify", {"otp": _otp(number)})
    phone.open(f"/account/{account_no(number)}")
    phone.open(f"/account/{account_no(number)}/requests/new?request={KIND}")
    phone.submit("/requests/new", {"bill_no": bill_no(number), **_ANSWERS})
    phone.submit("/requests/check", {})
    if "/registered" not in phone.address:
        raise RuntimeError(f"no complaint was registered: {phone.address}")
    phone.open(phone.address.replace("/registered", ""))
    phone.close()
    return phone.pages


def _otp(number: int) -> str:
    """Return the OTP of the newest SMS to a consumer, which no worker sends here."""
    statement = select(Message.text_sealed).where(
        Message.recipient == mobile(number), Message.notice == "registration_otp"
    )
    with reading() as session:
        sealed = session.execute(statement.order_by(Message.created_at.desc())).scalars().first()
    values: dict[str, str] = json.loads(vault.unseal(sealed or ""))
    return values["otp"]
