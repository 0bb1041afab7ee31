"""Housekeeping deletes what has expired, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.registration import (
    a_visitor,
    messages,
    otp_sent_to,
    rows,
    solved,
    step_one,
    step_two,
    token_in,
    try_sign_in,
)
from wss.domain.sessions import IDLE, RETAINED_AFTER_END
from wss.models import (
    Captcha,
    Consent,
    Consumer,
    LimitCount,
    LinkToken,
    Otp,
    Ownership,
    Registration,
    SignedIn,
)
from wss.services.operations.housekeeping import run_housekeeping
from wss.services.registration.activation import ActivationOutcome, follow_activation_link, verify_code


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose registration left one row of each kind."""
    home = a_household(registered=False)
    step_one(a_visitor("a miss"), home.account_no, "NOSUCH")
    step_one(a_visitor(), home.account_no, home.bill_no)
    step_two(a_visitor(), email="pooja@example.in")
    assert verify_code(a_visitor(), otp_sent_to(MOBILE)).outcome is ActivationOutcome.ACTIVE
    try_sign_in(a_visitor(), home.account_no)
    solved(a_visitor())
    return home


def clean(folder: Path) -> None:
    run_housekeeping(gateways_with(RecordingSender(), folder))


def count(*models: Any) -> list[int]:
    return [len(rows(model)) for model in models]


def test_nothing_that_lives_is_dropped(home: Household, tmp_path: Path):
    before = count(Captcha, Otp, LinkToken, LimitCount, Registration, SignedIn)
    clean(tmp_path)

    assert count(Captcha, Otp, LinkToken, LimitCount, Registration, SignedIn) == before
    assert 0 not in before


@pytest.mark.parametrize(
    ("model", "minutes"),
    [
        (Captcha, 5),
        # An expired code is kept for another hour, in which it counts among those that were not used.
        (Otp, 70),
        # An ended session is kept a while, so that what is sent from it is kept as a draft of its consumer.
        (SignedIn, int((IDLE + RETAINED_AFTER_END).total_seconds()) // 60),
        (Registration, 120),
        (LinkToken, 24 * 60),
        (LimitCount, 24 * 60),
    ],
)
def test_expired_rows_are_deleted_when_they_expire(
    home: Household, tmp_path: Path, frozen_clock: Any, model: Any, minutes: int
):
    frozen_clock.advance(minutes=minutes - 1)
    clean(tmp_path)
    before = count(model)[0]
    frozen_clock.advance(minutes=1)
    clean(tmp_path)

    assert before > 0 and count(model) == [0]


def test_consumers_ownerships_and_consents_stay(home: Household, tmp_path: Path, frozen_clock: Any):
    frozen_clock.advance(days=400)
    clean(tmp_path)

    assert count(Consumer, Ownership, Consent) == [1, 1, 2]


def test_secret_texts_are_emptied_when_their_code_has_expired(
    home: Household, tmp_path: Path, frozen_clock: Any
):
    frozen_clock.advance(minutes=10)
    clean(tmp_path)

    texts = {message.notice: bool(message.text_sealed) for message in messages()}
    assert texts == {"registration_otp": False, "registered_consumer": True, "confirm_email": True}


def test_a_registration_that_waits_for_its_link_is_kept_a_day(
    database: Any, tmp_path: Path, frozen_clock: Any
):
    home = a_household(registered=False, mobile_on_record=None)
    step_one(a_visitor(), home.account_no, home.bill_no)
    step_two(a_visitor(), None, email="pooja@example.in")
    token = token_in("activation")
    frozen_clock.advance(hours=23, minutes=59)
    clean(tmp_path)

    assert follow_activation_link(token).outcome is ActivationOutcome.ACTIVE
