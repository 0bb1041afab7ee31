"""Addresses that are built the short way are Flask's own."""

import pytest
from flask import Flask

PAGES = ("/", "/hi/help", "/todo?list=/pending", "/todo/10000000016?list=/pending")
# A value for each argument; one that is not in the address, and one that is left out.
GIVEN = {"extra": "a b/ü", "left_out": None}


@pytest.mark.parametrize("page", PAGES)
def test_every_address_is_that_of_flask(app: Flask, page: str):
    with app.test_request_context(page):
        for rule in app.url_map.iter_rules():
            values = dict.fromkeys(rule.arguments, "3") | GIVEN

            assert app.url_for(rule.endpoint, **values) == Flask.url_for(app, rule.endpoint, **values)
