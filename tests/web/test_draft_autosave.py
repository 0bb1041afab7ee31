"""A long form is saved while it is filled in: each change, never an older over a newer one, never an empty form."""

from dataclasses import replace
from typing import Any

import pytest

from tests.factories import Household, sign_in, sign_in_staff
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.consumer_session import check_of, fill, form_of
from tests.fixtures.helpdesk_calls import agreed
from tests.fixtures.pages import Page
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Draft


def typing(visitor: Visitor, page: Page, at: str, after: int = 0, **fields: Any) -> Page:
    """Send what the page's script sends, so many milliseconds after it was opened."""
    [since] = page.form(having="form_token").fields["since"]
    fields = {"show": "keep", "since": str(int(since) + after), "bill_no": None, **fields}
    return visitor.send(
        page, at, htmx=True, **{"form_token": page.form(having="form_token").fields["form_token"], **fields}
    )


def test_a_change_is_there_when_the_form_is_opened_again(
    consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock
):
    page = consumer_visitor.get(form_of(family, "ADDRESS_CORRECTION", "Connection"))

    answer = typing(consumer_visitor, page, form_of(family), new_address="12 Mill Road")

    again = consumer_visitor.get(form_of(family, "ADDRESS_CORRECTION", "Connection"))
    assert (answer.status, answer.html) == (204, "")
    assert again.form(having="form_token").fields["new_address"] == ["12 Mill Road"]


def test_an_older_change_never_comes_over_a_newer_one(
    consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock
):
    page = consumer_visitor.get(form_of(family))
    frozen_clock.advance(minutes=1)

    typing(consumer_visitor, page, form_of(family), after=9_000, remarks="Newer")
    typing(consumer_visitor, page, form_of(family), after=4_000, remarks="Old")

    assert rows(Draft)[0].fields["typed"]["remarks"] == ["Newer"]


@pytest.mark.parametrize("remarks", ["The meter is outside.", "The meter is out"])
def test_a_change_that_comes_late_leaves_a_checked_form_alone(
    consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock, remarks: str
):
    page = consumer_visitor.get(form_of(family))
    frozen_clock.advance(minutes=1)
    sent = {"bill_no": [family.bill_no], "reason": "wrong_reading"}
    consumer_visitor.send(page, form_of(family), **sent, remarks="The meter is outside.")

    typing(consumer_visitor, page, form_of(family), after=50_000, **sent, remarks=remarks)

    assert consumer_visitor.get(check_of(family)).status == 200
    assert rows(Draft)[0].fields["answers"] is not None


def test_an_empty_form_is_no_draft(consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock):
    typing(consumer_visitor, consumer_visitor.get(form_of(family)), form_of(family), remarks="  ")

    assert rows(Draft) == []


def test_a_registered_form_does_not_become_a_draft_again(
    consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock
):
    fill(consumer_visitor, family)
    page = consumer_visitor.get(form_of(family))
    consumer_visitor.send(consumer_visitor.get(check_of(family)), check_of(family), form=check_of(family))

    answer = typing(consumer_visitor, page, form_of(family), after=5_000, remarks="More")

    assert answer.status == 204
    assert [draft.lodged_at is None for draft in rows(Draft)] == [False]


def test_what_is_typed_after_the_session_ended_is_kept_too(
    family: Household, visitor: Visitor, frozen_clock: FrozenClock
):
    sign_in(visitor, family.consumer)
    page = visitor.get(form_of(family))
    frozen_clock.advance(minutes=31)

    typing(visitor, page, form_of(family), after=31 * 60_000, remarks="Back from the field")

    assert rows(Draft)[0].fields["typed"]["remarks"] == ["Back from the field"]


def test_a_callers_input_is_saved_at_each_change(visitor: Visitor, home_on_record: Household):
    form = f"/helpdesk/calls/{agreed(home_on_record)}/request"
    sign_in_staff(visitor, "H1")
    page = visitor.get(form)

    answer = typing(visitor, page, form, remarks="The line went dea")

    assert answer.status == 204
    assert rows(Draft)[0].fields["typed"]["remarks"] == ["The line went dea"]


def test_more_changes_than_a_person_makes_are_refused_for_a_while(
    consumer_visitor: Visitor, family: Household, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ALLOWANCES, Limit.KEEP_TYPED, replace(ALLOWANCES[Limit.KEEP_TYPED], times=1))
    page = consumer_visitor.get(form_of(family))

    answers = [typing(consumer_visitor, page, form_of(family), remarks=text) for text in ("One", "Two")]

    assert [answer.status for answer in answers] == [204, 429]
    assert answers[1].headers["Retry-After"] == "3600"
