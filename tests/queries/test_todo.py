"""The To-Do list's pages and counts: their requests, order, filters and indexes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    OFFICE,
    Household,
    a_household,
    a_service_request,
    bill_correction,
    given,
    offices,
    request_row,
)
from wss.db import database as bound
from wss.db import reading
from wss.domain.identifiers import complaint_no_from
from wss.domain.todo_filter import OfficerPost, TodoCursor, TodoFilter, TodoSort
from wss.models import Office, Staff
from wss.queries import todo
from wss.queries.todo import count_if_cheap, todo_counts, todo_page

TODAY = date(2026, 11, 24)
CLERK = OfficerPost("billing_clerk", OFFICE, "C1")
DIVISION = OFFICE.rsplit("-", 1)[0]
NEXT_DOOR = f"{DIVISION}-S3"
ELSEWHERE = "PVVNL-Z07-C1-D1-S1"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household in a division with a second sub-division, and a sub-division of another zone."""
    given(*bill_correction())
    home = a_household()
    given(an_office(NEXT_DOOR), *[each for each in offices(ELSEWHERE) if each.code != "PVVNL"])
    given(Staff(employee_id="C1", name="S. Verma", role="billing_clerk", office_code=OFFICE))
    return home


def an_office(code: str) -> Office:
    """Insert one more office next to the existing ones."""
    return offices(code)[-1]


def a_request(home: Household, number: int, **columns: Any) -> str:
    """Insert a request of the household and return its complaint number."""
    registered_at = datetime(2026, 11, 20, 6, tzinfo=UTC)
    facts = {
        "consumer_id": None,
        "holder_office_code": columns.get("office_code", OFFICE),
        "promised_on": TODAY + timedelta(days=number),
        "registered_at": registered_at,
        "status_since": registered_at,
    }
    return given(
        request_row(home, complaint_no_from(3_000_000_000 + number), **(facts | columns))
    ).complaint_no


def shown(query: TodoFilter) -> list[str]:
    """Return the complaint numbers of a page."""
    with reading():
        return [line.complaint_no for line in todo_page(query, TODAY)]


def test_what_is_due_first_is_on_top(home: Household):
    later, sooner = a_request(home, 9), a_request(home, 2)

    assert shown(TodoFilter(OFFICE)) == [sooner, later]


def test_an_office_sees_its_own_and_all_below_and_nothing_else(home: Household):
    own, neighbour = a_request(home, 1), a_request(home, 2, office_code=NEXT_DOOR)
    a_request(home, 3, office_code=ELSEWHERE)

    assert shown(TodoFilter(OFFICE)) == [own]
    assert shown(TodoFilter(DIVISION)) == [own, neighbour]


def test_an_office_whose_code_begins_alike_is_not_below(home: Household):
    given(an_office(f"{OFFICE}0"))
    a_request(home, 1, office_code=f"{OFFICE}0")

    assert shown(TodoFilter(OFFICE)) == []


def test_what_has_ended_is_not_on_the_list(home: Household):
    a_request(home, 1, status="closed", closing="confirmed")
    a_request(home, 2, status="withdrawn")

    assert shown(TodoFilter(OFFICE)) == []


def test_an_account_also_shows_what_has_ended(home: Household):
    ended, at_work = a_request(home, 1, status="closed"), a_request(home, 2)

    assert shown(TodoFilter(DIVISION, account_no=home.account_no)) == [ended, at_work]
    assert shown(TodoFilter(ELSEWHERE, account_no=home.account_no)) == []


