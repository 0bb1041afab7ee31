"""Login of consumers: one answer for all errors, limits that lock no owner out and limit hashing, sessions that end."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, Type

from tests.factories import (
    ACCOUNT_NO,
    MOBILE,
    PASSWORD,
    Household,
    a_consumer,
    a_household,
    an_ownership,
    given,
)
from tests.fixtures.password_hashes import PRODUCT_DUMMY
from tests.fixtures.registration import a_visitor, counted_statements, rows, solved, try_sign_in
from wss import passwords
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.sessions import IDLE
from wss.models import AuditEntry, Captcha, Consumer, SignedIn
from wss.queries.sessions import SignedInConsumer, signed_in_consumer
from wss.services.claims.claims import ClaimOutcome, prove_claim
from wss.services.login.consumer_login import LoginOutcome, create_captcha, log_out, note_use, session_hash
from wss.services.registration.recovery import RecoveryOutcome, set_password_by_code, set_password_by_link

UNKNOWN = "9999999990"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a registered household."""
    return a_household()


def whose(session_id: str) -> SignedInConsumer | None:
    """Return the consumer who is logged in with this cookie."""
    with reading():
        return signed_in_consumer(session_hash(session_id), now(), now() - IDLE)


def fail(times: int, login: str = ACCOUNT_NO, address: str = "10.1.2.3") -> list[LoginOutcome]:
    visitor = a_visitor("a stranger", address)
    return [try_sign_in(visitor, login, "not the password").outcome for _ in range(times)]


@pytest.mark.parametrize("login", [ACCOUNT_NO, "pooja"])
def test_account_number_or_user_name_with_the_password_signs_in(database: Any, login: str):
    a_household(registered=False)
    consumer = given(a_consumer(user_name="pooja"))
    given(an_ownership(consumer))

    answer = try_sign_in(a_visitor(), login)

    signed_in = whose(answer.session_id)
    assert signed_in is not None and signed_in.id == consumer.id


def test_any_account_number_of_the_consumer_signs_in(home: Household):
    second = a_household("7950761922", registered=False)
    assert home.consumer is not None
    given(an_ownership(home.consumer, second.account_no))

    assert try_sign_in(a_visitor(), second.account_no).consumer_id == home.consumer.id


@pytest.mark.parametrize("ended", ["registration", "consumer"])
def test_whose_registration_or_login_was_ended_cannot_sign_in_by_the_account(database: Any, ended: str):
    a_household(registered=False)
    consumer = given(a_consumer(closed_at=now() if ended == "consumer" else None))
    given(an_ownership(consumer, ended_at=now() if ended == "registration" else None, ended_because="not_me"))

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.WRONG


@pytest.mark.parametrize(
    "typed",
    [
        {"login": UNKNOWN},
        {"login": ACCOUNT_NO, "password": "another password"},
        {"login": ACCOUNT_NO, "captcha_id": "0" * 32, "captcha": "7"},
        {"login": ACCOUNT_NO, "password": ""},
    ],
)
def test_whatever_is_wrong_has_the_same_answer(home: Household, typed: dict[str, str]):
    assert try_sign_in(a_visitor(), **typed) == try_sign_in(a_visitor(), "nobody at all", "x" * 12)


def _work(monkeypatch: Any, login: str, **captcha: str) -> tuple[Any, ...]:
    checked: list[str | None] = []
    kept = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda typed, kept: checked.append("a check") or False)
    visitor, solution = a_visitor(f"browser {login}"), captcha or solved(a_visitor(f"browser {login}"))
    with counted_statements() as statements:
        try_sign_in(visitor, login, "not the password", **solution)
    monkeypatch.setattr(passwords, "is_right", kept)
    return statements, len(checked)


@pytest.mark.parametrize("captcha", [{}, {"captcha_id": "0" * 32, "captcha": "7"}], ids=["solved", "wrong"])
def test_known_and_unknown_logins_are_the_same_work(
    home: Household, monkeypatch: Any, captcha: dict[str, str]
):
    assert _work(monkeypatch, ACCOUNT_NO, **captcha) == _work(monkeypatch, UNKNOWN, **captcha)


def test_a_password_is_hashed_for_an_unknown_login(monkeypatch: Any):
    verified = []
    hasher = passwords._hasher

    class Watching:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return hasher.verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Watching())

    assert not passwords.is_right("the password of nobody", None)
    assert len(verified) == 1


@pytest.mark.parametrize("login", [ACCOUNT_NO, UNKNOWN])
def test_five_wrong_passwords_from_one_network_stop_it_for_15_minutes(home: Household, login: str):
    assert fail(6, login) == [LoginOutcome.WRONG] * 5 + [LoginOutcome.TOO_OFTEN]

    answer = try_sign_in(a_visitor(), login)
    assert (answer.outcome, answer.retry_after) == (LoginOutcome.TOO_OFTEN, 15 * 60)


