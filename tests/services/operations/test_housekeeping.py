"""Housekeeping deletes what has expired and what strangers have caused, and scans documents, each in its turn."""

import errno
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    MOBILE,
    Household,
    a_household,
    a_message,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.housekeeping import run_housekeeping
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.query_plans import plans_of
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    register_up_to_code,
    rows,
    solved,
    step_one,
    token_in,
    try_sign_in,
)
from tests.fixtures.waiting_proposals import opened
from wss.clock import now
from wss.db import Base, reading, transaction
from wss.domain.delivery import DeliveryState
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.retention import (
    MESSAGE_STATES,
    MESSAGES_OF_CONSUMERS,
    MESSAGES_OF_STRANGERS,
    TABLES,
    RetentionPeriods,
    RowCause,
)
from wss.domain.sessions import IDLE, RETAINED_AFTER_END
from wss.domain.uploads import ScanState
from wss.gateways.documents import FolderStore
from wss.gateways.scanner import NoVerdict, ScannerUnreachable, Verdict
from wss.models import (
    Captcha,
    Consent,
    Consumer,
    Document,
    LimitCount,
    LinkToken,
    Message,
    OpenedProposal,
    Otp,
    Ownership,
    Registration,
    SignedIn,
)
from wss.queries import captchas, codes, drafts, limits, outbox, proofs, registrations
from wss.services.operations import housekeeping
from wss.services.operations.housekeeping import AT_A_TIME, scan_documents, scan_pending
from wss.services.registration.activation import ActivationOutcome, follow_activation_link, verify_code
from wss.services.registration.mobile_change import begin_mobile_change
from wss.services.registration.recovery import PASSWORD, SIGN_IN, begin_recovery
from wss.services.registration.registration import name_connection as begin_registering
from wss.services.registration.step_results import StepOneInput, StepOneOutcome


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose registration left one row of each kind."""
    home = a_household(registered=False)
    step_one(a_visitor("a miss"), home.account_no, "NOSUCH")
    register_up_to_code(a_visitor(), home, email="pooja@example.in")
    assert verify_code(a_visitor(), otp_sent_to(MOBILE)).outcome is ActivationOutcome.ACTIVE
    try_sign_in(a_visitor(), home.account_no)
    solved(a_visitor())
    return home


def clean(folder: Path) -> None:
    run_housekeeping(gateways_with(RecordingSender(), folder))


def count(*models: Any) -> list[int]:
    return [len(rows(model)) for model in models]


def test_nothing_that_lives_is_dropped(home: Household, tmp_path: Path):
    before = count(Captcha, Otp, LinkToken, LimitCount, Registration, SignedIn)
    clean(tmp_path)

    assert count(Captcha, Otp, LinkToken, LimitCount, Registration, SignedIn) == before
    assert 0 not in before


@pytest.mark.parametrize(
    ("model", "minutes"),
    [
        (Captcha, 5),
        # An expired code is kept for another hour, in which it counts among those that were not used.
        (Otp, 70),
        # An ended session is kept a while, so that what is sent from it is kept as a draft of its consumer.
        (SignedIn, int((IDLE + RETAINED_AFTER_END).total_seconds()) // 60),
        (Registration, 120),
        (LinkToken, 24 * 60),
        (LimitCount, 24 * 60),
    ],
)
def test_expired_rows_are_deleted_when_they_expire(
    home: Household, tmp_path: Path, frozen_clock: Any, model: Any, minutes: int
):
    frozen_clock.advance(minutes=minutes - 1)
    clean(tmp_path)
    before = count(model)[0]
    frozen_clock.advance(minutes=1)
    clean(tmp_path)

    assert before > 0 and count(model) == [0]


def test_consumers_ownerships_and_consents_stay(home: Household, tmp_path: Path, frozen_clock: Any):
    frozen_clock.advance(days=400)
    clean(tmp_path)

    assert count(Consumer, Ownership, Consent) == [1, 1, 2]


def test_secret_texts_are_emptied_when_their_code_has_expired(
    home: Household, tmp_path: Path, frozen_clock: Any
):
    frozen_clock.advance(minutes=10)
    clean(tmp_path)

    texts = {message.notice: bool(message.text_sealed) for message in messages()}
    assert texts == {"registration_otp": False, "registered_consumer": True, "confirm_email": True}


def test_a_registration_that_waits_for_its_link_is_kept_a_day(
    database: Any, tmp_path: Path, frozen_clock: Any
):
    home = a_household(registered=False, mobile_on_record=None)
    register_up_to_code(a_visitor(), home, None, email="pooja@example.in")
    token = token_in("activation")
    frozen_clock.advance(hours=23, minutes=59)
    clean(tmp_path)

    assert follow_activation_link(token).outcome is ActivationOutcome.ACTIVE


NOWHERE = "7950769999"


@pytest.fixture
def registered_home(database: Any, frozen_clock: Any) -> Household:
    return a_household()


def full_tables(cause: RowCause) -> set[str]:
    """Return the tables of this cause that contain rows."""
    with reading() as session:
        return {
            name
            for name, table in Base.metadata.tables.items()
            if name in TABLES and TABLES[name].cause is cause
            if session.execute(sa.select(sa.func.count()).select_from(table)).scalar()
        }


def test_opened_proposals_are_forgotten_after_half_a_day(
    three_waiting: list[str], tmp_path: Path, frozen_clock: Any
):
    opened(three_waiting)
    frozen_clock.advance(hours=12)
    clean(tmp_path)

    assert count(OpenedProposal) == [0]


def test_every_table_says_what_becomes_of_its_rows():
    assert set(Base.metadata.tables) == set(TABLES)


def test_what_a_stranger_has_caused_is_gone_after_some_days(database: Any, frozen_clock: Any, tmp_path: Path):
    me = a_visitor()
    begin_registering(me, StepOneInput(NOWHERE))
    begin_recovery(me, PASSWORD, KnowledgeFacts(NOWHERE, "B1"))
    begin_recovery(me, SIGN_IN, KnowledgeFacts(NOWHERE, "B1"))
    begin_mobile_change(me, KnowledgeFacts(NOWHERE, "B1"), ANOTHER_MOBILE)
    solved(me)
    before = full_tables(RowCause.STRANGER)
    # No worker has sent anything in this time: the queued messages have expired by themselves.
    frozen_clock.advance(minutes=30)
    clean(tmp_path)
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    left = full_tables(RowCause.STRANGER)
    assert (before >= {"registration", "proof", "otp", "captcha", "limit_count", "message"}, left) == (
        True,
        set(),
    )


def test_a_message_to_a_consumer_outlives_those_to_strangers(
    registered_home: Household, frozen_clock: Any, tmp_path: Path
):
    assert registered_home.consumer is not None
    given(a_message(consumer_id=registered_home.consumer.id, state=DeliveryState.SENT, created_at=now()))
    given(a_message(consumer_id=None, state=DeliveryState.SENT, created_at=now()))
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert [message.consumer_id for message in messages()] == [registered_home.consumer.id]


def test_a_message_that_is_still_to_be_sent_stays(
    registered_home: Household, frozen_clock: Any, tmp_path: Path
):
    given(a_message(consumer_id=None, state=DeliveryState.WAITING, created_at=now(), expires_at=None))
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert len(rows(Message)) == 1


def test_after_a_year_a_message_of_a_request_names_no_one_and_any_other_is_gone(
    registered_home: Household, frozen_clock: Any, tmp_path: Path
):
    given(*bill_correction())
    request = a_service_request(registered_home)
    whose = registered_home.consumer.id if registered_home.consumer else None
    for about in (request.id, None):
        given(
            a_message(
                consumer_id=whose,
                service_request_id=about,
                recipient=MOBILE,
                state=DeliveryState.DELIVERED,
                created_at=now(),
            )
        )
    frozen_clock.advance(minutes=MESSAGES_OF_CONSUMERS / timedelta(minutes=1))
    clean(tmp_path)

    [left] = rows(Message)
    assert (left.service_request_id, left.recipient, left.text_sealed, left.state) == (
        request.id,
        "",
        "",
        DeliveryState.DELIVERED,
    )


def test_the_states_of_messages_leave_after_three_years(
    registered_home: Household, frozen_clock: Any, tmp_path: Path
):
    given(*bill_correction())
    request = a_service_request(registered_home)
    about = {"service_request_id": request.id, "state": DeliveryState.DELIVERED}
    given(a_message(created_at=now(), **about), a_message(created_at=now() + timedelta(days=1), **about))
    frozen_clock.advance(minutes=MESSAGE_STATES / timedelta(minutes=1))
    clean(tmp_path)

    assert [message.created_at > now() - MESSAGE_STATES for message in rows(Message)] == [True]


def test_the_operator_says_how_long_messages_and_what_has_expired_are_kept(
    home: Household, frozen_clock: Any, tmp_path: Path
):
    periods = RetentionPeriods(messages_of_strangers=timedelta(days=1), expired=timedelta(days=5))
    given(a_message(id="sent", consumer_id=None, state=DeliveryState.SENT, created_at=now()))
    frozen_clock.advance(hours=25)
    run_housekeeping(gateways_with(RecordingSender(), tmp_path), periods)
    left, kept = {message.id for message in messages()}, count(Registration, LimitCount)
    frozen_clock.advance(hours=6 * 24)
    run_housekeeping(gateways_with(RecordingSender(), tmp_path), periods)

    assert "sent" not in left and 0 not in kept
    assert count(Registration, LimitCount) == [0, 0]


def test_more_rows_than_one_statement_deletes_are_deleted_all_the_same(
    registered_home: Household, frozen_clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    given(
        *(a_message(consumer_id=None, state=DeliveryState.WITHHELD, created_at=now()) for _each in range(5))
    )
    frozen_clock.advance(minutes=MESSAGES_OF_STRANGERS / timedelta(minutes=1))
    clean(tmp_path)

    assert rows(Message) == []


@pytest.mark.parametrize(
    ("limit", "browser", "network"),
    [(Limit.BEGIN_ADDRESS, "browser {}", "10.0.0.1"), (Limit.BEGIN_BROWSER, "one browser", "10.0.{}.1")],
)
def test_no_one_begins_registrations_without_end(
    database: Any,
    frozen_clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    limit: Limit,
    browser: str,
    network: str,
):
    times = 3
    monkeypatch.setitem(ALLOWANCES, limit, type(ALLOWANCES[limit])(times, ALLOWANCES[limit].within))
    outcomes = [
        begin_registering(a_visitor(browser.format(n), network.format(n)), StepOneInput(NOWHERE)).outcome
        for n in range(times + 1)
    ]

    assert outcomes == [StepOneOutcome.STARTED] * times + [StepOneOutcome.TOO_OFTEN]
    assert len(rows(Registration)) <= times


@pytest.mark.parametrize(
    "table", ["message", "captcha", "registration", "proof", "otp", "link_token", "limit_count"]
)
def test_deleting_expired_rows_scans_no_whole_table(registered_home: Household, table: str):
    # PostgreSQL's planner has its own tests; the indexes are the same.
    given(a_message(consumer_id=None, state=DeliveryState.SENT, created_at=now()))
    with transaction():
        plans = plans_of(table, lambda: delete_all(now()))

    assert plans and not any(f"SCAN {table}" in plan and "INDEX" not in plan for plan in plans)


def delete_all(at: Any) -> None:
    """Run each of the statements that delete rows of strangers."""
    for delete in (
        captchas.delete_expired_captchas,
        codes.delete_expired_codes,
        codes.delete_expired_links,
        limits.delete_expired_limits,
        registrations.delete_expired_registrations,
        proofs.delete_expired_proofs,
        outbox.delete_messages_of_strangers,
        outbox.forget_messages,
        outbox.delete_forgotten_messages,
    ):
        delete(at, 10)


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
def owner_of_documents(database: Any) -> Household:
    """Provide a household that owns documents."""
    return a_household()


def given_documents(owner_of_documents: Household, store: FolderStore, *contents: bytes) -> None:
    assert owner_of_documents.consumer is not None
    with transaction() as session:
        for n, content in enumerate(contents):
            session.add(
                Document(
                    id=f"{n:032x}",
                    consumer_id=owner_of_documents.consumer.id,
                    label=content.decode(),
                    media_type="image/jpeg",
                    size=len(content),
                    storage_key=store.put(content, "jpg"),
                    scan=ScanState.PENDING,
                    created_at=now(),
                )
            )


def unscanned() -> list[str]:
    with reading() as session:
        statement = sa.select(Document.label).where(Document.scan == ScanState.PENDING)
        return sorted(session.execute(statement).scalars())


def test_a_document_without_verdict_does_not_hold_up_the_round(owner_of_documents: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(owner_of_documents, store, TROUBLE, b"one", TROUBLE, b"two")

    done = scan_pending(store, Troubled(NoVerdict("too large")), [])

    assert (done, unscanned()) == (2, ["trouble", "trouble"])


def test_more_of_them_than_fit_into_a_round_do_not_starve_the_others(
    owner_of_documents: Household, tmp_path: Path
):
    store = FolderStore(tmp_path)
    given_documents(owner_of_documents, store, *[TROUBLE] * (AT_A_TIME + 5), b"an honest photo")

    for _ in range(60):
        scan_pending(store, Troubled(NoVerdict("too large")), [])

    assert set(unscanned()) == {"trouble"}


def test_a_document_that_crashes_the_scanner_does_not_block_the_others(
    owner_of_documents: Household, tmp_path: Path
):
    store = FolderStore(tmp_path)
    given_documents(owner_of_documents, store, TROUBLE, b"one", b"two", b"three")

    for _ in range(60):
        scan_pending(store, Troubled(ScannerUnreachable("hung up")), [])

    assert unscanned() == ["trouble"]


def test_while_the_scanner_is_away_the_others_are_not_tried(owner_of_documents: Household, tmp_path: Path):
    store = FolderStore(tmp_path)
    given_documents(owner_of_documents, store, TROUBLE, TROUBLE)

    assert scan_pending(store, Troubled(ScannerUnreachable("refused")), []) == 0
    assert unscanned() == ["trouble", "trouble"]


class UnreadableStore(FolderStore):
    """A store that cannot read one document, as on a network file system whose server has forgotten it."""

    def get(self, key: str) -> bytes:
        """Return the document, or raise the error of the file system."""
        content = super().get(key)
        if content == TROUBLE:
            raise OSError(errno.ESTALE, "Stale file handle")
        return content


def test_an_unreadable_document_stays_withheld_and_the_others_are_scanned(
    owner_of_documents: Household, tmp_path: Path
):
    store = UnreadableStore(tmp_path)
    given_documents(owner_of_documents, store, TROUBLE, b"one", b"two")

    with pytest.raises(OSError, match="Stale"):
        scan_documents(store, Troubled(NoVerdict("never")))

    assert unscanned() == ["trouble"]


def test_a_folder_that_is_not_mounted_condemns_no_document(owner_of_documents: Household, tmp_path: Path):
    given_documents(owner_of_documents, FolderStore(tmp_path / "mounted"), b"one", b"two")

    with pytest.raises(ExceptionGroup):
        scan_documents(FolderStore(tmp_path / "empty"), Troubled(NoVerdict("never")))

    assert unscanned() == ["one", "two"]


def test_a_step_of_the_clean_up_that_fails_ends_none_of_the_others(
    database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(_at: object, _how_many: int) -> int:
        raise RuntimeError

    done: list[object] = []
    monkeypatch.setattr(captchas, "delete_expired_captchas", fail)
    monkeypatch.setattr(drafts, "delete_expired_drafts", lambda at: done.append(at) or [])

    with pytest.raises(RuntimeError):
        housekeeping.clean_up(FolderStore(tmp_path))

    assert len(done) == 1