def test_what_is_assigned_to_an_employee_is_theirs_within_the_offices_seen(home: Household):
    a_request(home, 1)
    own = a_request(home, 2, assignee_id="C1")
    a_request(home, 3, assignee_id="C1", office_code=ELSEWHERE)

    assert shown(TodoFilter(OFFICE, assigned_to="C1")) == [own]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kinds": ("OTHER", "BILL_CORRECTION")}, [1, 2, 3, 4]),
        ({"kinds": ("OTHER",)}, []),
        ({"statuses": ("in_review",)}, [2]),
        ({"escalated": True}, [2]),
        ({"late": True}, [1, 4]),
        ({"start": datetime(2026, 11, 22, tzinfo=UTC)}, [3]),
        ({"end": datetime(2026, 11, 22, tzinfo=UTC)}, [1, 2, 4]),
        ({"end": datetime(2026, 11, 20, 6, tzinfo=UTC)}, []),
        ({"late": True, "statuses": ("registered", "reopened")}, [1]),
    ],
)
@pytest.mark.parametrize("scope", [{}, {"is_lowest": True}, {"assigned_to": "C1"}])
def test_each_filter_narrows_the_list(home: Household, filters: Any, found: list[int], scope: Any):
    numbers = {
        1: a_request(home, 1, promised_on=TODAY - timedelta(days=4), assignee_id="C1"),
        2: a_request(home, 2, status="in_review", escalation_level=1, assignee_id="C1"),
        3: a_request(home, 3, registered_at=datetime(2026, 11, 23, tzinfo=UTC), assignee_id="C1"),
        4: a_request(home, 4, promised_on=TODAY - timedelta(days=3), status="proposed", assignee_id="C1"),
    }

    assert sorted(shown(TodoFilter(OFFICE, **scope, **filters))) == sorted(numbers[each] for each in found)


def test_the_clock_is_stopped_while_the_consumer_is_asked(home: Household):
    long_ago = {"status": "info_requested", "promised_on": date(2026, 11, 10)}
    late_already = a_request(home, 1, **long_ago, status_since=datetime(2026, 11, 10, 18, 31, tzinfo=UTC))
    a_request(home, 2, **long_ago, status_since=datetime(2026, 11, 10, 18, 29, tzinfo=UTC))
    a_request(home, 3, promised_on=date(2026, 11, 10), status="resolved")

    assert shown(TodoFilter(OFFICE, late=True)) == [late_already]


SCOPES = [TodoFilter(OFFICE, is_lowest=True), TodoFilter(DIVISION), TodoFilter(OFFICE, assigned_to="C1")]


@pytest.mark.parametrize("query", SCOPES)
def test_pages_follow_each_other_without_gap_or_overlap(
    home: Household, query: TodoFilter, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(todo, "PAGE", 3)
    todo._page.cache_clear()
    numbers = [
        a_request(home, n, promised_on=TODAY + timedelta(days=n // 4), assignee_id="C1") for n in range(8)
    ]

    found = list(walk(query))
    todo._page.cache_clear()

    assert found == numbers


def walk(query: TodoFilter) -> Iterator[str]:
    """Yield the complaint numbers page by page to the end."""
    while True:
        with reading():
            lines = todo_page(query, TODAY)
        yield from (line.complaint_no for line in lines[: todo.PAGE])
        if len(lines) <= todo.PAGE:
            return
        query = replace(query, after=lines[todo.PAGE - 1].place_in(query.sort))


FACTS: list[dict[str, Any]] = [
    {"disputed_paise": 500_00, "usual_tenths": 12, "verdict_order": 5, "suggested_verdict": "not_sure"},
    {
        "disputed_paise": 900_00,
        "usual_tenths": 179,
        "verdict_order": 0,
        "suggested_verdict": "digits_swapped",
    },
    {"disputed_paise": 900_00, "usual_tenths": 12, "verdict_order": 0, "photos": 2},
    {"dispute_reason": "wrong_reading"},
]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (TodoSort.PROMISED, [0, 1, 2, 3]),
        (TodoSort.AMOUNT, [2, 1, 0, 3]),
        (TodoSort.TIMES_USUAL, [1, 2, 0, 3]),
        (TodoSort.NEWEST, [3, 2, 1, 0]),
        (TodoSort.VERDICT, [1, 2, 0, 3]),
    ],
)
@pytest.mark.parametrize("scope", SCOPES)
def test_each_order_goes_on_over_pages_without_gap_or_overlap(
    home: Household, sort: TodoSort, found: list[int], scope: TodoFilter, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(todo, "PAGE", 1)
    todo._page.cache_clear()
    numbers = [a_request(home, n, assignee_id="C1", **facts) for n, facts in enumerate(FACTS)]

    shown_in_turn = list(walk(replace(scope, is_work=True, sort=sort)))
    todo._page.cache_clear()

    assert shown_in_turn == [numbers[each] for each in found]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"reason": "wrong_reading"}, [3]),
        ({"verdict": "digits_swapped"}, [1]),
        ({"with_photo": True}, [2]),
        ({"without_photo": True}, [0, 1, 3]),
        ({"amount_from": 500_00}, [0, 1, 2]),
        ({"amount_to": 899_99}, [0]),
        ({"amount_from": 500_01, "amount_to": 900_00, "with_photo": True}, [2]),
    ],
)
@pytest.mark.parametrize("scope", SCOPES)
def test_the_facts_narrow_the_list(home: Household, filters: Any, found: list[int], scope: TodoFilter):
    numbers = [a_request(home, n, assignee_id="C1", **facts) for n, facts in enumerate(FACTS)]

    assert shown(replace(scope, **filters)) == [numbers[each] for each in found]


