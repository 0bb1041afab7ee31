"""Consumers read complaint of what is about bill, meter or payment, and request of anything else."""

from __future__ import annotations

import pytest

from wss.domain.catalogue import CLAIM, MOBILE_CORRECTION, RequestField, asks_for_change
from wss.domain.lifecycle import Action, Resolution, Status
from wss.web.labels.kinds import by_kind
from wss.web.labels.requests import event_label, next_step_label, status_name


@pytest.mark.parametrize(
    ("fields", "is_request"),
    [
        ([RequestField.NEW_NAME], True),
        ([RequestField.LATE_COMPLAINT], True),
        ([RequestField.BILL_NO, RequestField.REASON], False),
        ([RequestField.REMARKS], False),
    ],
)
def test_a_kind_is_a_request_if_it_asks_for_a_change_or_compensation(fields, is_request):
    assert asks_for_change(fields) is is_request


def test_a_kind_that_is_not_known_any_more_is_a_complaint():
    assert by_kind(None, "complaint", "request") == "complaint"
    assert (
        by_kind(CLAIM, "complaint", "request")
        == by_kind(MOBILE_CORRECTION, "complaint", "request")
        == "request"
    )


def test_no_label_of_a_request_says_complaint(app):
    with app.test_request_context():
        words = [str(event_label(action, CLAIM)) for action in ("register", *Action)]
        words += [str(status_name(status, None, CLAIM)) for status in Status]
        words += [str(next_step_label(status, kind=CLAIM)) for status in Status]
        words.append(str(status_name(Status.RESOLVED, Resolution.REFUSED, CLAIM)))

    assert not [each for each in words if "complaint" in each.casefold()]
