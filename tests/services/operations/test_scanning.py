"""A document that makes the scanner fail waits without limit, but never delays the others."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_household
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.uploads import ScanState
from wss.gateways.documents import FolderStore
from wss.gateways.scanner import NoVerdict, ScannerUnreachable, Verdict
from wss.models import Document
from wss.services.operations.housekeeping import AT_A_TIME, scan_pending

TROUBLE = b"trouble"


class Troubled:
    """A scanner that fails in one way on some documents and finds all others clean."""

    def __init__(self, failure: ScannerUnreachable) -> None:
        self.failure = failure

    def scan(self, content: bytes) -> Verdict:
        """Return a clean verdict, or raise the failure."""
        if content == TROUBLE:
            raise self.failure
        return Verdict(ScanState.CLEAN)


@pytest.fixture
def home(database: Any) -> Household:
    """Provide a household that owns documents."""
    return a_household()


def given_documents(home: Household, store: FolderStore, *contents: bytes) -> None:
    assert home.consumer is not None
    with transaction() as session:
        for n, content in enumerate(contents):
            session.add(
                Document(
                    id=f"{n:032x}",
                    consumer_id=home.consumer.id,
                    label=content.decode(),
                    media_type="image/jpeg",
                    size=len(content),
                    storage_key=store.put(content, "jpg"),
                    scan=ScanState.PENDING,
                    created_at=now(),
                )
            )


def waiting() -> list[str]:
    with reading() as session:
        statement = sa.select(Document.label).where(Document.scan == ScanState.PENDING)
        return sorted(session.execute(statement).scalars())


def test_a_document_without_verdict_does_not_hold_up_the_round(home: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(home, store, TROUBLE, b"one", TROUBLE, b"two")

    done = scan_pending(store, Troubled(NoVerdict("too large")))

    assert (done, waiting()) == (2, ["trouble", "trouble"])


def test_more_of_them_than_fit_into_a_round_do_not_starve_the_others(home: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(home, store, *[TROUBLE] * (AT_A_TIME + 5), b"an honest photo")

    for _ in range(60):
        scan_pending(store, Troubled(NoVerdict("too large")))

    assert set(waiting()) == {"trouble"}


def test_a_document_that_crashes_the_scanner_does_not_block_the_others(home: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(home, store, TROUBLE, b"one", b"two", b"three")

    for _ in range(60):
        scan_pending(store, Troubled(ScannerUnreachable("hung up")))

    assert waiting() == ["trouble"]


def test_while_the_scanner_is_away_the_others_are_not_tried(home: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(home, store, TROUBLE, TROUBLE)

    assert scan_pending(store, Troubled(ScannerUnreachable("refused"))) == 0
    assert waiting() == ["trouble", "trouble"]
