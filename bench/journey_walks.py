"""Walks through the site in Chromium from the home page to a complaint number, which count what they cost a person.

A walk is made by taps and keys only, on a phone with scripts; the same walks are used by `tests/browser`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

# The line for which the time is computed: 2G, with the delay of a round trip.
BITS_PER_S, ROUND_TRIP_S = 50_000, 0.8
# Files of a page are loaded together: a page that loads any waits for one round trip more. No one waits for what is
# fetched or saved in the background; its bytes count. Nor for the scripts of the last page, which shows the number
# before they are there: they do not count.
_WAITED_FOR = ("Document", "XHR")
_READING = "12345"


@dataclass(frozen=True, slots=True)
class JourneyCost:
    """What a walk cost: pages seen, taps, keys, bytes in both directions with headers, and round trips waited for."""

    pages: int
    taps: int
    keys: int
    received: int
    sent: int
    round_trips: int

    @property
    def line_seconds(self) -> float:
        """Return the time that the line needs for the bytes and the round trips, one after the other."""
        return (self.received + self.sent) * 8 / BITS_PER_S + self.round_trips * ROUND_TRIP_S


class PhoneWalk:
    """A person who taps and types on a page, with the count of it. Made before the first page is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.keys = self.pages = self._received = self._sent = 0
        self._trips = 1  # to connect
        self._made: dict[str, list[dict[str, Any]]] = {}
        self._heads: dict[str, list[dict[str, Any]]] = {}
        self._pages_with_files: set[str] = set()
        # Of the page that was asked for last: its loader, its files, and their bytes in each direction.
        self._loader, self._files = "", dict[str, list[int]]()
        page.on("framenavigated", self._page_seen)
        line = page.context.new_cdp_session(page)
        self._line = line
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", self._request_made)
        line.on("Network.requestWillBeSentExtraInfo", self._request_sent)
        line.on("Network.loadingFinished", self._answer_received)

    def forget(self) -> None:
        """Empty the cache and the cookies of the browser."""
        self._line.send("Network.clearBrowserCache")
        self.page.context.clear_cookies()

    def tap(self, what: str, *, leads_on: bool = False) -> None:
        """Tap the first visible element of a selector; `leads_on`: it opens another page."""
        self.taps += 1
        target = self.page.locator(f"{what} >> visible=true").first
        if not leads_on:
            target.click()
            return
        with self.page.expect_navigation():
            target.click()

    def type_into(self, what: str, text: str) -> None:
        """Tap a field and type, one key per character."""
        self.tap(what)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def cost(self) -> JourneyCost:
        """Return the count so far, once the page is loaded."""
        self.page.wait_for_load_state("networkidle")
        trips = self._trips + len(self._pages_with_files - {self._loader})
        late_sent, late_received = (sum(each) for each in zip((0, 0), *self._files.values(), strict=True))
        received, sent = self._received - late_received, self._sent - late_sent
        return JourneyCost(self.pages, self.taps, self.keys, received, sent, trips)

    def _page_seen(self, frame: Any) -> None:
        if frame == self.page.main_frame and frame.url != "about:blank":
            self.pages += 1

    def _request_made(self, event: dict[str, Any]) -> None:
        # A redirect is reported with the request that follows it, under the same id.
        self._received += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))
        self._match(self._made, event)

    def _request_sent(self, event: dict[str, Any]) -> None:
        self._match(self._heads, event)

    def _match(self, events: dict[str, list[dict[str, Any]]], event: dict[str, Any]) -> None:
        """Count a request that left the browser. Its two events come in any order; a cached one has only the first."""
        key = event["requestId"]
        events.setdefault(key, []).append(event)
        while self._made.get(key) and self._heads.get(key):
            self._count(self._made[key].pop(0), self._heads[key].pop(0)["headers"])

    def _count(self, made: dict[str, Any], headers: dict[str, str]) -> None:
        request, kind = made["request"], made.get("type")
        head = sum(len(f"{name}: {value}\r\n") for name, value in headers.items())
        sent = len(f"{request['method']} {urlsplit(request['url']).path} HTTP/1.1\r\n\r\n") + head
        sent += len(urlsplit(request["url"]).query) + int(headers.get("Content-Length", 0))
        self._sent += sent
        if kind == "Document":
            self._loader, self._files = str(made.get("loaderId")), {}
        elif kind == "Script":
            self._files[made["requestId"]] = [sent, 0]
        if kind in _WAITED_FOR:
            self._trips += 1
        elif kind != "Fetch" and "Sec-Purpose" not in headers:
            self._pages_with_files.add(str(made.get("loaderId")))

    def _answer_received(self, event: dict[str, Any]) -> None:
        received = int(event["encodedDataLength"])
        self._received += received
        if event["requestId"] in self._files:
            self._files[event["requestId"]][1] = received


