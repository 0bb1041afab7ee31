"""The numbers of every rate limit, and what counts as one network."""

import ipaddress
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wss.domain.networks import network_key, scopes_of
from wss.domain.rate_limits import ALLOWANCES, Limit

MINUTES, HOURS, DAY = (lambda n: timedelta(minutes=n)), (lambda n: timedelta(hours=n)), timedelta(days=1)

# docs/specification.md#codes-and-links, docs/specification.md#shared-networks, and docs/security.md.
NUMBERS = {
    Limit.OTP_WRONG_DAY: (15, DAY),
    Limit.OTP_SEND_GAP: (1, MINUTES(1)),
    Limit.OTP_SEND_SHORT: (3, MINUTES(15)),
    Limit.OTP_SEND_DAY: (6, DAY),
    Limit.OTP_SEND_KNOWN_PART: (3, DAY),
    Limit.OTP_SEND_ADDRESS: (300, HOURS(1)),
    Limit.SIGN_IN_ACCOUNT: (5, MINUTES(15)),
    Limit.SIGN_IN_ADDRESS: (300, MINUTES(15)),
    Limit.SIGN_IN_ALL: (100, DAY),
    Limit.SITE_FAILURES: (1_000, MINUTES(5)),
    Limit.STEP_ONE_ALL: (50, DAY),
    Limit.TRACK_NUMBER: (5, HOURS(1)),
    Limit.TRACK_ALL: (200, DAY),
    Limit.STEP_ONE_ACCOUNT: (5, HOURS(1)),
    Limit.STEP_ONE_ADDRESS: (300, HOURS(1)),
}


@pytest.mark.parametrize("limit", NUMBERS)
def test_a_limit_has_the_numbers_it_was_promised_with(limit: Limit):
    allowance = ALLOWANCES[limit]

    assert (allowance.times, allowance.within) == NUMBERS[limit]


def test_every_limit_has_its_numbers():
    assert set(ALLOWANCES) == set(Limit)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:cb00:7109", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002"),
        ("2001:db8::1", "2001:0db8:0000:0000"),
        ("::1", "0000:0000:0000:0000"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("", ""),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_household(address: str, key: str):
    assert network_key(address) == key


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_the_last_half_of_an_ipv6_address_does_not_change_the_network(
    address: ipaddress.IPv6Address, host: int
):
    moved = ipaddress.IPv6Address((int(address) >> 64 << 64) | host)
    assume(address.ipv4_mapped is None and moved.ipv4_mapped is None)

    assert network_key(str(moved)) == network_key(str(address)) == network_key(address.exploded)


@given(st.ip_addresses(v=6), st.ip_addresses(v=6))
def test_different_households_are_different_networks(
    one: ipaddress.IPv6Address, another: ipaddress.IPv6Address
):
    assume(one.ipv4_mapped is None and another.ipv4_mapped is None)

    assert (network_key(str(one)) == network_key(str(another))) == (int(one) >> 64 == int(another) >> 64)


@pytest.mark.parametrize("before", ["", "7950761921 "])
def test_an_ipv6_household_counts_for_the_networks_around_it_too(before: str):
    assert scopes_of(f"{before}2001:0db8:0001:02ff") == (
        (f"{before}2001:0db8:0001:02ff", 1),
        (f"{before}20010db8000102/56", 4),
        (f"{before}20010db80001/48", 16),
    )


@pytest.mark.parametrize("subject", ["203.0.113.9", "7950761921 203.0.113.9", "phone 17", "E20005", ""])
def test_everything_else_counts_by_itself(subject: str):
    assert scopes_of(subject) == ((subject, 1),)
