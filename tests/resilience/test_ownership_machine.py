"""Random people register, log in, recover, change numbers and claim: no connection gets two owners, or a wrong one."""

import gc
import os
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fixtures.clocks import FrozenClock
from tests.fixtures.ownership_decision_steps import DecisionSteps
from tests.fixtures.ownership_erasure_steps import ErasureSteps
from tests.fixtures.ownership_joining_steps import JoiningSteps
from tests.fixtures.ownership_link_steps import LinkSteps
from tests.fixtures.ownership_model import ACCOUNTS, ADDRESSES, NUMBERS, PEOPLE, Claim
from tests.fixtures.ownership_rows import KEPT_FROM_IMPORTS, as_kept, extract, insert_walk_rows, put_on_record
from tests.fixtures.ownership_walk import (
    ACCOUNT,
    ADDRESS,
    HOW,
    MOSTLY,
    NUMBER,
    SEED,
    SELDOM,
    WHO,
    PendingStep,
    RequestOptions,
    walk,
)
from tests.fixtures.registration import rows, solution, solved, step_one, step_two
from wss import clock, passwords
from wss.models import Consumer, Proof
from wss.services.claims import claims
from wss.services.login.consumer_login import Credentials, LoginOutcome, log_in
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.registration import mobile_change, recovery
from wss.services.registration.activation import ActivationOutcome, send_hold_code, try_hold_code, verify_code
from wss.services.registration.recovery import RecoveryOutcome
from wss.services.registration.step_results import StepOneOutcome, StepTwoOutcome

STEPS = int(os.environ.get("WSS_STEPS", "1000000" if os.environ.get("WSS_SOAK") else "1200"))
PURPOSE = st.sampled_from((recovery.SIGN_IN, recovery.PASSWORD))


