"""Hostile text stays text in a real browser, wherever typed words are shown."""

import os

import pytest
from playwright.sync_api import Dialog, Page, Request

from tests.factories import (
    Household,
    a_household,
    a_service_request,
    address_correction,
    bill_correction,
    given,
)
from tests.fixtures.browsers import OpenPage
from tests.fixtures.site import LiveSite
from wss import clock
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import Connection, Consumer, Document, Event, ServiceRequest

pytestmark = pytest.mark.sqlite_only("what a browser makes of text does not depend on the database")
COMPLAINT_NO = complaint_no_from(1_000_000_900)

BREAKERS = ("", '">', "'>", "</textarea>", "</title>", "--></style>", "{{7*7}}", "\u202e")
ACTIVE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a hx-get=/logout hx-trigger=load>x</a>",
    "<b hx-on:load=alert(1) hx-get=/sitemap hx-trigger=load>x</b>",
    "<i data-hx-post=/logout data-hx-trigger=load>x</i>",
    "<iframe srcdoc=<script>alert(1)</script>>",
    "<form action=//evil.example><button autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content=0;url=/help>",
    "<base href=//evil.example>",
    "<details open ontoggle=alert(1)>",
    "javascript:alert(1)",
    '" autofocus onfocus=alert(1) x="',
)
PAYLOADS = [before + active for before in BREAKERS for active in ACTIVE]
# Every eighth in `make test`: each active text once, and each breaker at least once. All in soak.
CHOSEN = PAYLOADS if os.environ.get("WSS_SOAK") else PAYLOADS[::8]


@pytest.fixture
def family(live_site: LiveSite) -> Household:
    given(*bill_correction(), address_correction())
    own = a_household()
    a_service_request(own, COMPLAINT_NO)
    return own


def spoil(family: Household, payload: str) -> None:
    """Put a payload into every stored text of a consumer, an extract or an officer."""
    with transaction() as session:
        assert family.consumer is not None
        request = session.query(ServiceRequest).one()
        request.fields = {**request.fields, "remarks": payload}
        session.query(Connection).update(
            {"consumer_name": payload, "address": payload, "meter_no": payload[:30]}
        )
        session.query(Consumer).update({"email": payload})
        session.query(Event).update({"remark": payload, "action": "ask", "role": "sdo"})
        session.query(Document).delete()
        session.add(
            Document(
                id="0" * 32,
                consumer_id=family.consumer.id,
                service_request_id=request.id,
                label=payload[:100],
                media_type="image/jpeg",
                size=1,
                storage_key="none",
                scan="not_scanned",
                created_at=clock.now(),
            )
        )


def test_hostile_text_stays_text(open_as_consumer: OpenPage, live_site: LiveSite, family: Household):
    page: Page = open_as_consumer(family.consumer, "/account")
    dialogs: list[str] = []
    strayed: list[str] = []
    visited = [
        "/account",
        f"/account/{family.account_no}",
        f"/account/{family.account_no}/requests/new?request_type=Billing&request=BILL_CORRECTION",
        f"/requests/{COMPLAINT_NO}",
        "/account/settings",
        "/account/data",
    ]

    def note_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def note_request(request: Request) -> None:
        path = request.url.removeprefix(live_site.url)
        is_thumbnail = path.startswith(f"/requests/{COMPLAINT_NO}/documents/") and path.endswith(
            "?size=small"
        )
        if not path.startswith("/static/") and path not in visited and not is_thumbnail:
            strayed.append(path)

    page.on("dialog", note_dialog)
    page.on("request", note_request)
    seen = 0
    for payload in CHOSEN:
        spoil(family, payload)
        for path in visited:
            page.goto(path)
            seen += payload.strip("\u202e")[-20:] in page.content() or "&lt;" in page.content()

    print(
        f"\n{len(CHOSEN)} payloads, {len(visited)} pages, {len(dialogs)} dialogs, {len(strayed)} strayed requests"
    )
    assert seen > len(CHOSEN), "the payloads were not even shown"
    assert (dialogs, strayed) == ([], [])
