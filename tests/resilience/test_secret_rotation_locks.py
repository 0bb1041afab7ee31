"""Changing the secret while other transactions change the same rows."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import a_message, given
from tests.fixtures.databases import SECRET
from tests.services.operations.test_site_secret import NEW
from wss import vault
from wss.models import Message
from wss.queries.sealed_texts import TEXTS
from wss.services.operations.secret_rotation import reseal_batch


@pytest.mark.on("postgresql")
def test_a_row_that_another_transaction_changes_is_waited_for_and_not_left_out(database: Any):
    given(*(a_message(id=f"{number:036d}", text_sealed=vault.seal("x")) for number in range(5)))
    vault.configure(NEW, SECRET)
    with database.engine.begin() as other:
        other.execute(sa.select(Message.id).where(Message.id == f"{1:036d}").with_for_update())
        first = reseal_batch(TEXTS, "", 5)
        second = reseal_batch(TEXTS, first.last, 5)

    assert (first.changed, second.is_held_up, second.last) == (1, True, f"{0:036d}")
    assert reseal_batch(TEXTS, second.last, 5).changed == 4