class OwnershipMachine(LinkSteps, DecisionSteps, JoiningSteps, ErasureSteps, RuleBasedStateMachine):
    """The steps of three people with two phones each about three connections, compared with the model."""

    # Registration.

    @initialize(first=MOSTLY, second=st.booleans(), other_phone=st.booleans())
    def settle(self, first: bool, second: bool, other_phone: bool) -> None:
        """Register most people before a walk begins, some with their other phone and therefore on hold."""
        for who in (place for place, wished in enumerate((first, second)) if wished):
            number = NUMBERS[who + PEOPLE * other_phone]
            self.register(
                who, ACCOUNTS[who], number, True, RequestOptions(True, False, True), ADDRESSES[who], False
            )
            self.step_at_once(self.sign_in, who=who, account_no=ACCOUNTS[who], whose=who, own=True)
            self.check()

    @rule(
        who=WHO, account_no=ACCOUNT, number=NUMBER, both=MOSTLY, how=HOW, email=ADDRESS, by_link=st.booleans()
    )
    def register(
        self,
        who: int,
        account_no: str,
        number: str,
        both: bool,
        how: RequestOptions,
        email: str | None,
        by_link: bool,
    ) -> None:
        """Take both steps, with one number or with two, with a mobile or by an e-mailed link."""
        number, right = self.mostly_own(who, number, how.own), how.right
        me, bill_no = self.browser(who), self.facts(account_no, right).bill_no if both else ""
        answer = step_one(me, account_no, bill_no)
        if answer.outcome is StepOneOutcome.ALREADY_REGISTERED:
            assert both and right and self.owner(account_no)
            self.reached["registered already"] += 1
        if answer.outcome is not StepOneOutcome.STARTED:
            return
        assert right or not both
        self.model.end_links("activation", who)
        on_record, owner = self.model.asked(account_no), self.owner(account_no)
        by_link = by_link and on_record is None
        address = self.model.email_on_record[account_no] or email
        if both:
            self.tell(address if by_link else number)
        else:
            self.tell(owner[1].mobile or on_record if owner else on_record)
        password = self.new_password(who)
        name = f"resident{self.secrets}" if self.secrets % 2 else None
        self.links_due["activation"] = who
        mobile = number if both and not by_link else None
        sent = step_two(me, mobile, password=password, email=email, user_name=name).outcome
        if sent is StepTwoOutcome.LINK_SENT:
            assert both and by_link and on_record is None and address
            self.doing[who, "registration"] = PendingStep(account_no, address, both, email, name, password)
            self.await_the_link(account_no, how)
        if sent is StepTwoOutcome.OTP_SENT:
            to = number if both else on_record
            self.doing[who, "registration"] = PendingStep(account_no, to, both, email, name, password)
            if how.at_once:
                self.step_at_once(self.finish_registering, who=who, latest=True)

    def await_the_link(self, account_no: str, how: RequestOptions) -> None:
        """Follow the link as the mailbox's holder, or change the address on record first."""
        self.reached["activation link"] += 1
        if not how.at_once:
            extract = {"account_no": account_no, "number": None, "email": ADDRESSES[self.secrets % PEOPLE]}
            self.step_at_once(self.take_in_an_extract, **extract, is_real=False)
        if how.at_once or self.secrets % 2:
            self.step_at_once(self.follow_newest_link, yes=True)

    @rule(who=WHO, latest=MOSTLY)
    def finish_registering(self, who: int, latest: bool) -> None:
        """Enter the code."""
        code, came_to = self.code(who, "registration_otp", latest)
        doing = self.doing.get((who, "registration"), PendingStep("", None, False))
        protecting = self.model.protecting(doing.account_no)
        self.tell(doing.to, *protecting)
        current = self.model.owned.get(doing.account_no)
        if current:
            self.allow_notice_to(current.consumer)
        ended = verify_code(self.browser(who), code)
        if ended.outcome not in (ActivationOutcome.ACTIVE, ActivationOutcome.HELD):
            return
        assert came_to == doing.to and ended.account_no == doing.account_no
        assert (ended.outcome is ActivationOutcome.HELD) == any(number != doing.to for number in protecting)
        # Only a registration on hold can be replaced, and only by the number on record.
        assert current is None or (
            not current.is_active and ended.outcome is ActivationOutcome.ACTIVE and protecting
        )
        self.lose(doing.account_no)
        self.settle_down(who, is_held=ended.outcome is ActivationOutcome.HELD)
        self.arrive(who, ended.consumer_id)
        self.reached[ended.outcome.value + (", a hold gave way" if current else "")] += 1

    @rule(who=WHO, ask=st.booleans(), latest=MOSTLY)
    def prove_old_number(self, who: int, ask: bool, latest: bool) -> None:
        """Send a code to the number on record for a registration on hold, or enter it."""
        consumer = self.consumer_of(who)
        held = [a for a, o in self.model.owned.items() if o.consumer == consumer and not o.is_active]
        if consumer is None:
            return
        if ask:
            self.tell(*(self.model.lifting(account_no) for account_no in held))
            assert (send_hold_code(self.browser(who), consumer) is not None) == bool(held)
            self.step_at_once(self.prove_old_number, who=who, ask=False, latest=latest)
            return
        code, came_to = self.code(who, "hold_otp", latest)
        tried = try_hold_code(self.browser(who), consumer, code)
        if tried is not None and tried.is_right:
            lifted = next(a for a in held if self.model.lifting(a) == came_to)
            self.model.owned[lifted].held_until = None
            self.model.end_links("not_me", lifted)
            self.reached["hold lifted"] += 1

    # Login and recovery.

    @rule(who=WHO, account_no=ACCOUNT, whose=WHO, own=MOSTLY)
    def sign_in(self, who: int, account_no: str, whose: int, own: bool) -> None:
        """Log in with a password: mostly the current one, sometimes a former one."""
        account_no = self.mostly_home(who, account_no, own)
        owned = self.model.owned.get(account_no)
        right = self.model.consumers[owned.consumer].password if owned else ""
        typed = right if right.endswith(f"of {who}") else f"secret {self.secrets} of {whose}"
        me = self.browser(who)
        answer = log_in(me, Credentials(account_no, typed, **solved(me)))
        if answer.outcome is LoginOutcome.IN:
            assert owned and owned.consumer == answer.consumer_id and typed == right
            self.arrive(who, answer.consumer_id)
            self.reached["signed in by password"] += 1
        else:
            assert not owned or typed != right or answer.outcome is LoginOutcome.TOO_OFTEN

    @rule(who=WHO, account_no=ACCOUNT, how=HOW, purpose=PURPOSE)
    def ask_to_come_back(self, who: int, account_no: str, how: RequestOptions, purpose: str) -> None:
        """Ask for recovery with account and bill, which sends a code to the verified mobile."""
        account_no = self.mostly_home(who, account_no, how.own)
        owner = self.owner(account_no)
        if owner and how.right:
            self.tell(owner[1].mobile, owner[1].email if owner[1].is_confirmed else None)
            self.links_due["reset_link"] = owner[0]
        if (
            recovery.begin_recovery(self.browser(who), purpose, self.facts(account_no, how.right)).outcome
            is RecoveryOutcome.DONE
        ):
            self.doing[who, purpose] = PendingStep(account_no, None, how.right)
            if how.at_once:
                is_mailed = purpose == recovery.PASSWORD and self.secrets % 2
                if is_mailed and owner and how.right and owner[1].is_confirmed:
                    self.step_at_once(self.follow_newest_link, yes=True)
                else:
                    self.step_at_once(
                        self.come_back, who=who, latest=True, sign_in=purpose == recovery.SIGN_IN
                    )

    @rule(who=WHO, latest=MOSTLY, sign_in=st.booleans())
    def come_back(self, who: int, latest: bool, sign_in: bool) -> None:
        """Enter the code: it opens a session or sets a password if the three facts are right now."""
        code, came_to = self.code(who, "sign_in_otp" if sign_in else "password_otp", latest)
        password = self.new_password(who)
        self.tell(*self.model.verified())
        if sign_in:
            back = recovery.log_in_by_code(self.browser(who), code)
        else:
            back = recovery.set_password_by_code(self.browser(who), code, password)
        if back.outcome is not RecoveryOutcome.DONE:
            return
        right = self.doing[who, recovery.SIGN_IN if sign_in else recovery.PASSWORD].right
        consumer = back.consumer_id or next(
            one.id for one in rows(Consumer) if one.password_hash == passwords.hash_password(password)
        )
        assert right, "a code alone opened an account"
        assert came_to == self.model.consumers[consumer].mobile, "a number that is no longer the verified one"
        if sign_in:
            self.arrive(who, consumer)
            self.reached["signed in by code"] += 1
        else:
            self.model.consumers[consumer].password = password
            self.reached["new password"] += 1
            self.model.end_sessions(consumer)
            self.model.end_links("reset_link", consumer)

    # Changes of numbers.

    @rule(who=WHO, account_no=ACCOUNT, number=NUMBER, old=st.booleans(), how=HOW)
    def ask_new_mobile(self, who: int, account_no: str, number: str, old: bool, how: RequestOptions) -> None:
        """Ask for a new mobile, which sends codes to the new number and to the verified one."""
        account_no = self.mostly_home(who, account_no, how.own)
        number, right = self.mostly_own(who, number, how.own), how.right
        owner = self.owner(account_no)
        self.tell(number, owner[1].mobile if owner and right else None)
        facts, me = self.facts(account_no, right), self.browser(who)
        asked = mobile_change.begin_mobile_change(me, facts, number, solution(me)).outcome
        # When the old number's codes are refused, a change may be under way that no code can prove yet.
        begun = (Proof.purpose == mobile_change.MOBILE, Proof.created_at == clock.now())
        if asked is mobile_change.MobileChangeOutcome.ASKED or rows(
            Proof, Proof.session_hash == me.session_hash, *begun
        ):
            consumer = owner[0] if owner else 0
            self.doing[who, "mobile"] = PendingStep(account_no, number, right, consumer=consumer)
            if how.at_once:
                self.step_at_once(self.prove_new_mobile, who=who, old=old, latest=True)

    @rule(who=WHO, old=st.booleans(), latest=MOSTLY)
    def prove_new_mobile(self, who: int, old: bool, latest: bool) -> None:
        """Enter the new number's code, and perhaps the old one's."""
        code, came_to = self.code(who, "new_mobile_otp", latest)
        old_code, old_came_to = self.code(who, "old_mobile_otp") if old else ("", "")
        self.tell(*self.model.verified())
        doing = self.doing.get((who, "mobile"), PendingStep("", None, False))
        consumer = doing.consumer
        self.tell(doing.to)
        self.links_due["mobile_coming"] = consumer
        changed = mobile_change.prove_new_mobile(self.browser(who), code, old_code).outcome
        if changed not in (
            mobile_change.MobileChangeOutcome.CHANGED,
            mobile_change.MobileChangeOutcome.COMING,
            mobile_change.MobileChangeOutcome.WRONG_OLD,
        ):
            return
        assert doing.right and came_to == doing.to
        person = self.model.consumers[consumer]
        assert not person.closed, "somebody who is erased got a number"
        self.model.end_links("mobile_coming", consumer)
        self.reached[f"mobile {changed.value}"] += 1
        if changed is mobile_change.MobileChangeOutcome.CHANGED:
            assert old_came_to == person.mobile, "an old number that is no longer the verified one"
            person.mobile, person.coming = doing.to, None
            self.model.end_sessions(consumer)
        else:
            for account_no in self.model.accounts_of(consumer):
                self.tell(*self.model.protecting(account_no))
            person.coming = (str(doing.to), clock.now() + person.waits)

    @rule(hours=st.sampled_from((0, 23, 24)))
    def apply_pending_numbers(self, hours: int) -> None:
        """Advance the clock and apply the pending numbers, none earlier than after a day."""
        self.clock.advance(hours=hours)
        due = {
            i: one for i, one in self.model.consumers.items() if one.coming and one.coming[1] <= clock.now()
        }
        for consumer, person in due.items():
            assert person.coming
            self.allow_notice_to(consumer)
            self.tell(person.coming[0])
            person.mobile, person.coming = person.coming[0], None
            self.model.end_sessions(consumer)
            self.model.end_links("mobile_coming", consumer)
        assert mobile_change.change_due_mobiles() == len(due)
        self.reached["mobile came"] += len(due)

    @rule(account_no=ACCOUNT, number=st.sampled_from((*NUMBERS, None)), email=ADDRESS, is_real=SELDOM)
    def take_in_an_extract(
        self, account_no: str, number: str | None, email: str | None, is_real: bool
    ) -> None:
        """Change number and address on record: no consumer's data change."""
        before = as_kept(*KEPT_FROM_IMPORTS)
        self.model.put_on_record(account_no, number, email)
        if is_real:
            order = ImportOrder("connections", extract(self.folder, account_no, number, email))
            assert import_extract(order).written
            self.reached["extracts"] += 1
        else:
            # The result of an import; a whole import takes as long as thirty steps.
            put_on_record(account_no, number, email, self.model.former.get(account_no, (None, None)))
        assert as_kept(*KEPT_FROM_IMPORTS) == before

    @rule(number=NUMBER, who=WHO)
    def give_phone_away(self, number: str, who: int) -> None:
        """Give a number to another person: a new owner of the SIM, or a shared phone."""
        self.model.phones[number] = who

    # Claims and more connections.

    @rule(who=WHO, account_no=ACCOUNT, number=NUMBER, how=HOW)
    def ask_claim(self, who: int, account_no: str, number: str, how: RequestOptions) -> None:
        """Claim a connection."""
        number, right = self.mostly_own(who, number, how.own), how.right
        to = self.model.asked(account_no) or number
        self.tell(to)
        me = self.browser(who)
        claimed = claims.begin_claim(me, self.facts(account_no, right), number, solution(me))
        if claimed.outcome is claims.ClaimOutcome.CODE_SENT:
            assert right and self.owner(account_no)
            self.doing[who, "claim"] = PendingStep(account_no, to, self.model.protecting(account_no) == [to])
            if how.at_once:
                self.step_at_once(self.prove_claim, who=who, latest=True)

    @rule(who=WHO, latest=MOSTLY)
    def prove_claim(self, who: int, latest: bool) -> None:
        """Enter the code: it transfers the connection only if it was sent to the number on record now."""
        code, came_to = self.code(who, "claim_otp", latest)
        self.tell(*self.model.verified(), came_to)
        password = self.new_password(who)
        answer = claims.prove_claim(self.browser(who), code, password)
        claimed = answer.outcome
        if claimed not in (claims.ClaimOutcome.MOVED, claims.ClaimOutcome.LODGED):
            return
        doing = self.doing[who, "claim"]
        assert came_to == doing.to
        consumer = self.newcomer(mobile=doing.to, password=password)
        self.reached[f"claim {claimed.value}"] += 1
        assert (claimed is claims.ClaimOutcome.MOVED) == doing.right
        if claimed is claims.ClaimOutcome.LODGED:
            self.model.claims[answer.number] = Claim(doing.account_no, consumer)
            # Every other claim is decided at once, or hardly any would be decided.
            if self.secrets % 2:
                self.step_at_once(self.work_off, which=len(self.model.claims), grant=True, alone=False)
            return
        assert [came_to] == self.model.protecting(doing.account_no)
        self.lose(doing.account_no, is_claimed=True)
        self.model.own(doing.account_no, consumer)

    @rule(minutes=st.sampled_from((5, 11, 16, 61, 60 * 13, 60 * 24)))
    def wait(self, minutes: int) -> None:
        """Advance the clock."""
        self.clock.advance(minutes=minutes)

    @invariant()
    def all_is_as_it_ought_to_be(self) -> None:
        """Check after each step; a minute later the next message may be sent."""
        self.check()
        self.clock.advance(seconds=61)


@pytest.fixture
def walk_class(
    unsynced: None,
    database_kind: str,
    frozen_clock: FrozenClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Insert the rows of the walk into an empty database. Passwords are compared, not hashed: hashing would take
    longer than all the rest."""
    monkeypatch.setattr(passwords, "hash_password", lambda password: f"hash of {password}")
    monkeypatch.setattr(passwords, "is_right", lambda password, kept: kept == f"hash of {password}")
    insert_walk_rows()
    # Garbage collection over all imported objects would take a sixth of the time.
    gc.freeze()
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    OwnershipMachine.folder, OwnershipMachine.clock = tmp_path, frozen_clock
    OwnershipMachine.steps, OwnershipMachine.reached = 0, Counter()
    begun = process_time()
    yield OwnershipMachine
    used_s = process_time() - begun
    gc.set_threshold(*usual)
    gc.unfreeze()
    print(
        f"\nownership on {database_kind}, seed {SEED}: {OwnershipMachine.steps} steps,"
        f" {OwnershipMachine.steps / used_s:.0f} in a second of CPU: {dict(sorted(OwnershipMachine.reached.items()))}"
    )


def test_no_walk_gives_a_connection_to_the_wrong_person(walk_class: Any):
    walk(walk_class, STEPS)
