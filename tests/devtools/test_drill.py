"""The drill of failures counts what visitors saw and what is stored; docs/operating.md has a line for each failure."""

from dataclasses import replace

import pytest

from drill.failure_kinds import FAILURES
from drill.failures import MARKERS, PAGE, with_table
from drill.outcomes import DrillRow, Moments, StoredRows, WriteTry, outcome

BEGAN, REPAIRED = 10.0, 20.0


def confirmed(consumer: int, sent: float, number: str) -> WriteTry:
    return WriteTry(consumer, sent, sent + 0.5, "303", number)


def refused(consumer: int, sent: float, status: str = "503") -> WriteTry:
    return WriteTry(consumer, sent, sent + 0.1, status)


def row_of(*tries: WriteTry, asked: int = 1, **stored: list[str]) -> DrillRow:
    """Return the line of a failure; `c1=["7"]`: consumer 1 has request 7 in the database."""
    numbers = {int(name[1:]): found for name, found in stored.items()}
    return outcome("a failure", asked, tries, StoredRows(numbers), Moments(BEGAN, REPAIRED))


def test_a_confirmed_request_that_is_not_stored_is_lost():
    assert row_of(confirmed(1, 9, "7"), confirmed(2, 9, "8"), asked=2, c1=["7"]).lost == 1


def test_a_request_that_another_consumer_has_is_lost():
    assert row_of(confirmed(1, 9, "7"), c2=["7"]).lost == 1


@pytest.mark.parametrize(
    "row",
    [
        row_of(confirmed(1, 9, "7"), c1=["7", "8"]),
        row_of(confirmed(1, 9, "7"), confirmed(1, 11, "8"), c1=["8"]),
        row_of(refused(1, 9, "cut off"), c1=["7", "8"]),
    ],
    ids=["stored twice", "confirmed twice", "stored twice, never confirmed"],
)
def test_a_consumer_with_two_requests_has_registered_twice(row: DrillRow):
    assert row.twice == 1


def test_pressing_again_until_the_same_number_is_confirmed_is_no_fault():
    row = row_of(refused(1, 12, "cut off"), confirmed(1, 21, "7"), confirmed(1, 22, "7"), c1=["7"])

    assert row.faults == []


def test_a_consumer_whose_request_was_never_accepted_is_counted():
    assert row_of(refused(1, 21), confirmed(2, 22, "7"), asked=3, c2=["7"]).given_up == 2


def test_the_longest_pause_is_counted_from_the_failure():
    row = row_of(confirmed(1, 9, "7"), confirmed(2, 12, "8"), confirmed(3, 19, "9"), asked=3)

    assert row.longest_pause == 7.0


def test_recovery_ends_with_the_first_confirmation_after_the_last_refusal():
    row = row_of(confirmed(1, 21, "7"), refused(2, 23), confirmed(2, 24, "8"), asked=2)

    assert row.recovered_after == 4.5


def test_a_site_that_refuses_to_the_end_has_not_recovered():
    row = row_of(confirmed(1, 21, "7"), refused(2, 23), asked=2, c1=["7"])

    assert "not recovered" in row.faults


@pytest.mark.parametrize(
    "seen",
    [
        replace(refused(1, 12), shows_trace=True),
        refused(1, 12, "500"),
    ],
    ids=["a stack trace", "an error page"],
)
def test_what_no_visitor_may_see_is_a_fault(seen: WriteTry):
    assert len(row_of(seen, confirmed(1, 21, "7"), c1=["7"]).faults) == 1


def test_faults_of_documents_messages_and_sums_are_faults():
    stored = StoredRows({1: ["7"]}, lost_documents=1, lost_messages=2, failed_checks=["mis check"])

    row = outcome("a failure", 1, [confirmed(1, 21, "7")], stored, Moments(BEGAN, REPAIRED))

    assert row.faults == ["1 documents lost", "2 messages lost", "mis check finds faults"]


def test_every_failure_has_a_line_on_the_page():
    begin, end = MARKERS
    table = PAGE.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]

    # A failure that the kernel forbids has a sentence.
    missing = [each.what for each in FAILURES.values() if each.what not in table]

    assert missing == []


def test_a_table_replaces_the_former_one():
    begin, end = MARKERS

    assert with_table(f"text\n{begin}\nold\n{end}\nmore", "new") == f"text\n{begin}\nnew\n{end}\nmore"
