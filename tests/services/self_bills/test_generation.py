"""Generated bills: one per period whatever is pressed, posted under one id, and replaced by the real bill."""

import json
from datetime import date
from typing import Any

import pytest

from tests.factories import Household, a_household, given, update_rows
from tests.fixtures.complaint_handling import consumer_of, rows
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.message_servers import SmsGateway, plain_answer
from tests.fixtures.self_bills import AMOUNT, READING, bills_of, confirm, the_bill, the_post, the_real_bill
from tests.fixtures.threads import call_at_once
from wss.db import reading, transaction
from wss.domain.errors import NotFound
from wss.domain.self_bill import ReadingRefused, SelfBillState
from wss.gateways import http
from wss.models import AuditEntry, Bill, Document, GeneratedBill, SelfBillRuleRow
from wss.queries.self_bills import generated_bills
from wss.services.my_data import anonymisation
from wss.services.requests.draft_documents import DocumentStorage, UploadedDocument
from wss.services.self_bills.confirmation import ConfirmationResult, SelfBillConfirmation, confirm_self_bill


def state(household: Household) -> SelfBillState:
    with reading():
        return generated_bills(household.account_no)[0].state


def photo() -> UploadedDocument:
    return UploadedDocument("meter.jpg", a_photo()[0].read())


def ids(gateway: SmsGateway) -> list[str]:
    return [json.loads(body)["id"] for _, _, body in gateway.asked]


def stored_files(storage: DocumentStorage) -> int:
    return sum(path.is_file() for path in storage.store.root.rglob("*"))  # type: ignore[attr-defined]


def test_a_confirmed_bill_is_stored_posted_and_audited(generating: Household, photo_storage: DocumentStorage):
    assert confirm(generating, photo_storage) is ConfirmationResult.GENERATED

    bill, post = the_bill(), the_post()
    assert (bill.units, bill.amount_paise, bill.number[:2]) == (120, AMOUNT, "SG")
    assert (post.payload["id"], post.payload["bill_no"], post.payload["units"]) == (post.id, bill.number, 120)
    assert [entry.subject for entry in rows(AuditEntry) if entry.deed == "self_bill"] == [
        f"connection:{generating.account_no}"
    ]


def test_the_billing_system_is_told_the_reading_its_day_and_lines_that_add_up(
    generating: Household, photo_storage: DocumentStorage
):
    update_rows(Bill, paid_amount_paise=700_00)
    confirm(generating, photo_storage, shown=str(AMOUNT + 50_00))

    payload = the_post().payload
    assert (payload["reading_kwh"], payload["read_on"]) == (READING, "2026-11-24")
    assert [(line["name"], line["amount_paise"]) for line in payload["lines"]] == [
        ("fixed_charge", 220_00),
        ("energy_charge", 660_00),
        ("electricity_duty", 44_00),
        ("arrears", 50_00),
    ]
    assert payload["amount_paise"] == AMOUNT + 50_00


def test_a_reading_of_another_day_gives_no_bill(generating: Household, photo_storage: DocumentStorage):
    with pytest.raises(ReadingRefused, match="not_today"):
        confirm(generating, photo_storage, read_on=date(2026, 11, 23))

    assert rows(GeneratedBill) == []


def test_pressed_on_eight_devices_at_once_it_is_one_bill(
    generating: Household, photo_storage: DocumentStorage
):
    done = call_at_once(lambda _: confirm(generating, photo_storage), range(8))

    assert sorted(done) == [ConfirmationResult.ALREADY] * 7 + [ConfirmationResult.GENERATED]
    assert the_post().payload["bill_no"] == the_bill().number


def test_other_figures_than_those_shown_give_no_bill(generating: Household, photo_storage: DocumentStorage):
    assert confirm(generating, photo_storage, shown="92399") is ConfirmationResult.CHANGED
    assert rows(GeneratedBill) == []


def test_three_times_the_usual_is_generated_only_when_the_consumer_is_sure(
    generating: Household, photo_storage: DocumentStorage
):
    # 300 units: 825.00 and 900.00, with the fixed charge 1,945.00, and 5 % duty 97.25.
    unusual: Any = {"reading": 1400, "shown": "204225"}

    assert confirm(generating, photo_storage, **unusual) is ConfirmationResult.NOT_SURE
    assert confirm(generating, photo_storage, is_sure=True, **unusual) is ConfirmationResult.GENERATED


def test_a_rule_that_is_switched_off_in_between_gives_no_bill(
    generating: Household, photo_storage: DocumentStorage
):
    update_rows(SelfBillRuleRow, switched_on=False)

    assert confirm(generating, photo_storage) is ConfirmationResult.NOT_OFFERED


