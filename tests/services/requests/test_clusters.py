"""The worker announces each cluster once, with the usual number; an EE reports it to the circle."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import OFFICE, execute
from tests.fixtures.complaint_handling import CLERK, SDO, rows
from tests.fixtures.many_complaints import (
    CIRCLE,
    EE,
    LEAST,
    SE,
    an_office_with_a_rule,
    announced,
    complaints,
    end_with,
    three_complaints,
)
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.models import AuditEntry, ClusterReport
from wss.queries.clusters import reported_to
from wss.queries.reference import bump_reference_version
from wss.services.requests.clusters import (
    acknowledge_cluster,
    find_clusters,
    list_clusters,
    report_cluster,
)

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
SENTENCE = "The meter reader of these localities was absent; please send another one."


def listed(office_code: str = OFFICE) -> list[tuple[str, int, int | None]]:
    with reading():
        return [(one.basis, one.open_requests, one.usual_tenths) for one in list_clusters(office_code)]


def test_a_cluster_is_announced_once_and_grows_in_its_row():
    three_complaints()
    complaints(2, first=LEAST)

    assert find_clusters() == 0
    assert listed() == [("PROV", 5, None)]
    assert len(announced()) == 1


def test_complaints_of_another_basis_or_reason_are_no_cluster():
    an_office_with_a_rule()
    complaints(2)
    complaints(2, first=2, basis="RDF")
    fields = {"reason": "other", "bill_no": []}
    complaints(2, first=4, fields=fields)

    assert find_clusters() == 0
    assert listed() == []


def test_the_usual_number_is_that_of_the_weeks_before(frozen_clock: Any):
    an_office_with_a_rule()
    earlier = complaints(2, registered_at=now() - timedelta(days=21))
    end_with("closed", *earlier)
    complaints(2, first=2)
    assert find_clusters() == 0, "2 a week is the least that is not reached"

    complaints(1, first=4)

    assert find_clusters() == 1
    # 2 complaints in the three weeks that are known.
    assert listed() == [("PROV", 3, 7)]


def test_what_is_usual_is_no_cluster():
    an_office_with_a_rule()
    end_with("closed", *complaints(2, registered_at=now() - timedelta(days=7)))
    complaints(LEAST, first=2)

    assert find_clusters() == 0


def test_closed_and_withdrawn_complaints_leave():
    numbers = three_complaints()
    end_with("closed", numbers[0])
    find_clusters()
    assert listed() == [("PROV", 2, None)]

    end_with("withdrawn", numbers[1])
    find_clusters()

    assert listed() == []


def test_a_discom_without_a_rule_has_no_clusters():
    three_complaints()

    execute("DELETE FROM cluster_rule")
    with transaction():
        bump_reference_version()

    assert listed() == []


def test_offices_above_see_it_and_others_do_not():
    three_complaints()

    assert listed(CIRCLE) == listed(OFFICE) != []
    assert listed("PVVNL-Z07") == []


def test_an_ee_reports_it_once_and_the_se_acknowledges():
    three_complaints()
    cluster = announced()[0]
    report_cluster(EE, cluster.id, SENTENCE)
    with pytest.raises(Outdated):
        report_cluster(EE, cluster.id, "Again.")

    with reading():
        assert [(one.sentence, one.reported_by) for one in reported_to(CIRCLE, "se")] == [(SENTENCE, "E1")]
    acknowledge_cluster(SE, cluster.id)
    acknowledge_cluster(SE, cluster.id)

    with reading():
        assert reported_to(CIRCLE, "se") == []
    assert [one.seen_by for one in rows(ClusterReport)] == ["X1"]
    assert [one.deed for one in rows(AuditEntry)][-2:] == ["report_cluster", "acknowledge_cluster"]


@pytest.mark.parametrize("actor", [CLERK, SDO, SE], ids=lambda actor: actor.role)
def test_only_an_ee_reports(actor: Any):
    three_complaints()
    with pytest.raises(NotFound):
        report_cluster(actor, announced()[0].id, SENTENCE)


@pytest.mark.parametrize(("sentence", "code"), [(" ", "sentence_required"), ("x" * 501, "sentence_too_long")])
def test_a_report_needs_a_sentence(sentence: str, code: str):
    three_complaints()
    with pytest.raises(Forbidden, match=code):
        report_cluster(EE, announced()[0].id, sentence)


def test_nobody_but_the_addressee_acknowledges():
    three_complaints()
    cluster = announced()[0]
    report_cluster(EE, cluster.id, SENTENCE)
    with pytest.raises(NotFound):
        acknowledge_cluster(EE, cluster.id)
