"""Approving together: what qualifies, and who may widen its rules."""

from dataclasses import replace
from datetime import date

import pytest

from wss.domain.admin_tables import TableDifference
from wss.domain.batch_approval import BatchCandidate, BatchRules, Sampling, batch_obstacle, sampling_of
from wss.domain.extracts import EXTRACTS
from wss.domain.table_rights import rows_that_give_rights

RULES = BatchRules(2_000_00, 50_000_00, 20_000_00, 10)
GOOD = BatchCandidate(2_000_00, True, True, "billing_clerk", Sampling.NOT_YET)
OFFICE = dict.fromkeys(EXTRACTS["offices"].names, "") | {"code": "D", "level": "discom"}
ON = OFFICE | {
    "batch_approval": "yes", "batch_each": "2000.00", "batch_day": "50000.00", "batch_maker": "20000.00",
    "batch_sample_percent": "10", "batch_source": "order 8",
}  # fmt: skip


def gives_rights(before: dict[str, str], **changed: str) -> bool:
    cells = [tuple(row.values()) for row in (before, before | changed)]
    change = TableDifference({("D",): cells[0]}, {("D",): cells[1]})
    return bool(rows_that_give_rights("offices", change, date(2026, 11, 24)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"change_paise": 2_000_01}, "batch_each"),
        ({"is_as_suggested": False}, "not_as_suggested"),
        ({"has_photo": False}, "no_photo"),
        ({"maker_role": "sdo"}, "maker_senior"),
        ({"sampling": "drawn"}, "sampled"),
        ({"sampling": "passed"}, None),
        ({"has_ee": False}, "no_ee"),
    ],
)
def test_only_small_and_certain_proposals_qualify(changed, code):
    assert batch_obstacle(replace(GOOD, **changed), RULES) == code


def test_without_rules_none_qualifies():
    assert batch_obstacle(GOOD, None) == "batch_off"


def test_as_many_of_a_hundred_numbers_are_drawn_as_the_rules_say():
    assert [sampling_of(number, RULES) for number in range(100)].count(Sampling.DRAWN) == 10


@pytest.mark.parametrize(
    ("before", "changed"),
    [
        (OFFICE, ON),
        (ON, {"batch_each": "2000.01"}),
        (ON, {"batch_day": "60000.00"}),
        (ON, {"batch_maker": "20001.00"}),
        (ON, {"batch_sample_percent": "9"}),
    ],
)
def test_widening_the_rules_needs_a_second_administrator(before, changed):
    assert gives_rights(before, **changed)


@pytest.mark.parametrize(
    "changed", [{"batch_approval": "no"}, {"batch_each": "1.00"}, {"batch_sample_percent": "50"}]
)
def test_narrowing_them_does_not(changed):
    assert not gives_rights(ON, **changed)
