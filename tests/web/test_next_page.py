"""The page after login is always a page of this site, whatever `next` says."""

import pytest
from flask import Flask

from tests.fixtures.site import Visitor
from wss.web.next_page import safe_next

OWN = {
    "/": "/",
    "/account": "/account",
    "/account/1234567890": "/account/1234567890",
    "/requests/10000000016": "/requests/10000000016",
    "/account?request=BILL_CORRECTION": "/account?request=BILL_CORRECTION",
    "/help?lang=en&x=1": "/help?lang=en&x=1",
    "/help?to=https://evil.example": "/help?to=https%3A%2F%2Fevil.example",
}
FOREIGN = (
    # another host
    "https://evil.example",
    "http://evil.example/account",
    "HTTPS://evil.example",
    "//evil.example",
    "//evil.example/account",
    "///evil.example",
    "////evil.example/account",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:///account",
    "evil.example",
    "evil.example/account",
    "@evil.example",
    "/@evil.example",
    "//own.invalid@evil.example",
    "https://own.invalid@evil.example",
    "//localhost:80@evil.example/account",
    # backslashes, which some browsers read as slashes
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:\\\\evil.example",
    "/%5cevil.example",
    "/%5C%5Cevil.example",
    "/account\\..\\login",
    # whitespace and control characters, which browsers leave out
    "/%09/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    " /account",
    "/account ",
    "/\n/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/account\r\nLocation: https://evil.example",
    "/account%0d%0aSet-Cookie:%20a=b",
    "/\x00/evil.example",
    "/%00",
    "/account\x7f",
    # other schemes
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "javascript://%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "mailto:a@evil.example",
    "file:///etc/passwd",
    "blob:https://evil.example/1",
    # names that look like others
    "//еvil.example",
    "/аccount",
    "//xn--vil-rma.example",
    "//evil。example",
    "/／evil.example",
    "/%ef%bc%8fevil.example",
    # unusual spellings of addresses
    "/%2f/evil.example",
    "/%2f%2fevil.example",
    "//%2fevil.example",
    "/./account",
    "/../account",
    "/account/..//evil.example",
    "/account#//evil.example",
    "?next=//evil.example",
    "",
    "account",
    "/" + "a" * 2000,
    # on this site, but not pages
    "/nosuchpage",
    "/login",
    "/logout",
    "/language",
    "/livez",
    "/dev/outbox",
    "/captcha/new",
    "/captcha/abc.png",
    "/static/css/wss.css",
)


@pytest.mark.parametrize("value", OWN)
def test_a_page_of_ours_is_where_to_go_next(small_site: Flask, value: str):
    with small_site.app_context():
        assert safe_next(value) == OWN[value]


@pytest.mark.parametrize("value", FOREIGN, ids=range(len(FOREIGN)))
def test_nothing_but_a_page_of_ours_is_where_to_go_next(small_site: Flask, value: str):
    with small_site.app_context():
        assert safe_next(value) is None


def test_no_next_value_is_no_page(small_site: Flask):
    with small_site.app_context():
        assert safe_next(None) is None


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/todo/10000000001/actions", "/todo/10000000001"),
        ("/todo/10000000001/actions?list=/todo?late%3D1", "/todo/10000000001?list=%2Ftodo%3Flate%3D1"),
        ("/requests/10000000001/actions", "/requests/10000000001"),
        ("/revisions/5/actions", "/revisions/5"),
        ("/admin/holidays/undo", "/admin/holidays"),
        ("/account/settings/confirm-email", "/account/settings"),
    ],
)
def test_the_address_of_a_form_leads_to_the_page_above_it(visitor: Visitor, address: str, page: str):
    answer = visitor.client.get(address)

    assert (answer.status_code, answer.location) == (303, page)
