"""Query parameters: no page repeats text of its address, and no value breaks a page."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import cycle, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import lxml.etree
import lxml.html
import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.fixtures.access_offices import EMPLOYEES, AccessOffices
from tests.project.endpoints import endpoint_of
from tests.project.matrix import OPEN_VALUES, address

MARK = "zwodadtrih"
# Looks like a complaint number and like a telephone number.
NUMBER = "18001801234"
PEOPLE = ("signed out", "owner", "sdo here", "admin here", "helpdesk here", "helpdesk_supervisor here")
_READ = re.compile(
    r'(?:args|asked|given|told)(?:\.get(?:list)?\(|\[)"(\w+)"|"(\w+)" (?:not )?in request\.args'
)
LOOPED = (
    *("type", "user", "user_id", "start", "end", "status", "account_no", "office", "late", "escalated"),
    *("from", "to", "kind", "list", "sort", "month", "lang"),
)
ODD = (
    *("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "-1", "9" * 19, "9" * 4400, "NaN", "Infinity"),
    *("²", "٣", "0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01.1", "2026-11-24.999999999999999999"),
    *("9999-99", "1e999", "\U0001f600", "a" * 3000, "", "[]"),
)
# What the parts read that many pages share. Each of these names gets every value, one page after the other.
OF_MANY_PAGES = {"lang", "registered", "coded", "next", "over", "list"}
# The text of half a surrogate pair, and of NUL, as bytes of an address.
RAW = ("%ED%A0%80", "%00", "%FF")


class NotedArguments(ImmutableMultiDict[str, str]):
    """Query parameters that note the names under which a page reads them."""

    noted: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.noted.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.noted.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *options: Any) -> Any:
        """Return every value of a name."""
        self.noted.add(name)
        return super().getlist(name, *options)


@cache
def names_read() -> frozenset[str]:
    """Return every name under which the code reads a value from an address."""
    texts = [path.read_text() for path in Path("wss/web").rglob("*.py")]
    return frozenset({name for text in texts for pair in _READ.findall(text) for name in pair if name}).union(
        LOOPED
    )


@pytest.fixture
def noted(access_offices: AccessOffices, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names under which pages have read values from their address."""
    monkeypatch.setattr(access_offices.site.app.request_class, "parameter_storage_class", NotedArguments)
    return NotedArguments.noted


def pages(app: Flask) -> Iterator[Rule]:
    """Yield every address that answers GET with a page."""
    skipped = ("static", "dev.", "public.captcha_picture", "public.captcha_sound")
    return (
        r
        for r in app.url_map.iter_rules()
        if "GET" in (r.methods or ()) and not r.endpoint.startswith(skipped)
    )


def visits(offices: AccessOffices) -> Iterator[tuple[str, Rule]]:
    """Yield each page with the users who open it: staff open theirs, everyone else all others."""
    for rule in pages(offices.site.app):
        if rule.rule.startswith("/en/"):
            # The view of /hi/…, which is visited.
            continue
        endpoint = endpoint_of(rule)
        for who in PEOPLE:
            role_fits = (
                who in EMPLOYEES
                and isinstance(endpoint.access, frozenset)
                and EMPLOYEES[who][0] in endpoint.access
            )
            if role_fits or (endpoint and not endpoint.is_of_staff and who not in EMPLOYEES):
                yield who, rule


def answer_of(offices: AccessOffices, who: str, path: str) -> TestResponse:
    client = offices.site.app.test_client()
    client.set_cookie("wss", offices.site.cookies[who])
    return client.get(path)


def text_of(answered: TestResponse) -> str:
    """Return the visible text of a page; the text of a redirect is not shown."""
    is_page = answered.mimetype == "text/html" and answered.status_code not in range(300, 400)
    html = answered.get_data(as_text=True) if is_page else ""
    if not html.strip():
        return ""
    root = lxml.html.fromstring(html)
    # Values entered into a filter are shown in it again.
    lxml.etree.strip_elements(root, "option", "textarea", with_tail=False)
    # Numbers are shown in groups, each in its own element.
    return "".join("".join(root.itertext()).split())


def own_path(offices: AccessOffices, rule: Rule) -> str:
    home = offices.site.things["home"]
    known = {name: str(getattr(home, name)) for name in rule.arguments if hasattr(home, name)}
    return address(offices.site.app, rule, {**OPEN_VALUES, **known})


def test_no_page_says_text_out_of_its_address(access_offices: AccessOffices, noted: set[str]):
    repeated = []
    for who, rule in visits(access_offices):
        own = own_path(access_offices, rule)
        asked = "&".join(f"{name}={MARK}" for name in sorted(names_read()))
        texts = [f"{own}?{asked}"]
        for name in rule.arguments:
            part = rule.rule.replace(f"<{name}>", MARK)
            texts.append(re.sub(r"<[^>]*?(\w+)>", lambda found: OPEN_VALUES.get(found[1], "1"), part))
        noted.clear()
        for path in texts:
            text = text_of(answer_of(access_offices, who, path))
            repeated += [f"{path} as {who}"] if MARK in text or NUMBER in text else []
            if path == texts[0] and noted - OF_MANY_PAGES:
                texts.append(texts[0].replace(MARK, NUMBER))

    assert not repeated, "\n".join(repeated)


def test_no_value_in_an_address_breaks_a_page(access_offices: AccessOffices, noted: set[str]):
    values = [*(quote(odd) for odd in ODD), *RAW]
    every = sorted(names_read())
    broken, alone = [], set[str]()

    def open_with(who: str, own: str, names: Iterable[str], value: str) -> None:
        path = f"{own}?{'&'.join(f'{name}={value}' for name in names)}"
        if answer_of(access_offices, who, path).status_code >= 500:
            broken.append(path[:90])

    for rule, visits_of_page in groupby(visits(access_offices), key=itemgetter(1)):
        own, people = own_path(access_offices, rule), cycle(who for who, _rule in visits_of_page)
        noted.clear()
        open_with(next(people), own, (), "")
        # A page that reads only what many pages read gets one value, the next page the next one.
        for number, value in enumerate(values):
            if number == 0 or noted - OF_MANY_PAGES:
                # The users with access share the values out.
                open_with(next(people), own, every, value)
        values.append(values.pop(0))
        # One name at a time: of several wrong values only the first is looked at.
        tried = set(alone)
        while left := noted - tried:
            for name in sorted(left):
                open_with(next(people), own, [name], ODD[0])
            tried |= left
        alone |= tried & OF_MANY_PAGES

    assert broken == []
