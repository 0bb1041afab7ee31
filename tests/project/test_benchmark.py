"""The benchmark compares the site's pages with bare ones, so both must show the same pages."""

import pytest
from flask import Flask

from bench.bare_application import frozen_page, template_app
from bench.keys import COOKIE
from tests.factories import Household, sign_in
from tests.fixtures import complaint_handling
from tests.fixtures.site import Visitor


@pytest.mark.extends_app
def test_the_bare_timeline_is_the_timeline_of_the_site(app: Flask, complainant: Household, visitor: Visitor):
    sign_in(visitor, complainant.consumer)
    address = f"/requests/{complaint_handling.NUMBER}"

    page = frozen_page(app, address, visitor.cookies()[COOKIE])

    assert template_app(app, page).test_client().get(address).data == page.body
