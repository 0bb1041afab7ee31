"""Saved filters on the To-Do page, and the page on which they are renamed, deleted or begun with."""

import pytest

from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.domain.identifiers import grouped_complaint_no

LIST, PAGE = "/todo?user=all&status=registered&sort=amount", "/todo/filters"


def save(clerk: Visitor, name: str, address: str = LIST) -> Page:
    return clerk.send(clerk.get(address), at=address, form=PAGE, name=name)


def change(clerk: Visitor, action: str, **fields: str) -> Page:
    page = clerk.get(PAGE)
    return clerk.send(page, at=PAGE, form=page.form(having="name").action, action=action, **fields)


def test_a_filter_is_saved_and_becomes_a_link_with_its_count(clerk: Visitor):
    sent = save(clerk, "<b>बड़ी</b> राशि")

    page = clerk.get(sent.location)
    assert "Saved filters: <b>बड़ी</b> राशि (1)" in page.text
    assert "user=all&status=registered&sort=amount" in next(
        link for link in page.links if "sort=amount" in link
    )
    assert "Save this filter" not in page.text


def test_a_name_that_is_refused_is_shown_with_its_list(clerk: Visitor):
    page = save(clerk, "?!")

    assert (page.status, page.form(PAGE).fields["name"]) == (422, ["?!"])
    assert page.find("f-name-e") is not None
    assert grouped_complaint_no(NUMBER) in page.text
    assert page.form("/todo").fields["status"] == ["registered"]


def test_a_list_that_is_not_filtered_is_not_offered_to_be_saved(clerk: Visitor):
    assert "Save this filter" not in clerk.get("/todo").text


def test_a_filter_is_renamed_and_deleted(clerk: Visitor):
    save(clerk, "One")

    change(clerk, "rename", name="Two")
    assert "Two" in clerk.get(PAGE).text

    change(clerk, "delete")
    assert "You have no saved filters" in clerk.get(PAGE).text


def test_a_wrong_new_name_is_shown_at_its_field(clerk: Visitor):
    save(clerk, "One")

    page = change(clerk, "rename", name=" ")

    assert page.status == 422
    assert "Enter a name for the filter" in page.text


def test_the_list_begins_with_the_chosen_filter(clerk: Visitor):
    save(clerk, "One")
    change(clerk, "default")

    assert "status=registered" in (clerk.get("/todo").location or "")
    assert clerk.get("/todo?user=me").status == 200

    change(clerk, "no_default")
    assert clerk.get("/todo").status == 200


@pytest.mark.parametrize("action", ["rename", "delete", "default"])
def test_a_filter_of_a_colleague_is_not_found(clerk: Visitor, another_visitor: Visitor, action: str):
    save(clerk, "One")
    form = clerk.get(PAGE).form(having="name").action
    sdo = signed_in(another_visitor, "S1")
    token = sdo.get("/todo").form("/staff/logout").fields["csrf_token"][0]

    answer = sdo.post(form, {"csrf_token": token, "action": action, "name": "Mine"})

    assert answer.status == 404
    assert "One" in clerk.get(PAGE).text
