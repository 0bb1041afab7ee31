"""Clusters on the To-Do page of SDO and EE, their list, and the report on the page of the circle."""

from typing import Any

import pytest

from tests.fixtures.complaint_handling import SDO, office_acts
from tests.fixtures.many_complaints import announced, end_with, three_complaints
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.domain.lifecycle import Action

LINE = "3 open complaints this week from Office PVVNL-Z06-C1-D1-S2: The reading on the bill is wrong"


@pytest.fixture
def numbers(database: Any, frozen_clock: Any) -> list[str]:
    """Provide a cluster, and the numbers of its complaints."""
    return three_complaints()


@pytest.fixture
def path(numbers: list[str]) -> str:
    """Provide the address of the cluster."""
    return f"/todo/cluster?number={announced()[0].id}"


def reports(ee: Visitor, path: str, sentence: str) -> Any:
    form = ee.get(path).form("/todo/cluster/report")
    return ee.post("/todo/cluster/report", {**form.fields, "sentence": sentence})


@pytest.mark.parametrize("employee", ["S1", "E1"])
def test_sdo_and_ee_find_it_on_their_page_with_its_list(visitor: Visitor, path: str, employee: str):
    page = signed_in(visitor, employee).get("/todo")
    assert LINE in page.text
    assert path in page.links

    shown = visitor.get(path)

    assert "usual: not known yet" in shown.text
    assert "Kumarpur: 3" in shown.text
    assert len(list(shown.root.iter("tr"))) == 4


def test_a_clerk_has_no_clusters(visitor: Visitor, path: str):
    assert LINE not in signed_in(visitor, "C1").get("/todo").text
    assert visitor.get(path).status == 404


def test_the_report_reaches_the_circle_and_is_acknowledged(
    visitor: Visitor, another_visitor: Visitor, path: str
):
    ee, se = signed_in(visitor, "E1"), signed_in(another_visitor, "X1")
    assert LINE not in se.get("/todo").text
    refused = reports(ee, path, "  ")
    assert (refused.status, "Write a sentence for the circle" in refused.text) == (422, True)

    assert reports(ee, path, "Send a meter reader.").location.endswith(path)

    assert LINE in se.get("/todo").text
    page = se.get(path)
    assert "Send a meter reader." in page.text
    se.post("/todo/cluster/acknowledge", page.form("/todo/cluster/acknowledge").fields)
    assert LINE not in se.get("/todo").text
    assert "acknowledged on" in ee.get(path).text


def test_a_cluster_whose_complaints_have_ended_says_so(visitor: Visitor, path: str, numbers: list[str]):
    end_with("closed", *numbers)

    assert "None of these complaints is open any more." in signed_in(visitor, "E1").get(path).text


def test_a_request_leads_back_to_its_cluster(visitor: Visitor, path: str, numbers: list[str]):
    shown = signed_in(visitor, "S1").get(path)
    opened = next(link for link in shown.links if f"/todo/{numbers[0]}" in link)

    request = visitor.get(opened)

    assert f"{path}#r-{numbers[0]}" in request.links
    office_acts(SDO, Action.TAKE_UP, numbers[0])
    token = {"csrf_token": request.forms[0].fields["csrf_token"]}
    asked = visitor.post(
        opened.replace("?", "/actions?", 1),
        {**token, "action": "ask", "remark": "Which meter?", "version": "2"},
    )
    assert opened.replace(numbers[0], numbers[1]) in visitor.get(asked.location).links
