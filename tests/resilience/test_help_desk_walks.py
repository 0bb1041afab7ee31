"""Random walks of the help desk, with callers who disclose every code that they get.

Whatever is done on calls, no mobile, password, name or connection of a consumer changes, no session starts, and no
request is registered without consent. `make test` takes a few hundred steps on each database, `make soak` many
(WSS_STEPS says how many, WSS_SEED which).
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from tests.factories import (
    ACCOUNT_NO,
    ACCOUNT_NO_RURAL,
    MOBILE,
    Household,
    a_household,
    bill_correction,
    given,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import staff_of_the_office
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    OWN_MOBILE,
    SUPERVISOR,
    facts,
    filled,
    helpdesk_staff,
)
from tests.fixtures.registration import messages, rows, values_of
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.calls import CallReason, Relation
from wss.domain.catalogue import MOBILE_CORRECTION
from wss.domain.errors import NotFound, RuleBroken
from wss.models import (
    AuditEntry,
    Call,
    Connection,
    Consumer,
    LimitCount,
    Ownership,
    Registration,
    ServiceRequest,
    SignedIn,
)
from wss.services.calls import submission
from wss.services.calls.answers import CallerAnswer, confirm_resolution
from wss.services.calls.call_records import choose, end_call, open_call, open_call_without_number
from wss.services.calls.caller_links import (
    register_consumer,
    send_documents_link,
    send_link,
    send_link_to_caller,
    start_mobile_change,
)
from wss.services.calls.dead_numbers import register_dead_number
from wss.services.calls.open_requests import answer_question, look_up_status_on_call, remind
from wss.services.calls.verification import CallerProof, give_consent, send_otp, verify
from wss.services.operations import audit_chain
from wss.services.requests import disputes

STEPS = int(os.environ.get("WSS_STEPS", "20000" if os.environ.get("WSS_SOAK") else "200"))
SEED = int(os.environ.get("WSS_SEED", "0"))
EMPLOYEES = (HELPDESK, COLLEAGUE, SUPERVISOR)
PEOPLES_OWN = {
    Consumer: ("user_name", "password_hash", "mobile", "email"),
    Ownership: ("consumer_id", "account_no", "held_until", "ended_at"),
    Connection: ("account_no", "mobile_on_record", "consumer_name"),
    SignedIn: ("id_hash",),
    Registration: ("id",),
}


def peoples_own() -> dict[str, Any]:
    """Return the consumers' own data, which no employee may change."""
    with reading() as session:
        return {
            model.__name__: sorted(
                map(str, session.execute(sa.select(*(getattr(model, name) for name in names))))
            )
            for model, names in PEOPLES_OWN.items()
        }


