"""Random people register, sign in, recover, change numbers and claim: no connection gets two owners, or a wrong one."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fixtures.clocks import StandingClock
from tests.fixtures.owning import (
    A_DAY,
    ACCOUNTS,
    KEPT_FROM_IMPORTS,
    NUMBERS,
    PEOPLE,
    Owned,
    Person,
    as_kept,
    extract,
    faults,
    furnish,
)
from tests.fixtures.registering import owners_of, rows, solved, step_one, step_two
from tests.fixtures.townspeople import How, Townspeople, walk
from wss import clock, passwords
from wss.models import Consumer
from wss.services import claiming, joining, mobile_change, recovery
from wss.services.activation import End, say_not_me, send_hold_code, try_hold_code, verify_code
from wss.services.importing import Order, import_extract
from wss.services.recovery import Back
from wss.services.registration import StepOne, StepTwo
from wss.services.sign_in import Credentials, SignIn, sign_in

STEPS = int(os.environ.get("WSS_STEPS", "1000000" if os.environ.get("WSS_SOAK") else "2000"))

WHO, ACCOUNT, NUMBER = st.integers(0, PEOPLE - 1), st.sampled_from(ACCOUNTS), st.sampled_from(NUMBERS)
MOSTLY = st.integers(0, 5).map(lambda one: one > 0)
AT_ONCE = st.integers(0, 2).map(lambda one: one > 0)
PURPOSE = st.sampled_from((recovery.SIGN_IN, recovery.PASSWORD))


HOW = st.builds(How, MOSTLY, MOSTLY, AT_ONCE)


class Town(Townspeople, RuleBasedStateMachine):
    """What three people, with two phones each, do about two connections; every answer must be right by the model."""

    # Registering.

    @initialize(first=MOSTLY, second=st.booleans(), other_phone=st.booleans())
    def settle(self, first: bool, second: bool, other_phone: bool) -> None:
        """Mostly somebody is registered already when a walk begins, some with their other phone, so held."""
        for who in (place for place, wished in enumerate((first, second)) if wished):
            number = NUMBERS[who + PEOPLE * other_phone]
            self.register(who, ACCOUNTS[who], number, True, How(True, False, True))
            self.sign_in(who, ACCOUNTS[who], who, True)
            self.read_letters()

    @rule(who=WHO, account_no=ACCOUNT, number=NUMBER, both=MOSTLY, how=HOW)
    def register(self, who: int, account_no: str, number: str, both: bool, how: How) -> None:
        """Both steps, with one number or with two."""
        number, right = self.mostly_own(who, number, how.own), how.right
        me, bill_no = self.browser(who), self.facts(account_no, right).bill_no if both else ""
        answer = step_one(me, account_no, bill_no)
        if answer.outcome is StepOne.ALREADY_REGISTERED:
            assert both and right and self.owner(account_no)
            self.reached["registered already"] += 1
        if answer.outcome is not StepOne.GO_ON:
            return
        assert right or not both
        on_record, owner = self.model.on_record[account_no], self.owner(account_no)
        if both:
            self.tell(number)
        else:
            self.tell(owner[1].mobile or on_record if owner else on_record)
        password = self.new_password(who)
        if step_two(me, number if both else None, password=password).outcome is StepTwo.OTP_SENT:
            self.doing[who, password_of(who)] = (password, None, True)
            self.doing[who, "registration"] = (account_no, number if both else on_record, both)
            if how.at_once:
                self.go_on(self.finish_registering, who=who, latest=True)

    @rule(who=WHO, latest=MOSTLY)
    def finish_registering(self, who: int, latest: bool) -> None:
        """The code."""
        code, came_to = self.code(who, "registration_otp", latest)
        account_no, mobile, _both = self.doing.get((who, "registration"), ("", None, False))
        on_record = self.model.on_record.get(account_no)
        self.tell(mobile, on_record)
        current = self.model.owned.get(account_no)
        before = self.model.consumers[current.consumer].mobile if current else None
        self.tell(before)
        ended = verify_code(self.browser(who), code)
        if ended.outcome not in (End.ACTIVE, End.HELD):
            return
        assert came_to == mobile and ended.account_no == account_no
        assert (ended.outcome is End.HELD) == (on_record is not None and mobile != on_record)
        # Only a hold gives way, and only to the number on record.
        assert current is None or (not current.is_active and ended.outcome is End.ACTIVE and on_record)
        self.lose(account_no)
        consumer = self.newcomer(mobile, self.doing[who, password_of(who)][0])
        self.reached[ended.outcome.value + (", a hold gave way" if current else "")] += 1
        held_until = clock.now() + A_DAY if ended.outcome is End.HELD else None
        self.model.owned[account_no] = Owned(consumer, held_until)
        del self.doing[who, "registration"]

    @rule(change=st.booleans())
    def say_no(self, change: bool) -> None:
        """Whoever got the link says that it was not them: a registration on hold ends, a waiting number goes away."""
        notice = "mobile_coming" if change else "not_me"
        letter = next((one for one in reversed(self.letters) if one.notice == notice), None)
        token = letter.values["path"].rpartition("/")[2] if letter else "x" * 32
        if change:
            waiting = {
                i
                for i, one in self.model.consumers.items()
                if one.coming and letter and one.mobile == letter.to
            }
            if mobile_change.object_to_mobile(token):
                still = {one.id for one in rows(Consumer, Consumer.coming_mobile.is_not(None))}
                [stopped] = [i for i, one in self.model.consumers.items() if one.coming and i not in still]
                assert stopped in waiting
                self.model.consumers[stopped].coming = None
                self.model.end_sessions(stopped)
                self.reached["objected"] += 1
            return
        self.tell(*self.model.verified())
        before = {a: owned for a, owned in self.model.owned.items() if not owned.is_active}
        if say_not_me(token):
            [lost] = [account_no for account_no in before if not owners_of(account_no)]
            self.lose(lost)
            self.reached["not me"] += 1

    @rule(who=WHO, ask=st.booleans(), latest=MOSTLY)
    def prove_old_number(self, who: int, ask: bool, latest: bool) -> None:
        """Somebody whose registration is on hold has a code sent to the number on record, or types it."""
        consumer = self.consumer_of(who)
        held = [a for a, o in self.model.owned.items() if o.consumer == consumer and not o.is_active]
        if consumer is None:
            return
        if ask:
            self.tell(*(self.model.on_record[account_no] for account_no in held))
            assert (send_hold_code(consumer, "10.9.9.9") is not None) == bool(held)
            self.go_on(self.prove_old_number, who=who, ask=False, latest=latest)
            return
        code, came_to = self.code(who, "hold_otp", latest)
        tried = try_hold_code(consumer, code)
        if tried is not None and tried.is_right:
            lifted = next(a for a in held if self.model.on_record[a] == came_to)
            self.model.owned[lifted].held_until = None
            self.reached["hold lifted"] += 1

    # Signing in and ways back in.

    @rule(who=WHO, account_no=ACCOUNT, whose=WHO, own=MOSTLY)
    def sign_in(self, who: int, account_no: str, whose: int, own: bool) -> None:
        """With a password: mostly one's own, sometimes one that was one's own before."""
        account_no = self.mostly_home(who, account_no, own)
        owned = self.model.owned.get(account_no)
        right = self.model.consumers[owned.consumer].password if owned else ""
        typed = right if right.endswith(f"of {who}") else f"secret {self.secrets} of {whose}"
        me = self.browser(who)
        answer = sign_in(me, Credentials(account_no, typed, **solved(me)))
        if answer.outcome is SignIn.IN:
            assert owned and owned.consumer == answer.consumer_id and typed == right
            self.arrive(who, answer.consumer_id)
            self.reached["signed in by password"] += 1
        else:
            assert not owned or typed != right or answer.outcome is SignIn.TOO_OFTEN

    @rule(who=WHO, account_no=ACCOUNT, how=HOW, purpose=PURPOSE)
    def ask_to_come_back(self, who: int, account_no: str, how: How, purpose: str) -> None:
        """Account, bill, and a code to the verified mobile."""
        account_no = self.mostly_home(who, account_no, how.own)
        owner = self.owner(account_no)
        self.tell(owner[1].mobile if owner and how.right else None)
        if (
            recovery.ask_code(self.browser(who), purpose, self.facts(account_no, how.right)).outcome
            is Back.DONE
        ):
            self.doing[who, purpose] = (account_no, None, how.right)
            if how.at_once:
                self.go_on(self.come_back, who=who, latest=True, sign_in=purpose == recovery.SIGN_IN)

    @rule(who=WHO, latest=MOSTLY, sign_in=st.booleans())
    def come_back(self, who: int, latest: bool, sign_in: bool) -> None:
        """The code: a session, or a new password, for whoever brought three facts that are right now."""
        code, came_to = self.code(who, "sign_in_otp" if sign_in else "password_otp", latest)
        password = self.new_password(who)
        self.tell(*self.model.verified())
        if sign_in:
            back = recovery.sign_in_by_code(self.browser(who), code)
        else:
            back = recovery.set_password_by_code(self.browser(who), code, password)
        if back.outcome is not Back.DONE:
            return
        _account_no, _number, right = self.doing[who, recovery.SIGN_IN if sign_in else recovery.PASSWORD]
        consumer = back.consumer_id or next(
            one.id for one in rows(Consumer) if one.password_hash == passwords.hashed(password)
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

    # Numbers that change.

    @rule(who=WHO, account_no=ACCOUNT, number=NUMBER, old=st.booleans(), how=HOW)
    def ask_new_mobile(self, who: int, account_no: str, number: str, old: bool, how: How) -> None:
        """Codes to the new number and to the verified one."""
        account_no = self.mostly_home(who, account_no, how.own)
        number, right = self.mostly_own(who, number, how.own), how.right
        owner = self.owner(account_no)
        self.tell(number, owner[1].mobile if owner and right else None)
        facts = self.facts(account_no, right)
        if (
            mobile_change.ask_new_mobile(self.browser(who), facts, number).outcome
            is mobile_change.Change.ASKED
        ):
            self.doing[who, "mobile"] = (account_no, number, right)
            self.doing[who, "changing"] = (str(owner[0] if owner else 0), None, right)
            if how.at_once:
                self.go_on(self.prove_new_mobile, who=who, old=old, latest=True)

    @rule(who=WHO, old=st.booleans(), latest=MOSTLY)
    def prove_new_mobile(self, who: int, old: bool, latest: bool) -> None:
        """The new number's code, and perhaps the old one's."""
        code, came_to = self.code(who, "new_mobile_otp", latest)
        old_code, old_came_to = self.code(who, "old_mobile_otp") if old else ("", "")
        self.tell(*self.model.verified())
        _account_no, number, right = self.doing.get((who, "mobile"), ("", None, False))
        self.tell(number)
        changed = mobile_change.prove_new_mobile(self.browser(who), code, old_code).outcome
        if changed not in (
            mobile_change.Change.CHANGED,
            mobile_change.Change.COMING,
            mobile_change.Change.WRONG_OLD,
        ):
            return
        assert right and came_to == number
        consumer = int(self.doing[who, "changing"][0])
        person = self.model.consumers[consumer]
        self.reached[f"mobile {changed.value}"] += 1
        if changed is mobile_change.Change.CHANGED:
            assert old_came_to == person.mobile, "an old number that is no longer the verified one"
            self.model.consumers[consumer] = Person(number, person.password)
            self.model.end_sessions(consumer)
        else:
            person.coming = (str(number), clock.now() + A_DAY)

    @rule(hours=st.sampled_from((0, 23, 24)))
    def a_day_is_over(self, hours: int) -> None:
        """The numbers that have waited take their place; nobody's earlier than after a day."""
        self.clock.advance(hours=hours)
        due = {
            i: one for i, one in self.model.consumers.items() if one.coming and one.coming[1] <= clock.now()
        }
        for consumer, person in due.items():
            assert person.coming
            self.tell(person.mobile, person.coming[0])
            self.model.consumers[consumer] = Person(person.coming[0], person.password)
            self.model.end_sessions(consumer)
        assert mobile_change.change_due_mobiles() == len(due)
        self.reached["mobile came"] += len(due)

    @rule(account_no=ACCOUNT, number=st.sampled_from((*NUMBERS, None)))
    def take_in_an_extract(self, account_no: str, number: str | None) -> None:
        """The billing system has another number on record: nothing of any consumer changes."""
        before = as_kept(*KEPT_FROM_IMPORTS)
        assert import_extract(Order("connections", extract(self.folder, account_no, number))).written
        self.model.on_record[account_no] = number
        assert as_kept(*KEPT_FROM_IMPORTS) == before

    @rule(number=NUMBER, who=WHO)
    def give_phone_away(self, number: str, who: int) -> None:
        """A number is somebody else's now: a new owner of the SIM, a shared phone."""
        self.model.phones[number] = who

    # Claims and more connections.

    @rule(who=WHO, account_no=ACCOUNT, number=NUMBER, how=HOW)
    def ask_claim(self, who: int, account_no: str, number: str, how: How) -> None:
        """This is my connection."""
        number, right = self.mostly_own(who, number, how.own), how.right
        on_record = self.model.on_record[account_no]
        self.tell(on_record or number)
        claimed = claiming.ask_claim(self.browser(who), self.facts(account_no, right), number)
        if claimed.outcome is claiming.Claim.CODE_SENT:
            assert right and self.owner(account_no)
            self.doing[who, "claim"] = (account_no, on_record or number, on_record is not None)
            if how.at_once:
                self.go_on(self.prove_claim, who=who, latest=True)

    @rule(who=WHO, latest=MOSTLY)
    def prove_claim(self, who: int, latest: bool) -> None:
        """The code moves the connection only when it came to the number that is on record now."""
        code, came_to = self.code(who, "claim_otp", latest)
        self.tell(*self.model.verified(), came_to)
        password = self.new_password(who)
        claimed = claiming.prove_claim(self.browser(who), code, password).outcome
        if claimed not in (claiming.Claim.MOVED, claiming.Claim.LODGED):
            return
        account_no, mobile, was_on_record = self.doing[who, "claim"]
        assert came_to == mobile
        consumer = self.newcomer(mobile, password)
        self.reached[f"claim {claimed.value}"] += 1
        assert (claimed is claiming.Claim.MOVED) == was_on_record
        if claimed is claiming.Claim.MOVED:
            assert came_to == self.model.on_record[account_no]
            self.lose(account_no)
            self.model.owned[account_no] = Owned(consumer)

    @rule(who=WHO, account_no=ACCOUNT, how=HOW)
    def ask_join(self, who: int, account_no: str, how: How) -> None:
        """One more connection under the same sign-in."""
        right = how.right
        consumer = self.consumer_of(who)
        if consumer is None:
            return
        on_record = self.model.on_record[account_no]
        mobile = on_record or self.model.consumers[consumer].mobile
        self.tell(mobile)
        joined = joining.ask_join(self.browser(who), consumer, self.facts(account_no, right))
        if joined.outcome is joining.Join.CODE_SENT:
            assert right and account_no not in self.model.owned
            self.doing[who, "join"] = (account_no, mobile, True)
            if how.at_once:
                self.go_on(self.prove_join, who=who, latest=True)

    @rule(who=WHO, latest=MOSTLY)
    def prove_join(self, who: int, latest: bool) -> None:
        """The code adds the connection, if it came to the number that proves it now."""
        consumer = self.consumer_of(who)
        if consumer is None:
            return
        code, came_to = self.code(who, "join_otp", latest)
        joined = joining.prove_join(self.browser(who), consumer, code)
        if joined.outcome is joining.Join.ADDED:
            account_no, mobile, _right = self.doing[who, "join"]
            proves = self.model.on_record[account_no] or self.model.consumers[consumer].mobile
            assert came_to == mobile == proves, "a number that is no longer on record added a connection"
            assert account_no not in self.model.owned
            self.reached["joined"] += 1
            self.model.owned[account_no] = Owned(consumer)

    @rule(minutes=st.sampled_from((5, 11, 16, 61, 60 * 13, 60 * 24)))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.clock.advance(minutes=minutes)

    @invariant()
    def all_is_as_it_ought_to_be(self) -> None:
        """After each step; a minute later the next message may be sent."""
        self.read_letters()
        wrong = faults(self.model)
        assert not wrong, wrong
        Town.steps += 1
        self.clock.advance(seconds=61)


def password_of(who: int) -> str:
    return f"password of {who}"


@pytest.fixture
def town(
    database: Any,
    database_kind: str,
    standing_clock: StandingClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """The town on an empty database. Passwords are compared, not hashed: that takes longer than all the rest."""
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    monkeypatch.setattr(passwords, "is_right", lambda password, kept: kept == f"hash of {password}")
    furnish()
    Town.folder, Town.clock, Town.steps, Town.reached = tmp_path, standing_clock, 0, Counter()
    yield Town
    print(f"\nownership on {database_kind}: {Town.steps} steps: {dict(sorted(Town.reached.items()))}")


def test_no_walk_gives_a_connection_to_the_wrong_person(town: Any):
    walk(town, STEPS)
