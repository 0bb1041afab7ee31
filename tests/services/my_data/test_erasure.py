"""Erasure: what is deleted immediately, what later, and what the law keeps."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import (
    MOBILE,
    Household,
    a_household,
    a_service_request,
    a_session,
    bill_correction,
    given,
)
from tests.fixtures.housekeeping import run_housekeeping
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.registration import a_visitor, messages, rows, try_sign_in
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import StoreAway
from wss.domain.retention import RETENTION
from wss.gateways.documents import FolderStore
from wss.models import (
    AuditEntry,
    Bill,
    Connection,
    Consent,
    Consumer,
    Document,
    Draft,
    Event,
    Message,
    Ownership,
    ServiceRequest,
    SignedIn,
)
from wss.services.my_data.erasure import ErasureOutcome, request_erasure, withdraw_erasure_request


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household that registered a month ago, with consents, a session, a draft with a document."""
    given(*bill_correction())
    home = a_household()
    owner = home.consumer
    assert owner is not None
    draft = Draft(
        form_token="f" * 43,
        consumer_id=owner.id,
        account_no=home.account_no,
        kind="BILL_CORRECTION",
        fields={"typed": {"remarks": ["half"]}, "answers": None},
        created_at=now(),
        updated_at=now(),
        expires_at=now() + 2 * RETENTION,
    )
    given(
        draft,
        Consent(consumer_id=owner.id, subject="privacy", version="2026-11", given_at=now()),
        a_session("h" * 64, consumer_id=owner.id),
    )
    with transaction() as session:
        row = session.get_one(Consumer, owner.id)
        row.email, row.user_name, row.email_verified_at = "pooja@example.in", "pooja.sharma", now()
    return home


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Return the store of documents."""
    return FolderStore(tmp_path)


def me(home: Household) -> Actor:
    assert home.consumer is not None
    return Actor(Role.CONSUMER, str(home.consumer.id))


def a_document(home: Household, store: FolderStore, **where: Any) -> str:
    key = store.put(b"%PDF-", "pdf")
    assert home.consumer is not None
    given(
        Document(
            id=key[3:35],
            consumer_id=home.consumer.id,
            label="letter.pdf",
            media_type="application/pdf",
            size=5,
            storage_key=key,
            scan="not_scanned",
            created_at=now(),
            **where,
        )
    )
    return key


def run_worker(tmp_path: Path) -> None:
    run_housekeeping(gateways_with(RecordingSender(), tmp_path))


def files(store: FolderStore) -> int:
    return len(list(store.root.rglob("*.pdf")))


def notices() -> list[str]:
    return [message.notice for message in messages()]


def ask(home: Household, store: FolderStore) -> ErasureOutcome:
    return request_erasure(me(home), store)


@pytest.fixture
def erased(home: Household, store: FolderStore, frozen_clock: Any) -> Household:
    """Provide the household after it has been erased, with a document in its draft and a neighbour."""
    [draft] = rows(Draft)
    a_document(home, store, draft_id=draft.id)
    a_household("7950761939", mobile_on_record="9876543210")
    frozen_clock.advance(days=366)
    assert ask(home, store) is ErasureOutcome.ERASED
    return home


def test_no_one_is_erased_while_the_disk_with_the_documents_is_away(
    home: Household, store: FolderStore, frozen_clock: Any
):
    frozen_clock.advance(days=366)
    store.proof = store.root / "proof"

    with pytest.raises(StoreAway):
        ask(home, store)

    assert rows(Consumer)[0].user_name == "pooja.sharma"


def test_nothing_of_the_person_is_left_of_who_is_erased(erased: Household):
    consumer = rows(Consumer)[0]

    personal = (consumer.mobile, consumer.email, consumer.user_name, consumer.coming_mobile)
    assert (consumer.closed_at, consumer.email_verified_at, personal) == (now(), None, (None,) * 4)
    assert not consumer.password_hash.startswith("$")


def test_sessions_ownership_consents_and_drafts_end_with_them(erased: Household, store: FolderStore):
    assert [rows(SignedIn), rows(Draft), rows(Document), files(store)] == [[], [], [], 0]
    assert (rows(Ownership)[0].ended_at, rows(Ownership)[0].ended_because) == (now(), "erased")
    assert rows(Consent)[0].withdrawn_at == now()


def test_the_sms_goes_to_the_number_that_is_gone_afterwards(erased: Household):
    assert [(message.notice, message.recipient) for message in messages()] == [("account_erased", MOBILE)]


def test_it_is_written_down(erased: Household):
    assert [(entry.deed, entry.role) for entry in rows(AuditEntry)] == [("erase", "consumer")]


def test_connection_and_bills_stay_and_the_login_does_not(erased: Household):
    assert len(rows(Connection)) == 2 and len(rows(Bill)) == 6
    for login in ("pooja.sharma", erased.account_no):
        assert try_sign_in(a_visitor(), login).outcome == "wrong"


def test_another_consumer_is_left_alone(erased: Household):
    neighbour = rows(Consumer)[1]

    assert (neighbour.mobile, neighbour.closed_at) == ("9876543210", None)


@pytest.mark.parametrize(
    "status", ["registered", "in_review", "info_requested", "proposed", "resolved", "reopened"]
)
def test_an_open_complaint_blocks_the_erasure(
    home: Household, store: FolderStore, frozen_clock: Any, status: str
):
    a_service_request(home, status=status)
    frozen_clock.advance(days=800)

    assert ask(home, store) is ErasureOutcome.REMEMBERED
    assert notices() == ["erasure_asked"]


def test_who_registered_within_the_year_waits(home: Household, store: FolderStore):
    assert ask(home, store) is ErasureOutcome.REMEMBERED
    assert rows(Consumer)[0].mobile == MOBILE


def test_asking_twice_is_notified_once(home: Household, store: FolderStore):
    ask(home, store)
    ask(home, store)

    assert notices() == ["erasure_asked"]


def test_what_was_asked_for_is_done_when_the_law_allows_it(
    home: Household, store: FolderStore, tmp_path: Path, frozen_clock: Any
):
    a_service_request(home, status="closed", status_since=now() + timedelta(days=100))
    frozen_clock.advance(days=100)
    ask(home, store)
    frozen_clock.advance(days=365, hours=23)
    run_worker(tmp_path)
    before = rows(Consumer)[0].closed_at
    frozen_clock.advance(hours=2)

    run_worker(tmp_path)

    assert before is None and rows(Consumer)[0].closed_at == now()
    assert ("erase", "system") in [(entry.deed, entry.role) for entry in rows(AuditEntry)]
    assert "account_erased" in notices()


@pytest.mark.parametrize("why", ["never asked", "withdrawn", "an open complaint"])
def test_such_a_consumer_is_not_erased(
    home: Household, store: FolderStore, tmp_path: Path, frozen_clock: Any, why: str
):
    if why == "an open complaint":
        a_service_request(home)
    if why != "never asked":
        ask(home, store)
    if why == "withdrawn":
        withdraw_erasure_request(me(home))
    frozen_clock.advance(days=1000)

    run_worker(tmp_path)

    assert rows(Consumer)[0].closed_at is None


def test_a_year_after_that_the_rest_is_emptied_and_the_record_of_the_complaint_stays(
    home: Household, store: FolderStore, tmp_path: Path, frozen_clock: Any
):
    answers = {
        "reason": "wrong_reading",
        "bill_no": [home.bill_no],
        "remarks": "Private words",
        "new_name": "X",
    }
    request = a_service_request(home, status="closed", fields=answers)
    a_document(home, store, service_request_id=request.id)
    given(
        Event(
            service_request_id=request.id,
            number=2,
            action="answer",
            status="in_review",
            role="consumer",
            remark="Private words",
            details={},
            at=now(),
        )
    )
    frozen_clock.advance(days=367)
    ask(home, store)
    frozen_clock.advance(days=365)
    run_worker(tmp_path)
    kept_for_a_year = (files(store), rows(ServiceRequest)[0].fields == answers)
    frozen_clock.advance(days=2)

    run_worker(tmp_path)

    assert kept_for_a_year == (1, True)
    assert (files(store), rows(Document)) == (0, [])
    assert rows(ServiceRequest)[0].fields == {"reason": "wrong_reading", "bill_no": [home.bill_no]}
    assert {event.remark for event in rows(Event)} == {""}
    assert {(message.recipient, message.text_sealed) for message in rows(Message)} == {("", "")}
    assert rows(Consumer)[0].emptied_at == now()


def test_what_is_empty_is_left_alone(home: Household, store: FolderStore, tmp_path: Path, frozen_clock: Any):
    frozen_clock.advance(days=366)
    ask(home, store)
    for _ in range(2):
        frozen_clock.advance(days=367)
        run_worker(tmp_path)

    assert [entry.deed for entry in rows(AuditEntry)].count("empty") == 1
