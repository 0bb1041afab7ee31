"""A document waits for the verdict of a real scanner, and can be opened only when the verdict is "clean"."""

import io
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.consumer_session import a_photo, lodge
from tests.fixtures.scanners import MARKER, VirusScanner
from tests.fixtures.site import Visitor
from wss.cli.worker import tidy
from wss.config import Config
from wss.db import reading
from wss.models import Document
from wss.services.operations.worker_duties import DutyRunner

KILLED_AFTER_S = 0.3


@pytest.fixture
def settings(settings: Config, virus_scanner: VirusScanner) -> Config:
    """Return the settings of the site, with a scanner."""
    return replace(settings, clamd=virus_scanner.address)


@pytest.fixture
def round_of_the_worker(app: Any) -> Callable[[], None]:
    """What the worker does once a minute."""
    duties = DutyRunner()

    def tidy_up() -> None:
        tidy(duties, app.extensions["wss"].gateways, close_on_silence=False)

    return tidy_up


def a_letter(name: str = "letter.pdf", noise: int = 0) -> tuple[io.BytesIO, str]:
    """Return a PDF with so many pages of noise, each of which is stored as a large picture."""
    document, file = pikepdf.Pdf.new(), io.BytesIO()
    for _ in range(noise or 1):
        page = document.add_blank_page(page_size=(595, 842))
        dots = document.make_stream(os.urandom(800 * 800), Subtype=pikepdf.Name.Image, Width=800, Height=800)
        dots.ColorSpace, dots.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Noise=dots))
        page.obj.Contents = document.make_stream(b"595 0 0 842 0 0 cm /Noise Do" if noise else b"")
    document.save(file)
    file.seek(0)
    return file, name


@pytest.fixture
def infect(app: Any) -> Callable[[str], None]:
    """Return a function that puts the scanner's marker into a stored document.

    Sanitising removes it from uploads.
    """

    def infect(label: str) -> None:
        with reading() as session:
            [key] = session.execute(sa.select(Document.storage_key).where(Document.label == label)).scalars()
        store = app.extensions["wss"].gateways.documents
        with (store.root / key).open("ab") as file:
            file.write(MARKER)

    return infect


def scans() -> dict[str, str]:
    with reading() as session:
        return {document.label: document.scan for document in session.execute(sa.select(Document)).scalars()}


def opened(consumer_visitor: Visitor, number: str) -> dict[str, int]:
    """Return the HTTP status of each document's address."""
    with reading() as session:
        documents = [(row.label, row.id) for row in session.execute(sa.select(Document)).scalars()]
    return {
        label: consumer_visitor.get(f"/requests/{number}/documents/{key}").status for label, key in documents
    }


def test_a_clean_document_is_opened_only_after_the_scanners_word(
    consumer_visitor: Visitor, family: Household, round_of_the_worker: Callable[[], None]
):
    number = lodge(consumer_visitor, family, documents=[a_photo(), a_letter()])
    before = opened(consumer_visitor, number)

    round_of_the_worker()

    assert before == {"meter.jpg": 404, "letter.pdf": 404}
    assert scans() == {"meter.jpg": "clean", "letter.pdf": "clean"}
    assert opened(consumer_visitor, number) == {"meter.jpg": 200, "letter.pdf": 200}


def test_an_infected_document_is_never_opened_and_costs_the_others_nothing(
    consumer_visitor: Visitor,
    family: Household,
    round_of_the_worker: Callable[[], None],
    infect: Callable[[str], None],
):
    number = lodge(consumer_visitor, family, documents=[a_photo(), a_letter()])
    infect("letter.pdf")

    round_of_the_worker()
    round_of_the_worker()

    assert scans() == {"meter.jpg": "clean", "letter.pdf": "infected"}
    assert opened(consumer_visitor, number) == {"meter.jpg": 200, "letter.pdf": 404}


def test_a_document_too_large_for_the_scanner_waits_and_does_not_hold_up_the_next(
    consumer_visitor: Visitor, family: Household, round_of_the_worker: Callable[[], None]
):
    number = lodge(
        consumer_visitor, family, documents=[a_letter("large.pdf", noise=4), a_letter("small.pdf")]
    )

    round_of_the_worker()

    assert scans() == {"large.pdf": "pending", "small.pdf": "clean"}
    assert opened(consumer_visitor, number) == {"large.pdf": 404, "small.pdf": 200}


def test_a_scanner_killed_in_the_middle_leaves_the_document_waiting_until_it_is_back(
    consumer_visitor: Visitor,
    family: Household,
    round_of_the_worker: Callable[[], None],
    infect: Callable[[str], None],
    virus_scanner: VirusScanner,
):
    lodge(consumer_visitor, family, documents=[a_photo(), a_letter()])
    infect("letter.pdf")
    virus_scanner.stall()
    death = threading.Timer(KILLED_AFTER_S, virus_scanner.kill)
    death.start()

    round_of_the_worker()
    death.join()
    after_its_death = scans()
    virus_scanner.start()
    round_of_the_worker()

    assert after_its_death == {"meter.jpg": "pending", "letter.pdf": "pending"}
    assert scans() == {"meter.jpg": "clean", "letter.pdf": "infected"}


def test_a_complaint_is_taken_while_the_scanner_is_down(
    consumer_visitor: Visitor,
    family: Household,
    round_of_the_worker: Callable[[], None],
    virus_scanner: VirusScanner,
):
    virus_scanner.kill()

    number = lodge(consumer_visitor, family, documents=[a_photo()])
    round_of_the_worker()

    assert scans() == {"meter.jpg": "pending"}
    assert consumer_visitor.get(f"/requests/{number}").status == 200
