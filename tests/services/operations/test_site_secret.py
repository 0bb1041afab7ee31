"""A process uses a database only with the secrets with which it was written."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures.databases import SECRET
from tests.fixtures.registration import rows
from tests.fixtures.staff_login import an_enrolled_employee
from wss import vault
from wss.domain.site_secrets import SecretFault
from wss.models import SecretFingerprint
from wss.services.operations.secret_rotation import begin_or_resume, finish
from wss.services.operations.site_secret import accept_secret, check_secret, give_up_missing_secrets

NEW = "another secret for tests: 9876543210 zyxwvutsrqponmlkjihgfedcba"


@pytest.fixture(autouse=True)
def first(database: Any) -> str:
    """Accept the first secret; return its fingerprint."""
    an_enrolled_employee()
    accept_secret()
    return vault.fingerprints()[0]


def test_the_database_names_its_secret_without_telling_it(first: str):
    assert [row.fingerprint for row in rows(SecretFingerprint)] == [first]
    assert first not in SECRET and len(first) == 16


def test_another_secret_is_refused_and_not_stored(first: str):
    vault.configure(NEW)

    found = accept_secret()

    assert (found.fault, found.missing) == (SecretFault.MISSING, (first,))
    assert [row.fingerprint for row in rows(SecretFingerprint)] == [first]


def test_a_new_secret_is_taken_together_with_the_former_one():
    vault.configure(NEW, SECRET)

    assert accept_secret().fault is None and check_secret().fault is None
    assert len(rows(SecretFingerprint)) == 2


def test_the_former_secret_is_needed_until_everything_is_sealed_again(first: str):
    vault.configure(NEW, SECRET)
    accept_secret()
    vault.configure(NEW)
    before = check_secret()
    begin_or_resume()
    finish()

    assert (before.missing, check_secret().fault) == ((first,), None)


def test_a_process_with_the_former_secret_alone_is_refused_once_the_new_one_writes():
    vault.configure(NEW, SECRET)
    accept_secret()
    vault.configure(SECRET)

    assert check_secret().fault is SecretFault.MISSING


def test_the_former_secret_can_be_put_back_as_long_as_both_are_accepted():
    vault.configure(NEW, SECRET)
    accept_secret()
    begin_or_resume()
    finish()
    vault.configure(SECRET, NEW)

    assert accept_secret().fault is None
    assert [row.fingerprint for row in rows(SecretFingerprint) if row.retired_at is not None] == []


def test_a_lost_secret_can_be_given_up(first: str):
    vault.configure(NEW)

    assert give_up_missing_secrets().missing == (first,)
    assert check_secret().fault is None


def test_checking_a_known_secret_writes_nothing(database: Any, first: str):
    run: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *of: run.append(of[2]))

    assert accept_secret().fault is None
    assert run and all(statement.startswith("SELECT") for statement in run)
