"""An import is killed at any moment: no row is half written, and the next import completes it."""

import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from wss import db
from wss.db import reading, transaction
from wss.models import Bill
from wss.services.reference import imports
from wss.services.reference.imports import ImportOrder, import_extract

FOLDER = Path(__file__).parents[1] / "extracts"
BILLS = FOLDER / "bills.csv"
TABLES = ("offices", "tariff", "connections")
KILLS = 300 if os.environ.get("WSS_SOAK") else 8
BATCH = 20
ALL = 360


@pytest.fixture
def connections(database, monkeypatch):
    """Provide connections whose bills are imported in small batches, so that kills fall between and into them."""
    monkeypatch.setattr(imports, "BATCH", BATCH)
    for table in TABLES:
        assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written


def import_bills(url):
    """What the killed process does."""
    db.configure(db.Database(url))
    import_extract(ImportOrder("bills", BILLS))


def run_for(url, seconds):
    """Import in a separate process, and kill it after this time."""
    child = multiprocessing.get_context("fork").Process(target=import_bills, args=(url,))
    child.start()
    child.join(seconds)
    child.kill()
    child.join()


def stored():
    with reading() as session:
        return session.execute(select(func.count()).select_from(Bill)).scalar_one()


def test_a_killed_import_leaves_whole_batches_and_is_finished_by_the_next(connections, database_url):
    chance = random.Random(7)
    began = time.perf_counter()
    run_for(database_url, 60)
    whole_run = time.perf_counter() - began
    cut_short = 0
    for _ in range(KILLS):
        with transaction() as session:
            session.execute(Bill.__table__.delete())

        run_for(database_url, chance.uniform(0.3, 1) * whole_run)

        left = stored()
        cut_short += 0 < left < ALL
        assert left % BATCH == 0
        outcome = import_extract(ImportOrder("bills", BILLS))
        assert (outcome.new, outcome.changed, outcome.unchanged) == (ALL - left, 0, left)
    print(f"{KILLS} kills, {cut_short} of them between two batches, no row lost or half written")
