"""An authenticator's key that no secret opens: the page says what to do, and nothing fails."""

from typing import Any

import pytest

from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import an_enrolled_employee, code, give_code, give_password

BROKEN = "gAAAAAB" + "A" * 93
WORDS = "can no longer read the key"


def the_page(visitor: Visitor) -> Page:
    """Return the page for setting the authenticator up."""
    return visitor.get("/staff/totp")


def after_a_code(visitor: Visitor) -> Page:
    """Return the page after a code."""
    return give_code(visitor, code())


@pytest.mark.parametrize(
    ("status", "wishes", "ask"), [(422, {}, after_a_code), (409, {"totp_enrolled_at": None}, the_page)]
)
def test_it_is_said_in_a_sentence(database: Any, visitor: Visitor, status: int, wishes: Any, ask: Any):
    an_enrolled_employee(totp_secret_sealed=BROKEN, **wishes)
    visitor.get("/staff/login?lang=en")
    give_password(visitor)

    page = ask(visitor)

    assert page.status == status and WORDS in page.text
