"""An attacker who knows account, mobile and an old bill does not keep the owner from logging in."""

import os
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    rows,
    step_one,
    step_two,
    values_of,
)
from wss import passwords
from wss.db import transaction
from wss.domain.captcha import UNASKED
from wss.domain.ownership import KnowledgeFacts
from wss.domain.visitor import Visitor
from wss.models import Consumer, SignedIn
from wss.services.claims.claims import begin_claim, prove_claim
from wss.services.login.known_phones import remember_browser, send_phone_links
from wss.services.registration.activation import verify_code
from wss.services.registration.mobile_change import begin_mobile_change, prove_new_mobile
from wss.services.registration.recovery import PASSWORD as NEW_PASSWORD
from wss.services.registration.recovery import (
    SIGN_IN,
    RecoveryOutcome,
    begin_recovery,
    log_in_by_code,
    resend_code,
    set_password_by_code,
)

SOAK = bool(os.environ.get("WSS_SOAK"))
WALKS, STEPS = (60, 60) if SOAK else (6, 30)
# The site's own delay for the owner: one round of the worker. Delivery of the SMS and typing come on top.
WORST_WAIT = timedelta(seconds=60)
A_DAY, HALF_A_DAY = timedelta(days=1), timedelta(hours=12)
# Codes in a window: from unknown browsers, from known ones, and the link.
A_WINDOW = 6 + 3 + 1
UNREGISTERED = "1000000002"
OTHER = st.integers(0, 30)
COUNTS = {"asks": 0, "guesses": 0, "sign-ins": 0, "by link": 0, "worst wait, s": 0}


