"""The SQL rule of lateness equals the one of domain/lateness."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import sqlalchemy as sa

from tests.factories import a_household, bill_correction, given, request_row
from wss.db import database as bound
from wss.db import reading
from wss.domain.identifiers import complaint_no_from
from wss.domain.lateness import is_late as is_late_by_rule
from wss.domain.lifecycle import Status
from wss.models import ServiceRequest
from wss.queries._fragments import is_late

PROMISED = date(2026, 12, 2)
# Midnight in Uttar Pradesh is 18:30 UTC of the day before.
MIDNIGHT = datetime(2026, 12, 2, 18, 30, tzinfo=UTC)


def test_the_rule_in_sql_is_the_rule_of_the_domain(database: Any, frozen_clock: Any):
    given(*bill_correction())
    home = a_household()
    moments = [MIDNIGHT + timedelta(days=days, seconds=s) for days in (-1, 0) for s in (-1, 0, 1)]
    numbers = map(complaint_no_from, range(1_000_000_000, 2_000_000_000))
    given(
        *(
            request_row(home, next(numbers), status=status.value, status_since=at, promised_on=PROMISED)
            for status, at in product(Status, moments)
        )
    )

    for today in (PROMISED, PROMISED + timedelta(days=1), PROMISED + timedelta(days=30)):
        row = ServiceRequest.__table__.c
        late_in_sql = is_late(ServiceRequest.__table__, today, is_sqlite=bound().is_sqlite)
        with reading() as session:
            found = session.execute(sa.select(row.status, row.status_since, late_in_sql)).all()
        assert len(found) == len(Status) * len(moments)
        for status, since, late in found:
            assert bool(late) is is_late_by_rule(Status(status), PROMISED, since, today), (status, since)
