"""The process is killed at any moment of registering a request: what was shown exists, and nothing exists twice."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection as Pipe
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import a_bill, a_household, bill_correction, given
from wss import db
from wss.clock import now
from wss.domain.actor import Actor, Role
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Document, Event, Message, ServiceRequest
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft

KILLS = 2_000 if os.environ.get("WSS_SOAK") else 20
FORMS = 5
LONGEST_S = 0.01


@dataclass(frozen=True)
class Sheet:
    """Drafts of one consumer that are not yet registered."""

    actor: Actor
    account_no: str
    tokens: list[str]


def _fill_in(actor: Actor, account_no: str, number: int) -> str:
    """Save one more draft about a bill of its own, with a photo, and return its token."""
    bill_no = f"2{number:011d}"
    given(a_bill(bill_no, account_no, sbm_bill_no=None))
    answers = {"bill_no": [bill_no], "reason": "wrong_reading"}
    draft = save_draft(actor, account_no, FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers))
    given(
        Document(
            id=f"{number:032x}",
            consumer_id=actor.consumer_id,
            draft_id=draft.id,
            label="meter.jpg",
            media_type="image/jpeg",
            size=1000,
            storage_key=f"{number:032x}.jpg",
            scan="not_scanned",
            created_at=now(),
        )
    )
    return draft.form_token


@pytest.fixture
def household(database: Any) -> Iterator[tuple[Actor, str]]:
    given(*bill_correction())
    home = a_household()
    assert home.consumer is not None
    yield Actor(Role.CONSUMER, str(home.consumer.id)), home.account_no


def _register_until_killed(url: str, sheet: Sheet, shown: Pipe) -> None:
    """What the killed process does: press REGISTER for each form, over and over, and show each number."""
    db.configure(db.Database(url))
    first = sheet.tokens[0]
    shown.send((first, register_draft(sheet.actor, first)))
    while True:
        for token in sheet.tokens:
            shown.send((token, register_draft(sheet.actor, token)))


def _kill_while_registering(url: str, sheet: Sheet, chance: random.Random) -> dict[str, str]:
    """Start a process that registers, kill it at a random moment, and return the reported numbers by form."""
    fork = multiprocessing.get_context("fork")
    reader, writer = fork.Pipe(duplex=False)
    child = fork.Process(target=_register_until_killed, args=(url, sheet, writer))
    child.start()
    writer.close()
    # The first number says that the process has connected and compiled its statements. Then a few more, or none.
    shown = dict(reader.recv() for _ in range(chance.randrange(1, FORMS)))
    time.sleep(chance.uniform(0, LONGEST_S))
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    while reader.poll():
        try:
            token, number = reader.recv()
        except EOFError:
            break
        assert shown.setdefault(token, number) == number
    return shown


def _requests_by_form() -> dict[str, list[ServiceRequest]]:
    found: dict[str, list[ServiceRequest]] = {}
    with db.reading() as session:
        for request in session.execute(sa.select(ServiceRequest)).scalars():
            found.setdefault(request.form_token, []).append(request)
    return found


def _counts(model: Any, column: Any) -> dict[int, int]:
    """Return how many rows of a table belong to each request."""
    with db.reading() as session:
        return dict(
            session.execute(sa.select(column, sa.func.count()).select_from(model).group_by(column)).all()
        )


def test_a_number_that_was_shown_exists_whole_and_once_whenever_the_process_is_killed(
    household: tuple[Actor, str], database: Any, monkeypatch: pytest.MonkeyPatch
):
    """After each kill at a random moment, every number shown has exactly one event, document and message."""
    for limit in (Limit.REGISTER_CONNECTION, Limit.REGISTER_CONSUMER):
        monkeypatch.setitem(ALLOWANCES, limit, replace(ALLOWANCES[limit], times=10**6))
    actor, account_no = household
    chance, shown, tokens = random.Random(656), {}, []
    url = database.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        fresh = [_fill_in(actor, account_no, kill * FORMS + form) for form in range(FORMS)]
        tokens += fresh
        shown |= _kill_while_registering(url, Sheet(actor, account_no, fresh), chance)
    survivors = {token: register_draft(actor, token) for token in tokens}

    requests = _requests_by_form()
    numbers = {token: [request.complaint_no for request in rows] for token, rows in requests.items()}
    ids = {rows[0].id for rows in requests.values()}
    print(f"\n{KILLS} kills, {len(shown)} numbers shown, {len(tokens)} forms, {len(ids)} complaints")
    assert numbers == {token: [number] for token, number in survivors.items()}
    assert shown.items() <= survivors.items()
    # If every kill had come too early or too late, the test would have proved nothing.
    assert 0 < len(shown) < len(tokens)
    assert _counts(Event, Event.service_request_id) == dict.fromkeys(ids, 1)
    assert _counts(Message, Message.service_request_id) == dict.fromkeys(ids, 1)
    assert _counts(Document, Document.service_request_id) == dict.fromkeys(ids, 1)
