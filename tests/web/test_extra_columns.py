"""Mass assignment: a form writes its own fields; additional columns in a request are not changed."""

from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.consumer_session import check_of, fill
from tests.fixtures.my_data import kept
from tests.fixtures.site import Visitor
from wss.db import reading
from wss.models import Consumer, ServiceRequest

OWN_FIELDS_OF_SETTINGS = {"language", "sms_alerts", "email_alerts", "email"}
PLANTED = "7777777"


def columns(table: Any, without: set[str]) -> dict[str, str]:
    """Return every column of a table except some, with a value that no row has."""
    return {column.name: PLANTED for column in table.__table__.columns if column.name not in without}


def values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_settings_write_no_other_column_of_the_consumer(consumer_visitor: Visitor, family: Household):
    before = values(kept(family))
    extra: dict[str, Any] = columns(Consumer, OWN_FIELDS_OF_SETTINGS)

    consumer_visitor.fill("/account/settings", form="/account/settings", language="en", email="", **extra)

    after = values(kept(family))
    assert {name: after[name] for name in extra} == {name: before[name] for name in extra}


@pytest.mark.parametrize("step", ["form", "check"])
def test_a_complaint_takes_no_column_that_is_sent_along(
    consumer_visitor: Visitor, family: Household, step: str
):
    extra: dict[str, Any] = columns(ServiceRequest, {"remarks", "form_token"})
    fill(consumer_visitor, family, **(extra if step == "form" else {}))
    page = consumer_visitor.get(check_of(family))
    token = page.form(having="form_token").fields["form_token"]
    consumer_visitor.fill(check_of(family), form_token=token, **(extra if step == "check" else {}))

    with reading() as session:
        row = session.query(ServiceRequest).one()
    assert PLANTED not in {str(value) for value in values(row).values()}