class Desk:
    """Employees who take any step, in any order, with right and wrong values."""

    def __init__(self, chance: random.Random, homes: list[Household]) -> None:
        self.chance, self.homes = chance, homes
        self.taken, self.refused = Counter[str](), Counter[str]()
        self.tokens: list[str] = []
        self.call: Call | None = None

    def step(self) -> None:
        """Take a random step; the steps that the rules refuse are counted."""
        who, call = self.a_call()
        # Mostly the usual next step of such a call: other steps are nearly always refused.
        comes_next = self.comes_next(call) if self.chance.random() < 0.6 else list(self.all_steps())
        name = self.chance.choice(comes_next)
        try:
            self.all_steps()[name](who, call.id if call else 1)
        except RuleBroken:
            self.refused[name] += 1
        else:
            self.taken[name] += 1

    def a_call(self) -> tuple[Actor, Call | None]:
        """Return one of the newest calls, mostly with the employee who opened it."""
        begun = rows(Call)[-2:]
        if not begun:
            return self.chance.choice(EMPLOYEES), None
        self.call = call = self.chance.choice(begun)
        own = next(one for one in EMPLOYEES if one.id == call.employee_id)
        return (own if self.chance.random() < 0.9 else self.chance.choice(EMPLOYEES)), call

    def comes_next(self, call: Call | None) -> list[str]:
        """Return the usual next steps on such a call."""
        if call is None or call.ended_at is not None:
            return ["open", "open", "dispute", "cancel"]
        if call.account_no is None:
            return ["own_link", "status", "remind", "end"]
        if call.verified_at is None:
            return ["send_otp", "verify", "verify", "facts", "own_code", "own_code"]
        if call.consent_at is None:
            return ["consent"]
        return [
            "draft",
            "draft",
            "lodge",
            "lodge",
            "lodge",
            "documents",
            "dispute",
            "remind",
            "answer",
            "end",
        ]

    def home(self) -> Household:
        """Return mostly the household that the call is about."""
        about = self.call.account_no if self.call and self.chance.random() < 0.8 else None
        return next((one for one in self.homes if one.account_no == about), None) or self.chance.choice(
            self.homes
        )

    def a_number(self) -> str:
        """Return an existing or a made-up complaint number."""
        return self.chance.choice([*(one.complaint_no for one in rows(ServiceRequest)), "20000000984"])

    def code(self) -> str:
        """Return the newest code of a call, as its receiver discloses it; sometimes a wrong one."""
        sent = messages("call_otp", "call_own_otp", "call_confirm_otp", "call_refuse_otp")
        return values_of(sent[-1])["otp"] if sent and self.chance.random() < 0.9 else "000000"

    def digits(self) -> str:
        """Return the last digits of a mobile, or others."""
        return self.chance.choice([MOBILE[-4:], OWN_MOBILE[-4:], "0000"])

    def all_steps(self) -> dict[str, Callable[[Actor, int], object]]:
        """Return all steps of the help desk, by name."""
        return {
            "open": lambda who, _call: open_call(
                who,
                self.chance.choice([self.home().account_no, self.home().bill_no, self.a_number()]),
                self.chance.choice([*CallReason, ""]),
                "hi",
            ),
            "choose": lambda who, call: choose(who, call, self.home().account_no),
            "send_otp": send_otp,
            "verify": lambda who, call: verify(who, call, CallerProof(otp=self.code())),
            "facts": lambda who, call: verify(who, call, facts(self.home())),
            "own_code": lambda who, call: verify(
                who, call, CallerProof(caller_mobile=OWN_MOBILE, otp=self.code())
            ),
            "consent": lambda who, call: give_consent(
                who, call, self.chance.choice([*Relation, ""]), self.chance.random() < 0.8
            ),
            "draft": self.draft,
            "lodge": self.lodge,
            "send_link": send_link,
            "register_consumer": register_consumer,
            "start_mobile_change": start_mobile_change,
            "documents": lambda who, call: send_documents_link(who, call, self.a_number()),
            "confirm": lambda who, call: confirm_resolution(
                who, call, CallerAnswer(self.a_number(), True, otp=self.code())
            ),
            "lift": lambda who, _call: disputes.lift(
                self.mostly_supervisor(who), self.a_number(), "Looked into it."
            ),
            "cancel": lambda who, _call: disputes.cancel(
                self.mostly_supervisor(who), self.a_number(), "Looked into it."
            ),
            **self.steps_without_proof(),
            "answer": lambda who, call: answer_question(who, call, self.a_number(), "It shows 1060."),
            "dispute": self.dispute,
            "end": end_call,
        }

    def steps_without_proof(self) -> dict[str, Callable[[Actor, int], object]]:
        """Return the steps that are open to callers who have proved nothing."""
        return {
            "without_number": lambda who, _call: open_call_without_number(who, "bill", "hi"),
            "own_link": lambda who, call: send_link_to_caller(who, call, OWN_MOBILE),
            "status": lambda who, call: look_up_status_on_call(who, call, self.a_number(), self.digits()),
            "remind": lambda who, call: remind(who, call, self.a_number(), self.digits()),
            "dead_number": lambda who, call: register_dead_number(
                who, call, self.home().bill_no, self.chance.choice(["Pooja Sharma", "Ravi Verma"])
            ),
        }

    def mostly_supervisor(self, who: Actor) -> Actor:
        """Return mostly the supervisor."""
        return SUPERVISOR if self.chance.random() < 0.8 else who

    def dispute(self, _who: Actor, _call_id: int) -> None:
        """Follow the dispute link in the newest message as the consumer."""
        reported = messages("request_registered_1912")
        if not reported or not disputes.dispute(
            values_of(reported[-1])["dispute_path"].rpartition("/")[2], ""
        ):
            raise NotFound

    def draft(self, who: Actor, call_id: int) -> None:
        saved = submission.save_call_draft(who, call_id, filled(self.home()))
        self.tokens.append(saved.form_token)

    def lodge(self, who: Actor, call_id: int) -> None:
        submission.register_for_caller(who, call_id, self.tokens[-1] if self.tokens else "none")


def test_no_walk_of_the_help_desk_changes_what_is_peoples_own(database: Any, frozen_clock: FrozenClock):
    given(*bill_correction())
    homes = [a_household(ACCOUNT_NO), a_household(ACCOUNT_NO_RURAL, registered=False, mobile_on_record=None)]
    staff_of_the_office()
    given(*helpdesk_staff())
    before, desk = peoples_own(), Desk(random.Random(SEED), homes)

    for number in range(STEPS):
        desk.step()
        frozen_clock.advance(seconds=desk.chance.choice((5, 20, 90, 400)))
        if number % 5 == 0:
            # The limits of sending have their own tests; here every code may be sent.
            with transaction() as session:
                session.execute(sa.delete(LimitCount))
        assert peoples_own() == before

    audit_chain.chain()
    *faults, _trail = audit_chain.verify()
    print(f"\n{STEPS} steps, taken: {dict(desk.taken)}, refused: {sum(desk.refused.values())}")
    assert faults == []
    # A report of a dead number is registered before the caller is verified: it discloses and changes nothing.
    with_call = {one.call_id for one in rows(ServiceRequest) if one.kind != MOBILE_CORRECTION.code}
    agreed = {one.id for one in rows(Call) if one.verified_at and one.consent_at and one.relation}
    assert with_call and with_call <= agreed
    looked_at = {
        one.details["call"]
        for one in rows(AuditEntry)
        if one.deed == "view" and one.subject.startswith("connection:")
    }
    assert {one.id for one in rows(Call) if one.account_no} == looked_at
