"""Two workers extend the audit chain while others write, and are killed at any moment: it stays one chain."""

import os
import random
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures.complaint_handling import rows
from tests.fixtures.worker_processes import kill, two_workers
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.models import AuditEntry
from wss.services.operations import audit_chain
from wss.services.shared.audit import record

KILLS = 400 if os.environ.get("WSS_SOAK") else 6
DEEDS = 40
LONGEST_S = 0.05


def chain_a_little() -> None:
    """Chain in small batches, as a process that is killed does, so that kills fall into the work."""
    audit_chain.BATCH = 3
    audit_chain.chain()


def write() -> None:
    for number in range(DEEDS):
        with transaction():
            record(SYSTEM, "view", f"connection:{number:010}")


def test_the_trail_stays_one_chain_whenever_a_worker_is_killed(database: Any):
    chance, kills, left = random.Random(7), 0, 0
    url = database.url.render_as_string(hide_password=False)
    # On a busy machine workers may be done before they are killed: then more are killed.
    while kills < KILLS or (not left and kills < 10 * KILLS):
        kills += 1
        children = two_workers(url, chain_a_little)
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(chance.uniform(0, LONGEST_S))
        kill(children)
        writer.join()
        *faults, trail = audit_chain.verify()
        left += trail.unchained > 0  # type: ignore[union-attr]
        assert faults == []

    audit_chain.chain()
    print(
        f"\n{kills} kills of two workers, {left} of them before they were done, one chain of {kills * DEEDS}"
    )
    assert sorted(one.number for one in rows(AuditEntry)) == list(range(1, kills * DEEDS + 1))
    assert next(audit_chain.verify()).end.number == kills * DEEDS  # type: ignore[union-attr]
    assert left


@pytest.mark.on("postgresql")
def test_writing_does_not_wait_for_chaining(database: Any):
    """No hot row: each registration adds its own row, and only the worker writes the end of the chain."""
    with database.engine.begin() as worker:
        worker.execute(sa.text("UPDATE audit_head SET number = 7"))

        write()

    assert len(rows(AuditEntry)) == DEEDS
