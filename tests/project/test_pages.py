"""Every page with an address of its own is valid HTML in both languages, with a title and a link to 1912."""

import re

import pytest
from flask import Flask

from tests.factories import a_household, sign_in
from tests.fixtures.page_checks import html_faults
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.project.tree import none_of


def addresses(app: Flask) -> list[str]:
    """Return every address without a parameter."""
    return sorted(
        str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    )


def page_faults(page: Page, language: str) -> list[str]:
    """Return what is missing on the page of what every page has."""
    faults = html_faults(page.html)
    faults += [] if page.root.get("lang") == language else [f"<html lang={page.root.get('lang')!r}>"]
    faults += [] if re.search(r" · WSS$", page.title) else [f"the title is {page.title!r}"]
    faults += [] if len(list(page.root.iter("h1"))) == 1 else ["not one <h1>"]
    faults += [] if page.root.find(".//main") is not None else ["no <main>"]
    faults += [] if "tel:1912" in page.links else ["no way to 1912"]
    return faults


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("signed_in", [False, True], ids=["signed_out", "signed_in"])
def test_every_page_is_whole(app: Flask, visitor: Visitor, language: str, signed_in: bool):
    household = a_household()
    if signed_in:
        sign_in(visitor, household.consumer)

    pages = {address: visitor.get(f"{address}?lang={language}") for address in addresses(app)}

    whole = {address: page for address, page in pages.items() if page.status < 300 and "<html" in page.html}
    assert len(whole) > 5
    none_of(
        [f"{address}: {fault}" for address, page in whole.items() for fault in page_faults(page, language)]
    )


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><html><p><table></p>",
        "<!doctype html><title>x</title><p id=a></p><p id=a></p>",
        "<!doctype html><title>x</title><label for=nowhere>Bill number</label>",
        "<!doctype html><title>x</title><input name=bill_no>",
    ],
)
def test_broken_html_is_seen(html: str):
    assert html_faults(html)


def test_good_html_passes():
    html = "<!doctype html><html lang=hi><title>x</title><label for=a>A</label><input id=a name=a><p id=b></p></html>"

    assert html_faults(html) == []