def test_a_list_is_counted_where_that_is_cheap(home: Household):
    for number in range(4):
        a_request(home, number, disputed_paise=number)

    with reading():
        assert count_if_cheap(TodoFilter(OFFICE, is_lowest=True, amount_from=1), TODAY, 100) == 3
        assert count_if_cheap(TodoFilter(OFFICE, is_lowest=True), TODAY, 2) == 2
        assert count_if_cheap(TodoFilter(DIVISION, new_for=CLERK), TODAY, 100) == 4
        assert count_if_cheap(TodoFilter(DIVISION), TODAY, 100) is None


def test_counts_show_what_there_is_to_do(home: Household):
    a_request(home, 1, promised_on=TODAY - timedelta(days=1), assignee_id="C1")
    a_request(home, 2, status="info_requested", escalation_level=2)
    a_request(home, 3, status="closed")
    a_request(home, 5, status="resolved")
    a_request(home, 4, office_code=ELSEWHERE)

    with reading():
        whole, own = todo_counts(OFFICE, "", TODAY), todo_counts(OFFICE, "C1", TODAY)

    assert (whole.open, whole.late, whole.escalated, whole.waiting, whole.to_confirm) == (3, 1, 1, 1, 1)
    assert (own.open, own.late, own.escalated, own.waiting) == (1, 1, 0, 0)


@pytest.fixture
def of_a_post(home: Household) -> dict[str, str]:
    """Insert requests at a clerk's post and elsewhere, and return their numbers by their values."""
    given(Staff(employee_id="C9", name="Gone", role="billing_clerk", office_code=OFFICE, left_on=TODAY))
    kinds: list[dict[str, Any]] = [
        {},
        {"status": "reopened"},
        {"status": "in_review"},
        {"status": "in_review", "assignee_id": "C9"},
        {"status": "in_review", "assignee_id": "C1"},
        {"frozen": True},
        {"holder_role": "sdo"},
        {"status": "proposed", "proposed_by": "C9"},
        {"status": "proposed", "proposed_by": "C1"},
        {"status": "proposed", "proposed_by": "C9", "holder_role": "ee", "holder_office_code": DIVISION},
        {"office_code": NEXT_DOOR},
    ]
    return {
        " ".join(sorted(map(str, facts.values()))): a_request(home, number, **facts)
        for number, facts in enumerate(kinds)
    }


def test_new_is_what_a_post_holds_without_a_serving_assignee(of_a_post: dict[str, str]):
    new = {"", "reopened", "in_review", "C9 in_review"}

    assert shown(TodoFilter(OFFICE, is_work=True, new_for=CLERK)) == [
        of_a_post[each] for each in of_a_post if each in new
    ]
    with reading():
        assert todo.post_counts(CLERK, TODAY).new == len(new)


