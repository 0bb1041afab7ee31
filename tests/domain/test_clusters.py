"""When complaints are a cluster: the least number, and the usual one."""

from datetime import date

from wss.domain.clusters import ClusterRule, usual_tenths, week_of, weeks_known

RULE = ClusterRule("PVVNL", least=10, times_usual=3)


def test_a_cluster_has_the_least_number_and_so_many_times_the_usual():
    assert RULE.is_met(10, None)
    assert not RULE.is_met(9, None)
    assert RULE.is_met(12, 40)
    assert not RULE.is_met(11, 40)


def test_the_usual_number_is_the_mean_of_the_weeks_that_are_known():
    week, first = date(2026, 11, 30), date(2026, 11, 9)

    assert weeks_known(first, week) == 3
    assert weeks_known(date(2025, 1, 6), week) == 8
    assert (usual_tenths(7, 3), usual_tenths(0, 8), usual_tenths(0, weeks_known(None, week))) == (23, 0, None)


def test_a_week_begins_on_monday():
    assert week_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert week_of(date(2026, 11, 30)) == date(2026, 11, 30)