def test_a_connection_of_others_is_not_found(generating: Household, photo_storage: DocumentStorage):
    another = a_household("7950761922", mobile_on_record="9026114477")

    with pytest.raises(NotFound):
        confirm_self_bill(
            consumer_of(another),
            generating.account_no,
            SelfBillConfirmation(READING, date(2026, 11, 24), str(AMOUNT), False),
            [],
            photo_storage,
        )


def test_the_photo_is_stored_once_and_only_with_its_bill(
    generating: Household, photo_storage: DocumentStorage
):
    confirm(generating, photo_storage, photo(), shown="1")
    confirm(generating, photo_storage, photo())
    confirm(generating, photo_storage, photo())

    [document] = rows(Document)
    assert (document.generated_bill_id, stored_files(photo_storage)) == (the_bill().id, 1)


def test_a_photo_that_is_none_keeps_the_bill_from_being_generated(
    generating: Household, photo_storage: DocumentStorage
):
    broken = UploadedDocument("meter.jpg", b"\xff\xd8\xff no picture")

    assert confirm(generating, photo_storage, broken) is ConfirmationResult.PHOTO_REFUSED
    assert confirm(generating, photo_storage) is ConfirmationResult.GENERATED


def test_a_refusal_of_the_billing_system_is_shown_and_final(
    generating: Household, photo_storage: DocumentStorage, sms_gateway: SmsGateway, frozen_clock: Any
):
    sms_gateway.answer = lambda line: plain_answer(line, 422)
    confirm(generating, photo_storage)

    bills_of(sms_gateway).deliver_due()
    frozen_clock.advance(days=2)
    bills_of(sms_gateway).deliver_due()

    assert ([path for path, _, _ in sms_gateway.asked], state(generating)) == (
        ["/self-bills"],
        SelfBillState.REFUSED,
    )
    assert confirm(generating, photo_storage) is ConfirmationResult.ALREADY


def test_a_billing_system_that_fails_answers_late_and_answers_twice_has_one_bill(
    generating: Household,
    photo_storage: DocumentStorage,
    sms_gateway: SmsGateway,
    frozen_clock: Any,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(http, "TIMEOUT_S", 0.3)
    answers = iter([503, 0, 200])

    def answer(line: Any) -> None:
        status = next(answers)
        if status:
            plain_answer(line, status)
        else:
            # It has the bill, and answers only when this side has stopped waiting.
            sms_gateway.stopping.wait(0.6)
            plain_answer(line, 201)

    sms_gateway.answer = answer
    confirm(generating, photo_storage)
    seen = [state(generating)]
    for _ in range(3):
        bills_of(sms_gateway).deliver_due()
        seen.append(state(generating))
        frozen_clock.advance(minutes=30)

    assert ids(sms_gateway) == [the_post().id] * 3
    assert seen == [
        SelfBillState.WAITING,
        SelfBillState.UNANSWERED,
        SelfBillState.UNANSWERED,
        SelfBillState.ACCEPTED,
    ]


def test_many_workers_post_it_once(
    generating: Household, photo_storage: DocumentStorage, sms_gateway: SmsGateway
):
    sms_gateway.answer = lambda line: plain_answer(line, 201)
    confirm(generating, photo_storage)

    call_at_once(lambda worker: worker.deliver_due(), [bills_of(sms_gateway) for _ in range(8)])

    assert ids(sms_gateway) == [the_post().id]


def test_it_gives_way_to_the_real_bill_and_is_not_posted_after_it(
    generating: Household, photo_storage: DocumentStorage, sms_gateway: SmsGateway
):
    confirm(generating, photo_storage)
    given(the_real_bill())

    bills_of(sms_gateway).deliver_due()

    assert (sms_gateway.asked, the_post().state) == ([], "expired")
    assert state(generating) is SelfBillState.REPLACED


def test_the_next_period_can_be_generated_after_the_real_bill(
    generating: Household, photo_storage: DocumentStorage, frozen_clock: Any
):
    confirm(generating, photo_storage)
    given(the_real_bill())
    frozen_clock.advance(days=30)

    # The real bill ends at 1100 and is unpaid: 750.00 are arrears.
    shown = str(AMOUNT + 750_00)
    assert confirm(generating, photo_storage, shown=shown) is ConfirmationResult.GENERATED


def test_erasure_parts_it_from_its_consumer_and_deletes_the_photo(
    generating: Household, photo_storage: DocumentStorage
):
    confirm(generating, photo_storage, photo())
    assert generating.consumer is not None

    with transaction():
        freed = anonymisation.anonymise(generating.consumer.id)

    assert (len(freed), rows(Document), the_bill().consumer_id) == (1, [], None)
