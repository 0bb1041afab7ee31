"""The copy of all one's data: complete, nothing of others, nothing secret, and limited."""

import io
import json
import re
from typing import Any
from zipfile import ZipFile

import pytest

from tests.factories import (
    MOBILE,
    OFFICE,
    PASSWORD,
    Household,
    a_household,
    a_service_request,
    given,
    sign_in,
)
from tests.fixtures.consumer_session import a_photo, lodge
from tests.fixtures.download_names import names_of
from tests.fixtures.my_data import agree, looked, me
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.models import Document, Event


def confirm(consumer_visitor: Visitor) -> None:
    """Confirm the password again, which is valid for a few minutes."""
    consumer_visitor.fill("/account/data", form="/account/data/export", password=PASSWORD)


def exported(consumer_visitor: Visitor) -> ZipFile:
    confirm(consumer_visitor)
    page = consumer_visitor.fill("/account/data", form="/account/data/export")
    assert page.status == 200, page.text
    return ZipFile(io.BytesIO(page.response.data))


def table(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


def test_the_copy_holds_everything_there_is(consumer_visitor: Visitor, family: Household):
    agree(family)
    number = lodge(consumer_visitor, family, documents=[a_photo()])
    looked(f"connection:{family.account_no}", reason="Caller asked")

    archive = exported(consumer_visitor)

    assert table(archive, "consumer")[0]["mobile"] == MOBILE
    assert [row["account_no"] for row in table(archive, "connections")] == [family.account_no]
    assert len(table(archive, "ownerships")) == 1
    assert [row["bill_no"] for row in table(archive, "bills")] == [bill.bill_no for bill in family.bills]
    [request] = table(archive, "requests")
    assert (request["complaint_no"], request["events"][0]["action"]) == (number, "register")
    assert [row["notice"] for row in table(archive, "messages")] == ["request_registered"]
    assert {row["subject"] for row in table(archive, "consents")} == {"terms", "privacy"}
    assert table(archive, "access_by_staff")[0]["reason"] == "Caller asked"
    assert "export" in {row["deed"] for row in table(archive, "own_actions")}
    [document] = table(archive, "documents")
    assert document["label"] == "meter.jpg" and archive.read(document["file"]).startswith(b"\xff\xd8")


def test_the_copy_names_no_staff_and_holds_no_secret(consumer_visitor: Visitor, family: Household):
    request = a_service_request(family)
    given(
        Event(
            service_request_id=request.id,
            number=2,
            action="send_back",
            status="in_review",
            role="sdo",
            remark="between officers",
            details={},
            at=clock.now(),
        )
    )
    looked("request:10000000016", "send_back", Actor(Role.SDO, "E-4711", OFFICE))

    archive = exported(consumer_visitor)
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode()

    for secret in (
        "E-4711",
        "between officers",
        "argon2",
        "password_hash",
        "employee",
        "text_sealed",
        "storage_key",
    ):
        assert secret not in whole


def test_nothing_is_lost_where_one_page_of_rows_ends_and_the_next_begins(
    consumer_visitor: Visitor, family: Household, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.queries.my_data.AT_A_TIME", 2)
    number = lodge(consumer_visitor, family, documents=[a_photo(f"{number}.jpg") for number in range(3)])
    for place in range(5):
        looked(f"consumer:{me(family)}", reason=str(place))

    archive = exported(consumer_visitor)

    assert [row["bill_no"] for row in table(archive, "bills")] == [bill.bill_no for bill in family.bills]
    assert [row["complaint_no"] for row in table(archive, "requests")] == [number]
    assert len({row["file"] for row in table(archive, "documents")} & set(archive.namelist())) == 3
    assert [row["reason"] for row in table(archive, "access_by_staff")] == ["4", "3", "2", "1", "0"]


def test_a_withheld_document_is_named_and_not_included(consumer_visitor: Visitor, family: Household):
    lodge(consumer_visitor, family, documents=[a_photo()])
    with transaction() as session:
        session.query(Document).one().scan = "infected"

    archive = exported(consumer_visitor)

    [document] = table(archive, "documents")
    assert (document["scan"], document["file"] in archive.namelist()) == ("infected", False)


def test_the_copy_is_kept_nowhere_and_its_name_says_nothing(consumer_visitor: Visitor):
    confirm(consumer_visitor)
    page = consumer_visitor.fill("/account/data", form="/account/data/export")

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Type"] == "application/zip"
    assert re.fullmatch(r"wss-\d\d-\d\d-\d{4}\.zip", names_of(page.headers["Content-Disposition"])[1])


def test_the_copy_of_another_has_nothing_of_mine(
    consumer_visitor: Visitor, another_visitor: Visitor, family: Household
):
    a_service_request(family)
    other = a_household("7950761939", consumer_name="Other Person", mobile_on_record="9876543210")
    sign_in(another_visitor, other.consumer)

    archive = exported(another_visitor)
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert "Other Person" in whole
    for mine in ("Pooja", MOBILE, family.account_no, "10000000016"):
        assert mine not in whole


def test_three_copies_a_day_are_enough(consumer_visitor: Visitor):
    confirm(consumer_visitor)
    pages = [consumer_visitor.fill("/account/data", form="/account/data/export") for _ in range(4)]

    assert [page.status for page in pages] == [200, 200, 200, 429]
    assert "You have downloaded three copies today." in pages[-1].text
    assert int(pages[-1].headers["Retry-After"]) > 0
