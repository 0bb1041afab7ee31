"""Saved filters: a few for each officer, their own only, one of them to begin with."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import OFFICE, given, offices, update_rows
from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Malformed, NotFound, RuleBroken
from wss.domain.todo_filter import FILTERS_PER_PERSON
from wss.models import Staff
from wss.queries.saved_filters import default_filter, delete_of_former_staff, saved_filters
from wss.services.requests.saved_filters import choose_default, delete_filter, rename_filter, save_filter

CLERK, OTHER = (Actor(Role.BILLING_CLERK, each, OFFICE) for each in ("C1", "C2"))
ARGS = {"user": "all", "sort": "amount"}


@pytest.fixture(autouse=True)
def _staff(database: Any, frozen_clock: Any) -> None:
    given(*offices(OFFICE))
    for actor in (CLERK, OTHER):
        given(Staff(employee_id=actor.id, name="S. Verma", role="billing_clerk", office_code=OFFICE))


def own(actor: Actor = CLERK) -> list[tuple[str, dict[str, str]]]:
    with reading():
        return [(each.name, each.filter_args) for each in saved_filters(actor.id)]


def id_of(name: str) -> int:
    with reading():
        return next(each.id for each in saved_filters(CLERK.id) if each.name == name)


def test_a_filter_is_saved_under_its_name_for_its_officer_only():
    save_filter(CLERK, "  बड़ी   राशि ", ARGS)

    assert own() == [("बड़ी राशि", ARGS)]
    assert own(OTHER) == []


def test_a_filter_of_the_same_name_is_replaced_also_when_there_are_as_many_as_allowed():
    for number in range(FILTERS_PER_PERSON):
        save_filter(CLERK, f"Filter {number}", ARGS)

    save_filter(CLERK, "Filter 3", {"user": "me"})

    assert len(own()) == FILTERS_PER_PERSON
    assert ("Filter 3", {"user": "me"}) in own()
    with pytest.raises(RuleBroken, match="filters_full"):
        save_filter(CLERK, "One more", ARGS)


@pytest.mark.parametrize("name", ["", "  ", "?!", "x" * 41])
def test_a_name_that_says_nothing_or_is_too_long_is_refused(name: str):
    with pytest.raises(Malformed):
        save_filter(CLERK, name, ARGS)


def test_a_name_belongs_to_one_filter():
    save_filter(CLERK, "One", ARGS)
    save_filter(CLERK, "Two", ARGS)

    with pytest.raises(RuleBroken, match="filter_name_taken"):
        rename_filter(CLERK, id_of("Two"), "One")

    rename_filter(CLERK, id_of("Two"), "Three")
    assert [name for name, _args in own()] == ["One", "Three"]


def test_the_list_begins_with_one_filter_or_none():
    save_filter(CLERK, "One", ARGS)
    save_filter(CLERK, "Two", {"user": "me"})

    choose_default(CLERK, id_of("One"))
    choose_default(CLERK, id_of("Two"))
    with reading():
        assert default_filter("C1") == {"user": "me"}

    choose_default(CLERK, None)
    with reading():
        assert default_filter("C1") == {}


def test_a_filter_of_another_officer_does_not_exist():
    save_filter(CLERK, "One", ARGS)
    number = id_of("One")

    for change in (
        lambda: rename_filter(OTHER, number, "Mine"),
        lambda: delete_filter(OTHER, number),
        lambda: choose_default(OTHER, number),
    ):
        with pytest.raises(NotFound):
            change()
    assert own() == [("One", ARGS)]


def test_filters_are_deleted_with_the_last_day_of_work():
    save_filter(CLERK, "One", ARGS)
    save_filter(OTHER, "Other", ARGS)
    today = local_date(now())
    update_rows(Staff, Staff.employee_id == "C1", left_on=today)

    with transaction():
        delete_of_former_staff(today - timedelta(days=1))
    assert own() != []

    with transaction():
        delete_of_former_staff(today)
    assert (own(), len(own(OTHER))) == ([], 1)
