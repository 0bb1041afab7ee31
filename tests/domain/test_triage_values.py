"""The stored facts by which officers sort: the order of the verdicts, and the highest use of several bills."""

from wss.domain.suggestion.verdicts import SuggestedVerdict
from wss.domain.triage_values import VERDICT_ORDER, TriageValues, highest_tenths, verdict_order


def test_every_verdict_has_its_place_and_a_request_without_one_is_last():
    assert set(VERDICT_ORDER) == set(SuggestedVerdict)
    assert verdict_order("digits_swapped") < verdict_order("not_sure") < verdict_order("")
    assert TriageValues(suggested_verdict="not_sure").verdict_order == verdict_order("not_sure")


def test_of_several_bills_the_highest_use_counts():
    assert highest_tenths([12, None, 179]) == 179
    assert highest_tenths([None]) == highest_tenths([]) == 0
