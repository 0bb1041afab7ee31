"""The rate limit of password hashing is checked before the expensive work."""

from typing import Any

import pytest
from argon2 import PasswordHasher, Type

from tests.fixtures.registration import a_visitor
from wss import passwords
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.claims.claims import ClaimOutcome, prove_claim
from wss.services.registration.recovery import RecoveryOutcome, set_password_by_code, set_password_by_link

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