def file_as_newcomer(page: Page, account_no: str, read_otp: Callable[[], str]) -> JourneyCost:
    """Register by OTP and file a complaint about the bill that is preselected, from the home page to its number."""
    walk = PhoneWalk(page)
    walk.forget()
    page.goto("/")
    walk.tap(".hero .pair [href*='/register']", leads_on=True)
    walk.type_into("#account_no", account_no)
    walk.tap("main form .btn", leads_on=True)
    walk.tap("#accept_terms")
    walk.tap("#accept_privacy")
    walk.tap("main form .btn", leads_on=True)
    walk.type_into("#otp", read_otp())
    walk.tap("main form .btn", leads_on=True)
    return _file(walk)


def file_as_returning(page: Page) -> JourneyCost:
    """File a complaint in a session that lasts, from the home page to its number."""
    walk = PhoneWalk(page)
    page.goto("/")
    walk.tap(".hero .btn", leads_on=True)
    return _file(walk)


def file_by_password(page: Page, login: str, password: str, solve: Callable[[], str]) -> JourneyCost:
    """Log in and file a complaint, from the home page to its number."""
    walk = PhoneWalk(page)
    page.goto("/")
    walk.tap(".hero .pair [href*='/login']", leads_on=True)
    walk.type_into("#login", login)
    walk.type_into("#password", password)
    walk.type_into("#captcha-answer", solve())
    walk.tap("form[action*='/login'] .btn", leads_on=True)
    return _file(walk)


def log_in_by_otp(page: Page, account_no: str, bill_no: str, read_otp: Callable[[], str]) -> JourneyCost:
    """Log in on a phone that the site does not know, from the home page to the account."""
    walk = PhoneWalk(page)
    walk.forget()
    page.goto("/")
    walk.tap(".hero .pair [href*='/login']", leads_on=True)
    walk.tap("main [href*='/login/otp']", leads_on=True)
    walk.type_into("#bill_no", bill_no)
    walk.type_into("#account_no", account_no)
    walk.tap("main form .btn", leads_on=True)
    walk.type_into("#otp", read_otp())
    walk.tap("main form .btn", leads_on=True)
    return walk.cost()


def track(page: Page, complaint_no: str, last_digits: str) -> JourneyCost:
    """Read the status of a complaint by its number, from the home page, on a phone that the site does not know."""
    walk = PhoneWalk(page)
    walk.forget()
    page.goto("/")
    walk.type_into("#complaint_no", complaint_no)
    walk.type_into("#mobile_last4", last_digits)
    walk.tap("form[action*='/track'] .btn", leads_on=True)
    page.wait_for_selector("#found")
    return walk.cost()


def _file(walk: PhoneWalk) -> JourneyCost:
    """Fill in the form about the preselected bill and send it."""
    walk.type_into("#reading_kwh", _READING)
    walk.tap(".part > .btn")
    walk.tap("#request-fields > .btn", leads_on=True)
    walk.page.wait_for_url("**/requests/check")
    walk.tap("main form .btn", leads_on=True)
    walk.page.wait_for_selector("#done")
    return walk.cost()
