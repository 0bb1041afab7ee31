"""Proofs of the ownership of a connection."""

from datetime import timedelta
from typing import Any

import pytest

from wss.domain.ownership import (
    ACTIVATION_LIFE,
    HOLD,
    NOT_ME_LIFE,
    ActivationChannel,
    OwnershipProof,
    RecordedContacts,
    activation_channel,
    is_among_last,
    proof_by,
)

BILLS = [("B5", "S5"), ("B4", None), ("B3", "S3"), ("B2", "S2")]
ON_RECORD, OTHER, EMAIL = "8539436110", "9026114477", "owner@example.in"


@pytest.mark.parametrize(
    ("bills", "numbers", "proves"),
    [
        (BILLS, ("B5", "S5", "B4", "B3", "S3"), True),
        (BILLS, ("B2", "S2", "B1", "", "None", "b5"), False),
        ([], ("B5",), False),
    ],
    ids=["of the last three bills", "other numbers", "a connection without bills"],
)
def test_only_numbers_of_the_last_three_bills_prove(bills: Any, numbers: tuple[str, ...], proves: bool):
    assert {bill_no: is_among_last(bill_no, bills) for bill_no in numbers} == dict.fromkeys(numbers, proves)


@pytest.mark.parametrize(
    ("mobile", "on_record", "proof"),
    [
        (ON_RECORD, ON_RECORD, OwnershipProof.ACTIVE),
        (OTHER, ON_RECORD, OwnershipProof.HELD),
        (OTHER, None, OwnershipProof.ACTIVE),
        (None, ON_RECORD, OwnershipProof.HELD),
        (None, None, OwnershipProof.ACTIVE),
    ],
)
def test_only_a_number_other_than_the_one_on_record_is_held(
    mobile: str | None, on_record: str | None, proof: OwnershipProof
):
    assert proof_by(mobile, RecordedContacts(on_record, None)) is proof


@pytest.mark.parametrize(
    ("mobile", "email", "on_record", "channel"),
    [
        (OTHER, None, RecordedContacts(None, None), ActivationChannel.OTP),
        (OTHER, EMAIL, RecordedContacts(None, EMAIL), ActivationChannel.OTP),
        (None, EMAIL, RecordedContacts(None, None), ActivationChannel.EMAIL),
        (None, None, RecordedContacts(None, EMAIL), ActivationChannel.EMAIL),
        (None, None, RecordedContacts(None, None), None),
        (None, EMAIL, RecordedContacts(ON_RECORD, EMAIL), None),
    ],
)
def test_the_link_activates_only_where_no_mobile_is_on_record_and_none_was_given(
    mobile: str | None, email: str | None, on_record: RecordedContacts, channel: ActivationChannel | None
):
    assert activation_channel(mobile, email, on_record) is channel


def test_a_hold_its_objection_and_an_activation_last_a_day():
    assert {HOLD, NOT_ME_LIFE, ACTIVATION_LIFE} == {timedelta(hours=24)}
