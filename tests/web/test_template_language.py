"""Pages from templates that are compiled for each language."""

import re
from itertools import product

import pytest
from flask import Flask

from tests.factories import Household, sign_in
from tests.fixtures.complaint_handling import NUMBER, resolve
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.web.language import LANGUAGES
from wss.web.template_language import LanguageEnvironment

# Tokens, captchas and ids differ from page to page.
VARIES = re.compile(r'(?<=value=")[^"]{20,}|[0-9a-f]{32}|(?<=/t/)[A-Z2-7]+')


def pages_of(app: Flask, visitor: Visitor, household: Household) -> list[str]:
    """Return every page that a visitor can open in both languages, in turn, without what varies."""
    values = {"account_no": household.account_no, "bill_no": household.bill_no, "complaint_no": NUMBER}
    adapter = app.url_map.bind("localhost")
    addresses = [
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method="GET")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments <= values.keys() and "." not in rule.rule
    ]
    found = [visitor.get(f"{one}?lang={language}") for one, language in product(addresses, LANGUAGES)]
    return [VARIES.sub("", page.text) for page in found if page.status == 200]


@pytest.mark.parametrize("who", ["consumer", "clerk"])
def test_every_page_reads_as_if_each_text_were_translated_when_it_is_rendered(
    app: Flask, visitor: Visitor, complainant: Household, who: str
):
    resolve()
    if who == "clerk":
        signed_in(visitor, "C1")
    else:
        sign_in(visitor, complainant.consumer)
    by_language = pages_of(app, visitor, complainant)
    assert isinstance(app.jinja_env, LanguageEnvironment)
    app.jinja_env.by_language = {}

    assert len(by_language) > 50
    assert pages_of(app, visitor, complainant) == by_language
