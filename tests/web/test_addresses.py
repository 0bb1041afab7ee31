"""Query parameters: no page repeats text of its address, and no value breaks a page."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote

import lxml.etree
import lxml.html
from flask import Flask
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
# The text of half a surrogate pair, and of NUL, as bytes of an address.
RAW = ("%ED%A0%80", "%00", "%FF")


@cache
def names_read(where: str = "wss/web") -> frozenset[str]:
    """Return every name under which the code reads a value from an address."""
    texts = [path.read_text() for path in Path(where).rglob("*.py")]
    return frozenset({name for text in texts for pair in _READ.findall(text) for name in pair if name}).union(
        LOOPED
    )


def names_read_by_package(rule: Rule, offices: AccessOffices) -> frozenset[str]:
    """Return the names that the package of the page's view reads."""
    view = offices.site.app.view_functions[rule.endpoint]
    return names_read(str(Path(*view.__module__.split(".")[:3]))).difference(LOOPED)


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


def test_no_page_says_text_out_of_its_address(access_offices: AccessOffices):
    repeated = []
    for who, rule in visits(access_offices):
        own = own_path(access_offices, rule)
        asked = "&".join(f"{name}={MARK}" for name in sorted(names_read()))
        texts = [f"{own}?{asked}", f"{own}?{asked.replace(MARK, NUMBER)}"]
        for name in rule.arguments:
            part = rule.rule.replace(f"<{name}>", MARK)
            texts.append(re.sub(r"<[^>]*?(\w+)>", lambda found: OPEN_VALUES.get(found[1], "1"), part))
        for path in texts:
            text = text_of(answer_of(access_offices, who, path))
            repeated += [f"{path} as {who}"] if MARK in text or NUMBER in text else []

    assert not repeated, "\n".join(repeated)


def test_no_value_in_an_address_breaks_a_page(access_offices: AccessOffices):
    values = (*(quote(odd) for odd in ODD), *RAW)
    names = sorted(names_read())
    broken = []
    for rule, visits_of_page in groupby(visits(access_offices), key=itemgetter(1)):
        own, who_may = own_path(access_offices, rule), [who for who, _rule in visits_of_page]
        for place, who in enumerate(who_may):
            # Each page gets every value; the users with access share the values out.
            mine = values[place :: len(who_may)]
            paths = [f"{own}?{'&'.join(f'{name}={value}' for name in names)}" for value in mine]
            if place == 0:
                # Also one name at a time: of several wrong values only the first is looked at.
                paths += [
                    f"{own}?{name}={values[0]}"
                    for name in sorted(names_read_by_package(rule, access_offices))
                ]
            broken += [path[:90] for path in paths if answer_of(access_offices, who, path).status_code >= 500]

    assert broken == []
