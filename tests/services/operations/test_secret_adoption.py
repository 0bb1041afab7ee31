"""A database of a former release, which names no secret yet."""

from typing import Any

import pytest

from tests.fixtures.databases import SECRET
from tests.fixtures.registration import rows
from tests.fixtures.staff_login import an_enrolled_employee
from tests.services.operations.test_site_secret import NEW
from wss import vault
from wss.clock import now
from wss.domain.site_secrets import SecretFault
from wss.models import SecretFingerprint
from wss.queries.site_secrets import save_secret
from wss.services.operations import site_secret
from wss.services.operations.site_secret import accept_secret


def test_it_takes_no_secret_that_opens_none_of_its_authenticators(database: Any):
    an_enrolled_employee()
    vault.configure(NEW)

    assert (accept_secret().fault, rows(SecretFingerprint)) == (SecretFault.FOREIGN, [])


def test_it_takes_the_secret_that_opens_them_although_one_is_broken(database: Any):
    an_enrolled_employee()

    assert accept_secret().fault is None and len(rows(SecretFingerprint)) == 1


def test_an_empty_one_takes_any(database: Any):
    vault.configure(NEW)

    assert accept_secret().fault is None


def test_it_can_be_in_the_middle_of_a_change(database: Any):
    an_enrolled_employee()
    vault.configure(NEW, SECRET)

    assert accept_secret().fault is None


def test_of_two_processes_that_are_first_with_different_secrets_the_second_is_refused(
    database: Any, monkeypatch: pytest.MonkeyPatch
):
    # Another process stored its secret while this one waited for the lock.
    monkeypatch.setattr(site_secret, "lock_secrets", lambda: save_secret("0" * 16, now()))

    assert accept_secret().missing == ("0" * 16,)
