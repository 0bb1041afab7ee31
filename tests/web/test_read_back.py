"""What 1912 reads out about a promised date that has passed: by the one rule of lateness, and only true facts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from wss.domain.routing import Level
from wss.queries.calls import RequestOfCall
from wss.queries.reference import OfficeEntry, Reference
from wss.queries.tracking import TrackedRequest
from wss.web.helpdesk.public_status import public_status_sentences
from wss.web.helpdesk.read_back import status_sentences
from wss.web.language import in_language

TODAY = date(2026, 12, 10)
ASKED = datetime(2026, 11, 30, 6, tzinfo=UTC)
DUE = datetime(2026, 12, 11, 6, tzinfo=UTC)
OFFICE = OfficeEntry("S", None, Level.SUBDIVISION, "Hapur", "हापुड़", "", "S")
LATE = RequestOfCall(
    1,
    "10000000016",
    "X",
    "in_review",
    None,
    False,
    "S",
    "sdo",
    ASKED,
    date(2026, 12, 2),
    ASKED,
    0,
    0,
    DUE,
    None,
)


def last_sentence(app: Any, **changes: Any) -> str:
    tables = Reference(1, {}, {}, None, {"S": OFFICE}, {}, {})  # type: ignore[arg-type]
    with app.test_request_context("/"), in_language("en"):
        return str(status_sentences(replace(LATE, **changes), tables, TODAY)[-1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "it will be passed to a senior officer on 11-12-2026"),
        ({"status": "info_requested"}, "that date moves later by the days we wait for your answer"),
        (
            {"status": "info_requested", "status_since": DUE},
            "No more days are counted until your answer arrives",
        ),
        ({"escalate_at": None}, "It is with Sub-divisional officer, Hapur"),
        ({"escalation_level": 1}, "it was passed to a senior officer: Sub-divisional officer, Hapur"),
        ({"promised_on": TODAY}, "You will get a reply by 10-12-2026"),
        ({"frozen": True}, "It is on hold until we know who registered it"),
    ],
)
def test_what_is_said_of_a_promised_day_is_true(app: Any, changes: dict[str, Any], words: str):
    assert words in last_sentence(app, **changes)


@pytest.mark.parametrize("changes", [{"status": "info_requested"}, {"escalate_at": None}, {"frozen": True}])
def test_nothing_is_said_to_move_up_that_does_not(app: Any, changes: dict[str, Any]):
    assert "senior officer on" not in last_sentence(app, **changes)


@pytest.mark.parametrize(
    ("status", "asked", "words"),
    [
        ("in_review", ASKED, "The reply date, 02-12-2026, has passed."),
        ("info_requested", ASKED, "that date moves later by the days we wait for your answer"),
        ("info_requested", DUE, "No more days are counted until your answer arrives"),
    ],
)
def test_a_caller_without_proof_hears_the_same_about_the_promised_day(
    app: Any, frozen_clock: Any, status: str, asked: datetime, words: str
):
    frozen_clock.set(datetime(2026, 12, 10, 6, tzinfo=UTC))
    tables = Reference(1, {}, {}, None, {"S": OFFICE}, {}, {})  # type: ignore[arg-type]
    found = TrackedRequest(1, "10000000016", "X", status, asked, None, date(2026, 12, 2), "S", "sdo", False)

    with app.test_request_context("/"), in_language("en"):
        assert words in public_status_sentences(found, tables)[-1]


@pytest.mark.parametrize(
    ("status", "closing", "words"),
    [
        ("resolved", None, "The office Hapur has decided it. Please tell us whether the problem is solved."),
        ("closed", "unconfirmed", "It is closed because there was no answer."),
        ("info_requested", None, "The office Hapur has asked you a question"),
    ],
)
def test_a_caller_without_proof_hears_the_status_in_a_sentence(
    app: Any, frozen_clock: Any, status: str, closing: str | None, words: str
):
    tables = Reference(1, {}, {}, None, {"S": OFFICE}, {}, {})  # type: ignore[arg-type]
    found = TrackedRequest(1, "10000000016", "X", status, ASKED, closing, TODAY, "S", "sdo", False)

    with app.test_request_context("/"), in_language("en"):
        assert words in public_status_sentences(found, tables)[1]