def test_after_15_minutes_it_is_open_again(home: Household, frozen_clock: Any):
    fail(6)
    frozen_clock.advance(minutes=15)

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_stranger_locks_no_owner_out_who_comes_from_elsewhere(home: Household):
    fail(100)

    assert try_sign_in(a_visitor("owner", "10.9.9.9"), ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_neighbour_behind_the_same_address_locks_no_known_phone_out(home: Household):
    assert home.consumer is not None
    fail(10)

    known = a_visitor("owner", trusted={home.consumer.id: "own"})
    assert try_sign_in(known, ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_known_phone_has_its_limit_too_beside_that_of_a_new_one(home: Household):
    assert home.consumer is not None
    known = a_visitor("owner", trusted={home.consumer.id: "own"})

    outcomes = [try_sign_in(known, ACCOUNT_NO, "not the password").outcome for _ in range(11)]

    assert outcomes == [LoginOutcome.WRONG] * 10 + [LoginOutcome.TOO_OFTEN]


def test_wrong_passwords_in_one_known_browser_lock_no_other_one(home: Household):
    assert home.consumer is not None
    shared = a_visitor("of the cafe", "192.0.2.9", trusted={home.consumer.id: "cafe"})
    for _ in range(20):
        try_sign_in(shared, ACCOUNT_NO, "not the password")
    fail(5)

    known = a_visitor("owner", trusted={home.consumer.id: "own"})
    assert try_sign_in(known, ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_known_browser_whose_tries_are_used_up_gets_in_as_a_new_one_does(home: Household):
    assert home.consumer is not None
    thief = a_visitor("thief", "192.0.2.9", trusted={home.consumer.id: "own"})
    for _ in range(5):
        try_sign_in(thief, ACCOUNT_NO, "not the password")

    known = a_visitor("owner", trusted={home.consumer.id: "own"})
    assert try_sign_in(known, ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_known_browser_whose_tries_are_used_up_needs_an_otp_where_a_new_one_does(home: Household):
    assert home.consumer is not None
    known = a_visitor("owner", trusted={home.consumer.id: "own"})
    for _ in range(5):
        try_sign_in(known, ACCOUNT_NO, "not the password")

    assert try_sign_in(known, ACCOUNT_NO).outcome is LoginOutcome.MORE


def test_a_right_password_forgets_the_wrong_ones(home: Household):
    fail(4)
    try_sign_in(a_visitor(), ACCOUNT_NO)

    assert fail(5) == [LoginOutcome.WRONG] * 5


def test_a_wrong_sum_counts_for_the_network_and_not_for_the_account(home: Household):
    for _ in range(6):
        try_sign_in(a_visitor(), ACCOUNT_NO, captcha_id="0" * 32, captcha="7")

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.IN


def test_a_network_fails_300_times_in_15_minutes(home: Household, monkeypatch: Any):
    with monkeypatch.context() as without_hashing:
        without_hashing.setattr(passwords, "is_right", lambda _typed, _kept: False)
        for number in range(300):
            try_sign_in(a_visitor(), f"{8000000000 + number}", captcha_id="0" * 32, captcha="7")

    here, elsewhere = (
        try_sign_in(a_visitor(), ACCOUNT_NO),
        try_sign_in(a_visitor("x", "10.9.9.9"), ACCOUNT_NO),
    )

    assert (here.outcome, elsewhere.outcome) == (LoginOutcome.TOO_OFTEN, LoginOutcome.IN)


@pytest.mark.parametrize(
    "first",
    [{"password": PASSWORD}, {"password": "not the password"}, {"captcha": "99"}],
    ids=["right", "wrong password", "wrong sum"],
)
def test_a_captcha_is_used_up_by_its_first_answer(home: Household, first: dict[str, str]):
    solution = solved(a_visitor())
    try_sign_in(a_visitor(), ACCOUNT_NO, **(solution | first))

    assert try_sign_in(a_visitor(), ACCOUNT_NO, **solution).outcome is LoginOutcome.WRONG


def test_a_captcha_is_for_the_browser_that_was_shown_it(home: Household):
    assert try_sign_in(a_visitor("thief"), ACCOUNT_NO, **solved(a_visitor())).outcome is LoginOutcome.WRONG


@pytest.mark.parametrize(("seconds", "outcome"), [(299, LoginOutcome.IN), (300, LoginOutcome.WRONG)])
def test_a_captcha_lives_five_minutes(
    home: Household, frozen_clock: Any, seconds: int, outcome: LoginOutcome
):
    solution = solved(a_visitor())
    frozen_clock.advance(seconds=seconds)

    assert try_sign_in(a_visitor(), ACCOUNT_NO, **solution).outcome is outcome


def test_a_network_is_not_drawn_pictures_without_end(home: Household):
    shown = [create_captcha(a_visitor(f"browser {number}")) for number in range(1201)]

    assert shown[-1] is None and None not in shown[:-1]
    assert len(rows(Captcha)) == 1200


@pytest.mark.parametrize(("minutes", "is_in"), [(29, True), (30, False), (31, False)])
def test_a_session_ends_after_half_an_hour_without_a_click(
    home: Household, frozen_clock: Any, minutes: int, is_in: bool
):
    answer = try_sign_in(a_visitor(), ACCOUNT_NO)
    frozen_clock.advance(minutes=minutes)

    assert (whose(answer.session_id) is not None) is is_in


@pytest.mark.parametrize(("last", "is_in"), [(timedelta(minutes=-1), True), (timedelta(0), False)])
def test_a_session_ends_after_12_hours_however_busy(
    home: Household, frozen_clock: Any, last: timedelta, is_in: bool
):
    answer = try_sign_in(a_visitor(), ACCOUNT_NO)
    begun = frozen_clock.now
    for _ in range(35):
        frozen_clock.advance(minutes=20)
        note_use(session_hash(answer.session_id))

    frozen_clock.set(begun + timedelta(hours=12) + last)

    assert (whose(answer.session_id) is not None) is is_in


def test_signing_out_ends_the_session_at_once(home: Household):
    answer = try_sign_in(a_visitor(), ACCOUNT_NO)
    log_out(session_hash(answer.session_id))

    assert whose(answer.session_id) is None


def test_the_id_of_a_session_is_new_and_only_its_hash_is_kept(home: Household):
    visitor = a_visitor()
    ids = [try_sign_in(visitor, ACCOUNT_NO).session_id for _ in range(2)]

    assert len({*ids, visitor.session_hash}) == 3 and min(map(len, ids)) >= 43
    assert not {row.id_hash for row in rows(SignedIn)} & set(ids)


def test_signing_in_again_in_the_same_browser_ends_the_session_before(home: Household):
    first = try_sign_in(a_visitor(), ACCOUNT_NO)
    second = try_sign_in(a_visitor(session_hash(first.session_id)), ACCOUNT_NO)

    assert whose(first.session_id) is None and whose(second.session_id) is not None


def test_signing_in_elsewhere_ends_no_other_session(home: Household):
    first = try_sign_in(a_visitor("phone"), ACCOUNT_NO)
    try_sign_in(a_visitor("desk"), ACCOUNT_NO)

    assert whose(first.session_id) is not None


def test_a_consumer_that_is_closed_is_out_at_the_next_request(home: Household):
    answer = try_sign_in(a_visitor(), ACCOUNT_NO)
    with transaction() as session:
        session.get_one(Consumer, answer.consumer_id).closed_at = now()

    assert whose(answer.session_id) is None


def test_nothing_secret_is_written_down_about_a_sign_in(home: Household):
    try_sign_in(a_visitor(), ACCOUNT_NO)

    [entry] = rows(AuditEntry)
    assert entry.deed == "sign_in"
    assert PASSWORD not in str(vars(entry)) and MOBILE not in str(vars(entry))


LONG_ENOUGH = "long enough to be one"


@pytest.fixture
def hashed(database: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the passwords to hash; none is really hashed."""
    done: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", lambda typed: done.append(typed) or "hash")
    return done


def test_a_browser_has_so_many_passwords_hashed_on_all_ways_together(hashed: list[str]) -> None:
    browser, times = a_visitor(), ALLOWANCES[Limit.HASH_BROWSER].times
    for _ in range(times):
        set_password_by_code(browser, "123456", LONG_ENOUGH)

    stopped = prove_claim(browser, "123456", LONG_ENOUGH), set_password_by_code(browser, "1", LONG_ENOUGH)

    assert [one.outcome for one in stopped] == [ClaimOutcome.STOPPED, RecoveryOutcome.STOPPED]
    assert len(hashed) == times and all(one.retry_after > 0 for one in stopped)


def test_new_browsers_of_one_network_have_no_more_hashed(hashed: list[str]) -> None:
    times = ALLOWANCES[Limit.HASH_ADDRESS].times
    for number in range(times + 1):
        answer = set_password_by_code(a_visitor(f"browser {number}"), "123456", LONG_ENOUGH)

    assert (answer.outcome, len(hashed)) == (RecoveryOutcome.STOPPED, times)


def test_a_link_that_leads_nowhere_costs_no_hash(hashed: list[str]) -> None:
    answer = set_password_by_link("nothing-like-a-token", "261000000000", LONG_ENOUGH)

    assert (answer.outcome, hashed) == (RecoveryOutcome.LOST, [])


def test_a_hash_costs_what_owasp_asks_for(product_hasher: PasswordHasher) -> None:
    cost = product_hasher.type, product_hasher.memory_cost, product_hasher.time_cost

    assert cost == (Type.ID, 19_456, 2)


def test_without_a_stored_hash_the_same_work_is_done(product_hasher: PasswordHasher) -> None:
    assert not product_hasher.check_needs_rehash(PRODUCT_DUMMY)