class Siege(RuleBasedStateMachine):
    """An attacker and an owner compete for one mobile; the clock advances only in steps that wait."""

    clock: FrozenClock
    last: dict[bool, datetime | None]
    home: Household
    squatted: Household

    @initialize()
    def begin(self) -> None:
        """Start without any requested codes."""
        self.began, self.last = self.clock.now, {True: None, False: None}
        self.others, self.visits = 0, 0
        self.facts = KnowledgeFacts(self.home.account_no, self.home.bill_no)
        with transaction() as session:
            for table in ("otp", "proof", "limit_count", "message", "link_token", "registration", "session"):
                session.execute(sa.text(f"DELETE FROM {table}"))

    def other(self, number: int) -> Visitor:
        return a_visitor(f"attacker {number}", f"10.66.{number}.1")

    @rule(number=OTHER, way=st.sampled_from(["sign in", "password", "mobile", "claim", "register"]))
    def ask(self, number: int, way: str) -> None:
        """Request a code to the owner's mobile, with correct facts."""
        me = self.other(number)
        COUNTS["asks"] += 1
        if way == "mobile":
            begin_mobile_change(me, self.facts, ANOTHER_MOBILE, UNASKED)
        elif way == "claim":
            begin_claim(me, self.facts, None, UNASKED)
        elif way == "register":
            step_one(me, self.squatted.account_no, self.squatted.bill_no)
            step_two(me, MOBILE)
        else:
            begin_recovery(me, SIGN_IN if way == "sign in" else NEW_PASSWORD, self.facts)

    @rule(number=OTHER)
    def ask_again(self, number: int) -> None:
        """Request the same code again."""
        COUNTS["asks"] += 1
        resend_code(self.other(number), SIGN_IN)

    @rule(number=OTHER, typed=st.integers(0, 999_999))
    def guess(self, number: int, typed: int) -> None:
        """Try a guessed code in every form; guesses that equal a sent code are skipped."""
        me, otp = self.other(number), f"{typed:06}"
        sent = {
            values_of(one)["otp"]
            for one in messages()
            if one.notice.endswith("_otp") and one.state == "waiting"
        }
        if otp in sent:
            return
        COUNTS["guesses"] += 1
        assert log_in_by_code(me, otp).outcome is not RecoveryOutcome.DONE
        set_password_by_code(me, otp, "the attacker's password")
        prove_new_mobile(me, otp, otp)
        prove_claim(me, otp, "the attacker's password")
        verify_code(me, otp)

    @rule(number=OTHER)
    def guess_what_was_withheld(self, number: int) -> None:
        """Try the withheld codes of this browser: they must not work either."""
        me = self.other(number)
        for one in [one for one in messages("sign_in_otp") if one.state == "withheld"][-3:]:
            assert log_in_by_code(me, values_of(one)["otp"]).outcome is not RecoveryOutcome.DONE

    @rule(minutes=st.sampled_from([1, 5, 16, 61, 12 * 60, 24 * 60]))
    def wait(self, minutes: int) -> None:
        """Advance the clock and run the worker's round."""
        self.clock.advance(minutes=minutes)
        send_phone_links()

    @rule(is_known=st.booleans(), attacks=st.integers(0, 4))
    def owner_signs_in(self, is_known: bool, attacks: int) -> None:
        """Log the owner in, on a known phone or on a new one, while the attacker acts between the steps."""
        last = self.last[is_known]
        if last is not None and self.clock.now - last < (HALF_A_DAY if is_known else A_DAY):
            return
        # Known browsers share an interval of a minute: the owner's other one may have requested a code just before.
        if any(at is not None and self.clock.now - at < timedelta(seconds=61) for at in self.last.values()):
            self.clock.advance(seconds=61)
        self.last[is_known], begun = self.clock.now, self.clock.now
        self.visits += 1
        assert self.home.consumer is not None
        trusted = {self.home.consumer.id: "own"} if is_known else {}
        me = a_visitor(f"owner {self.visits}", "10.1.1.1", trusted=trusted)
        self._attack(attacks)
        assert begin_recovery(me, SIGN_IN, self.facts).outcome is RecoveryOutcome.DONE
        otp = self._came(begun)
        if otp is None:
            assert not is_known
            self._attack(attacks)
            self.clock.advance(seconds=5)
            send_phone_links()
            assert remember_browser(me, self._link())
            COUNTS["by link"] += 1
            self._attack(attacks)
            sent = resend_code(me, SIGN_IN)
            assert sent is not None and sent.ok
            otp = self._came(self.clock.now)
            assert otp is not None
        self._attack(attacks)
        assert log_in_by_code(me, otp).outcome is RecoveryOutcome.DONE
        COUNTS["sign-ins"] += 1
        COUNTS["worst wait, s"] = max(COUNTS["worst wait, s"], (self.clock.now - begun).seconds)
        assert self.clock.now - begun <= WORST_WAIT

    def _attack(self, times: int) -> None:
        """Request and guess codes from new browsers and networks."""
        for _ in range(times):
            self.others += 1
            stranger = a_visitor(f"fresh {self.others}", f"10.{self.others // 250}.{self.others % 250}.9")
            begin_recovery(stranger, SIGN_IN, self.facts)
            log_in_by_code(stranger, "000000")

    def _came(self, since: datetime) -> str | None:
        """Return the newest login code that was sent to the owner's phone since then."""
        latest = rows_of_owner(self.visits)
        sent = [one for one in latest if one.is_sent and one.created_at >= since]
        by_id = {one.id: one for one in messages("sign_in_otp") if one.state == "waiting"}
        return values_of(by_id[sent[-1].message_id])["otp"] if sent else None

    def _link(self) -> str:
        links = [one for one in messages("phone_link") if one.created_at > self.clock.now - A_DAY]
        return values_of(links[-1])["phone_path"].rpartition("/")[2]

    @invariant()
    def only_owner_is_logged_in(self) -> None:
        assert self.home.consumer is not None
        consumers = rows(Consumer)
        assert [one.id for one in consumers] == [self.home.consumer.id]
        assert consumers[0].mobile == MOBILE and consumers[0].coming_mobile is None
        assert consumers[0].password_hash == self.home.consumer.password_hash
        assert len(rows(SignedIn)) <= self.visits

    @invariant()
    def the_mobile_does_not_ring_all_day(self) -> None:
        sent = [one for one in messages() if one.recipient == MOBILE and one.state == "waiting"]
        windows = (self.clock.now - self.began) // A_DAY + 1
        assert len(sent) <= A_WINDOW * windows


def rows_of_owner(visit: int) -> list[Any]:
    from wss.models import Otp

    return rows(Otp, Otp.asker == f"owner {visit}")


def test_whatever_a_stranger_does_the_owner_gets_in_within_a_minute(database: Any, frozen_clock: FrozenClock):
    Siege.clock = frozen_clock
    Siege.home = a_household()
    Siege.squatted = a_household(UNREGISTERED, registered=False)
    assert passwords.is_right(PASSWORD, Siege.home.consumer.password_hash if Siege.home.consumer else None)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Siege,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{WALKS} walks of up to {STEPS} steps: {COUNTS}")
    assert COUNTS["sign-ins"] and COUNTS["by link"]
