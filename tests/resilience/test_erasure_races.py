"""Consumers are erased while they do something else: nothing of an erased consumer stays open."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    Household,
    a_connection,
    a_consumer,
    a_household,
    an_ownership,
    bill_correction,
    given,
    three_bills,
)
from tests.fixtures.registration import a_visitor, otp_sent_to, rows, solved
from tests.resilience.test_registration_races import all_at_once, print_counts
from wss import passwords
from wss.clock import now
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound, Outdated
from wss.domain.lifecycle import OPEN
from wss.domain.ownership import KnowledgeFacts
from wss.domain.retention import RETENTION
from wss.models import Consumer, Draft, Ownership, Proof, ServiceRequest, SignedIn
from wss.services.login.consumer_login import Credentials, log_in
from wss.services.my_data.erasure import ErasureOutcome, request_erasure
from wss.services.my_data.settings import change_settings
from wss.services.registration.added_connections import begin_join, prove_join
from wss.services.registration.mobile_change import begin_mobile_change, prove_new_mobile
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft

PAIRS = 16
ROUNDS = 40 if os.environ.get("WSS_SOAK") else 1
LONGEST_S = 0.02
# No document is sent here: a store that is used fails.
STORE: Any = SimpleNamespace(check=lambda: None)
Deed = Callable[[], Any]


@dataclass(frozen=True)
class Leaver:
    """A consumer for whom nothing has to be kept, with their household."""

    home: Household
    number: int

    @property
    def id(self) -> int:
        """Return the consumer's id."""
        assert self.home.consumer is not None
        return self.home.consumer.id

    @property
    def actor(self) -> Actor:
        """Return the consumer as an actor."""
        return Actor(Role.CONSUMER, str(self.id))

    @property
    def new_mobile(self) -> str:
        """Return a number that is not the consumer's verified one."""
        return str(8026000000 + self.number)


def a_leaver(number: int) -> Leaver:
    """Return a consumer who registered longer ago than the retention period."""
    home = a_household(str(7950770000 + number), registered=False, mobile_on_record=str(9026000000 + number))
    long_ago = now() - RETENTION - timedelta(days=1)
    owner = given(a_consumer(mobile=home.connection.mobile_on_record, created_at=long_ago))
    given(an_ownership(owner, home.account_no, created_at=long_ago))
    return Leaver(Household(home.connection, home.bills, owner), number)


def a_draft(leaver: Leaver) -> str:
    """Save a filled-in form about the newest bill and return its token."""
    answers = {"bill_no": [leaver.home.bill_no], "reason": "wrong_reading"}
    form = FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers)
    return save_draft(leaver.actor, leaver.home.account_no, form).form_token


def to_lodge(leaver: Leaver) -> Deed:
    """Return a step that registers a draft."""
    token = a_draft(leaver)
    return lambda: register_draft(leaver.actor, token)


def to_fill_in(leaver: Leaver) -> Deed:
    """Return a step that saves a draft."""
    return lambda: a_draft(leaver)


def to_join(leaver: Leaver) -> Deed:
    """Return a step that adds an unregistered connection."""
    account_no = str(7950771000 + leaver.number)
    bills = three_bills(account_no, 102000000001 + leaver.number * 10)
    given(a_connection(account_no, mobile_on_record=None), *bills)
    me = a_visitor(f"browser {leaver.number}")
    begin_join(me, leaver.id, KnowledgeFacts(account_no, bills[-1].bill_no))
    code = otp_sent_to(str(leaver.home.connection.mobile_on_record), "join_otp")
    return lambda: prove_join(me, leaver.id, code)


def to_sign_in(leaver: Leaver) -> Deed:
    """Return a step that logs in elsewhere."""
    me = a_visitor(f"browser {leaver.number}")
    typed = Credentials(leaver.home.account_no, "any", **solved(me))
    return lambda: log_in(me, typed)


def to_change_address(leaver: Leaver) -> Deed:
    """Return a step that sets an e-mail address."""
    address = f"leaver{leaver.number}@example.in"
    return lambda: change_settings(leaver.actor, "hi", sms_alerts=True, email_alerts=True, email=address)


def to_change_mobile(leaver: Leaver) -> Deed:
    """Return a step that proves another mobile number."""
    me = a_visitor(f"browser {leaver.number}")
    begin_mobile_change(me, KnowledgeFacts(leaver.home.account_no, leaver.home.bill_no), leaver.new_mobile)
    code = otp_sent_to(leaver.new_mobile, "new_mobile_otp")
    return lambda: prove_new_mobile(me, code, "")


def what_is_left_of(leaver: Leaver) -> list[str]:
    """Return what an erased consumer still has and must not have."""
    [consumer] = rows(Consumer, Consumer.id == leaver.id)
    if consumer.closed_at is None:
        return []
    theirs = (
        (SignedIn, ()),
        (Draft, (Draft.lodged_at.is_(None),)),
        (Proof, ()),
        (Ownership, (Ownership.ended_at.is_(None),)),
        (ServiceRequest, (ServiceRequest.status.in_(sorted(OPEN)),)),
    )
    with reading() as session:
        left = [
            f"{model.__tablename__} of consumer {leaver.id}"
            for model, conditions in theirs
            if session.execute(
                sa.select(sa.func.count()).where(model.consumer_id == leaver.id, *conditions)
            ).scalar_one()
        ]
    names = ("user_name", "mobile", "coming_mobile", "email")
    return left + [f"{name} of consumer {leaver.id}" for name in names if getattr(consumer, name)]


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize(
    "prepared", [to_lodge, to_fill_in, to_join, to_sign_in, to_change_address, to_change_mobile]
)
def test_who_is_erased_while_doing_something_else_leaves_nothing_open(
    database: Any, monkeypatch: pytest.MonkeyPatch, prepared: Callable[[Leaver], Deed], round_: int
):
    # Hashing would take so long that the two steps would never coincide.
    monkeypatch.setattr(passwords, "is_right", lambda _typed, kept: kept not in (None, "erased"))
    given(*bill_correction())
    leavers = [a_leaver(number) for number in range(PAIRS)]
    actions, pauses = [prepared(leaver) for leaver in leavers], Random(round_)
    waits = [pauses.uniform(0, LONGEST_S) for _ in range(2 * PAIRS)]

    def at_once(number: int) -> str:
        sleep(waits[number])
        try:
            if number < PAIRS:
                return request_erasure(leavers[number].actor, STORE).value
            actions[number - PAIRS]()
        except (NotFound, Outdated):
            return "too late"
        return "done"

    counts = print_counts(f"erased and {prepared.__name__}", all_at_once(at_once, 2 * PAIRS))

    assert [fault for leaver in leavers for fault in what_is_left_of(leaver)] == []
    assert set(counts) <= {ErasureOutcome.ERASED.value, ErasureOutcome.REMEMBERED.value, "too late", "done"}
