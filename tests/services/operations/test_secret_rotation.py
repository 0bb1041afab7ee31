"""Changing the secret: everything that is sealed is sealed again, in batches that can be interrupted."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import TOTP_SECRET, a_message, given
from tests.fixtures.databases import SECRET
from tests.fixtures.registration import rows
from tests.fixtures.staff_login import EMPLOYEE, an_enrolled_employee, the_credential
from tests.services.operations.test_site_secret import NEW
from wss import vault
from wss.clock import local_date, now
from wss.db import Base, reading, transaction
from wss.models import Message, SecretFingerprint
from wss.queries.sealed_texts import AUTHENTICATORS, SEALED_COLUMNS, TEXTS, SealedColumn
from wss.queries.staff import credential_of, use_step
from wss.services.operations.secret_rotation import (
    ResealedBatch,
    begin_or_resume,
    reseal_batch,
    written_since_beginning,
)
from wss.services.operations.site_secret import accept_secret


@pytest.fixture(autouse=True)
def both_secrets(database: Any) -> None:
    """Write with the former secret, then accept the new one as well."""
    an_enrolled_employee()
    given(*(a_message(id=f"{number:036d}", text_sealed=vault.seal(str(number))) for number in range(5)))
    vault.configure(NEW, SECRET)
    accept_secret()


def reseal(of: SealedColumn, after: str = "", how_many: int = 2) -> list[ResealedBatch]:
    """Run batches to the end."""
    done = [reseal_batch(of, after, how_many, saves=True)]
    while not done[-1].is_last:
        done.append(reseal_batch(of, done[-1].last, how_many, saves=True))
    return done


def readable_texts() -> list[str]:
    """Return the texts that the new secret opens by itself."""
    vault.configure(NEW)
    return sorted(vault.unseal(row.text_sealed) for row in rows(Message))


def test_every_column_with_sealed_texts_is_known():
    named = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }

    assert {(each.text.table.name, each.text.name) for each in SEALED_COLUMNS} == named


def test_authenticators_and_texts_are_opened_by_the_new_secret_alone():
    done = [each.changed for column in SEALED_COLUMNS for each in reseal(column)]

    assert (sum(done), readable_texts()) == (6, ["0", "1", "2", "3", "4"])
    assert vault.unseal(the_credential().totp_secret_sealed) == TOTP_SECRET


def test_an_interrupted_change_continues_where_it_was():
    begin_or_resume()
    reseal_batch(TEXTS, "", 2, saves=True)

    assert begin_or_resume() == f"{1:036d}"
    assert sum(each.changed for each in reseal(TEXTS, begin_or_resume())) == 3


def test_a_second_pass_changes_nothing():
    reseal(TEXTS)

    assert sum(each.changed for each in reseal(TEXTS)) == 0


def test_a_text_that_no_secret_opens_is_named_and_the_others_are_sealed_again():
    with transaction() as session:
        session.execute(sa.update(Message).where(Message.id == f"{2:036d}").values(text_sealed="damaged"))

    done = reseal(TEXTS)

    assert [key for each in done for key in each.unreadable] == [f"{2:036d}"]
    assert sum(each.changed for each in done) == 4


def test_a_text_of_a_process_with_the_former_secret_is_found_afterwards(frozen_clock: Any):
    begin_or_resume()
    reseal(TEXTS)
    frozen_clock.advance(minutes=30)
    vault.configure(SECRET)
    given(a_message(id="!", text_sealed=vault.seal("late"), created_at=now()))
    vault.configure(NEW, SECRET)

    assert reseal_batch(TEXTS, "", 10, since=written_since_beginning()).changed == 1


def test_a_code_is_right_although_its_key_is_sealed_again_while_it_is_checked():
    with reading():
        seen = credential_of(EMPLOYEE, local_date(now()))
    reseal(AUTHENTICATORS)

    with transaction():
        assert seen is not None and use_step(seen, 1, now())


def test_the_progress_belongs_to_the_new_secret():
    reseal(TEXTS)

    progress = {row.fingerprint: row.resealed_to for row in rows(SecretFingerprint)}
    assert progress == {vault.fingerprints()[0]: f"{4:036d}"}
    assert written_since_beginning() < now() + timedelta(seconds=1)