def test_a_post_above_sees_what_the_posts_below_hold_as_new(of_a_post: dict[str, str]):
    above = replace(CLERK, office_code=DIVISION)

    assert of_a_post[NEXT_DOOR] in shown(TodoFilter(DIVISION, new_for=above))


def test_what_others_proposed_is_to_be_decided_by_who_holds_it(of_a_post: dict[str, str]):
    sdo, ee = OfficerPost("sdo", OFFICE, "C1"), OfficerPost("ee", DIVISION, "E1")

    assert shown(TodoFilter(OFFICE, to_decide=sdo)) == [of_a_post["C9 proposed"]]
    assert len(shown(TodoFilter(DIVISION, to_decide=ee))) == 3
    with reading():
        assert [todo.post_counts(post, TODAY).to_decide for post in (sdo, ee)] == [1, 3]


@pytest.mark.plans
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (TodoFilter(DIVISION), "ix_service_request_office_open"),
        (TodoFilter(OFFICE, is_lowest=True), "ix_service_request_office_open"),
        (TodoFilter(DIVISION, after=TodoCursor(TODAY, 5)), "ix_service_request_office_open"),
        (TodoFilter(DIVISION, is_work=True), "ix_service_request_office_work"),
        (TodoFilter(OFFICE, is_work=True, is_lowest=True), "ix_service_request_office_work"),
        (TodoFilter(DIVISION, is_work=True, sort=TodoSort.AMOUNT), "ix_service_request_office_amount"),
        (
            TodoFilter(OFFICE, is_lowest=True, sort=TodoSort.AMOUNT, after=TodoCursor(TODAY, 5, 6)),
            "ix_service_request_office_amount",
        ),
        (TodoFilter(DIVISION, is_work=True, sort=TodoSort.TIMES_USUAL), "ix_service_request_office_times"),
        (TodoFilter(DIVISION, is_work=True, sort=TodoSort.NEWEST), "ix_service_request_office_newest"),
        (
            TodoFilter(OFFICE, is_work=True, is_lowest=True, sort=TodoSort.VERDICT),
            "ix_service_request_office_verdict",
        ),
        (
            TodoFilter(DIVISION, assigned_to="C1", sort=TodoSort.VERDICT),
            "ix_service_request_assignee_open",
        ),
        (TodoFilter(DIVISION, is_work=True, assigned_to="C1"), "ix_service_request_assignee_open"),
        (TodoFilter(DIVISION, is_work=True, new_for=CLERK), "ix_service_request_post"),
        (TodoFilter(DIVISION, is_work=True, to_decide=CLERK), "ix_service_request_post"),
        (TodoFilter(DIVISION, assigned_to="C1"), "ix_service_request_assignee_open"),
        (TodoFilter(DIVISION, account_no="7950761921"), "ix_service_request_account_no_id"),
    ],
)
def test_a_page_comes_by_its_index(home: Household, query: TodoFilter, index: str):
    a_service_request(home)

    assert index in plan_of(query)


@pytest.mark.plans
def test_what_waits_for_a_post_is_counted_by_indexes(home: Household):
    a_service_request(home)
    asked = todo._of_post(CLERK) | {"today": TODAY, "assigned_to": "C1"}

    found = plan(todo._counts_of_post(bound().is_sqlite).params(asked))

    assert found.count("ix_service_request_post") == 2
    assert "ix_service_request_assignee_open" in found


def plan_of(query: TodoFilter) -> str:
    """Return the query plan of a page as if the table were large."""
    return plan(
        todo._page(bound().is_sqlite, todo._narrowed_by(query), query.sort).params(
            todo._parameters(query, TODAY)
        )
    )


def plan(statement: Any) -> str:
    """Return the query plan of a statement as if the table were large."""
    drawn = statement.compile(bound().engine, compile_kwargs={"literal_binds": True})
    with reading() as session:
        if not bound().is_sqlite:
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if bound().is_sqlite else "EXPLAIN "
        return str(session.connection().exec_driver_sql(explain + str(drawn).replace("%", "%%")).all())
