"""Two workers look for due alerts and are killed at any moment: none is lost, and none is sent twice."""

import os
import random
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tests.factories import a_bill, a_connection, a_consumer, an_ownership, given, offices
from tests.fixtures.worker_processes import kill, two_workers
from wss import clock
from wss.db import reading
from wss.models import AlertChoice, AlertSent, Message
from wss.services.alerts import due_alerts

KILLS = 300 if os.environ.get("WSS_SOAK") else 5
EACH = 30
LONGEST_S = 0.12


def alert_choices(first: int, today: date) -> None:
    """Insert consumers with a bill that is new, due in three days and above a budget."""
    owners = [
        a_consumer(user_name=f"owner{first + place}", mobile=f"{first + place:010}") for place in range(EACH)
    ]
    given(*owners)
    at = clock.now()
    dates = {"issue_date": today, "due_date": today + timedelta(days=3), "bill_month": "2026-10"}
    for place, owner in enumerate(owners):
        number = f"{first + place:010}"
        given(a_connection(number), an_ownership(owner, number))
        choice = AlertChoice(
            consumer_id=owner.id,
            account_no=number,
            bill_issued=True,
            due_soon=True,
            overdue=False,
            unusual=False,
            quiet_from=0,
            quiet_to=0,
            check_at=at,
            updated_at=at,
        )
        given(a_bill(f"B{number}", number, **dates), choice)


def check_a_little() -> None:
    """Check in small batches, so that kills fall into the work."""
    due_alerts.BATCH = 4
    due_alerts.send_due_batch()


def counted() -> tuple[Counter[str], int]:
    """Return how many messages each mobile got, and how many alerts are noted."""
    with reading() as session:
        to = Counter(session.execute(sa.select(Message.recipient)).scalars())
        return to, session.execute(sa.select(sa.func.count()).select_from(AlertSent)).scalar_one()


def test_no_alert_is_lost_or_sent_twice_whenever_a_worker_is_killed(database: Any):
    given(*offices())
    chance, today, kills, left = random.Random(18), clock.local_date(clock.now()), 0, 0
    url = database.url.render_as_string(hide_password=False)
    # On a busy machine workers may be done before they are killed: then more are killed.
    while kills < KILLS or (not left and kills < 10 * KILLS):
        alert_choices(7_000_000_000 + kills * EACH, today)
        kills += 1
        children = two_workers(url, check_a_little)
        time.sleep(chance.uniform(0, LONGEST_S))
        kill(children)
        left += sum(counted()[0].values()) < 2 * EACH * kills

        while due_alerts.send_due_batch():
            pass
        messages, noted = counted()
        assert set(messages.values()) == {2} and noted == 2 * len(messages) == 2 * EACH * kills

    print(f"\n{kills} kills of two workers, {left} of them before they were done, every alert sent once")
    assert left
