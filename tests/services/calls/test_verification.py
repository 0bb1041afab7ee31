"""Verification of callers: by the number that is known, or by bill, name and a number of their own."""

import dataclasses

import pytest
import sqlalchemy as sa

from tests.factories import MOBILE, Household, a_bill, a_connection, given, update_rows
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    OWN_MOBILE,
    STAFF_MOBILE,
    agreed,
    audited_actions,
    facts,
    opened,
    otp_of,
    the_call,
    verified,
    wrong,
)
from tests.fixtures.registration import messages, rows
from wss import clock
from wss.db import transaction
from wss.domain.calls import CONSENT_VERSION, CallExpired
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import AuditEntry, Connection, Consumer, Otp
from wss.services.calls.verification import CallerProof, VerificationOutcome, give_consent, send_otp, verify

SEND_GAP = ALLOWANCES[Limit.OTP_SEND_GAP].within.seconds


def prove(call_id: int, **facts: str) -> VerificationOutcome:
    return verify(HELPDESK, call_id, CallerProof(**facts)).outcome


def put_on_record(mobile: str | None) -> None:
    with transaction() as session:
        session.execute(sa.update(Connection).values(mobile_on_record=mobile))
        session.execute(sa.update(Consumer).values(mobile=mobile))


def test_the_code_read_back_proves_the_caller(home_on_record: Household):
    call_id = opened(home_on_record)
    sent = send_otp(HELPDESK, call_id)

    assert prove(call_id, otp=otp_of("call_otp")) is VerificationOutcome.VERIFIED

    call = the_call(call_id)
    assert (call.is_verified, call.verified_by, call.own_mobile) == (True, "otp_on_record", None)
    assert (sent.outcome, len(sent.reference_no)) == (VerificationOutcome.CODE_SENT, 8)
    assert audited_actions("call_verified") == [("H1", f"connection:{home_on_record.account_no}")]


def test_a_number_that_an_extract_has_emptied_is_still_asked(home_without_mobile: Household):
    update_rows(Connection, former_mobile=MOBILE, former_mobile_gone_at=clock.now())
    call_id = opened(home_without_mobile)

    assert send_otp(HELPDESK, call_id).outcome is VerificationOutcome.CODE_SENT
    assert [message.recipient for message in messages("call_otp")] == [MOBILE]
    with pytest.raises(Forbidden):
        verify(HELPDESK, call_id, facts(home_without_mobile))


def test_the_code_goes_to_the_verified_mobile_before_the_one_on_record(home_on_record: Household):
    update_rows(Consumer, mobile=OWN_MOBILE)

    send_otp(HELPDESK, opened(home_on_record))

    assert [message.recipient for message in messages("call_otp")] == [OWN_MOBILE]


def test_the_code_of_one_call_proves_nothing_on_another(home_on_record: Household):
    send_otp(HELPDESK, opened(home_on_record))

    assert prove(opened(home_on_record), otp=otp_of("call_otp")) is VerificationOutcome.WRONG


def test_a_code_that_went_to_a_number_no_longer_known_proves_nothing(home_on_record: Household):
    call_id = opened(home_on_record)
    send_otp(HELPDESK, call_id)
    put_on_record(OWN_MOBILE)

    assert prove(call_id, otp=otp_of("call_otp")) is VerificationOutcome.WRONG


def test_three_wrong_codes_close_the_call_and_stay_counted(home_on_record: Household):
    call_id = opened(home_on_record)
    send_otp(HELPDESK, call_id)
    right = otp_of("call_otp")

    outcomes = [prove(call_id, otp=wrong(right)) for _ in range(3)]

    assert outcomes == [VerificationOutcome.WRONG, VerificationOutcome.WRONG, VerificationOutcome.CLOSED]
    call = the_call(call_id)
    assert (call.wrong_tries, call.outcome, call.is_verified) == (3, "closed_wrong", False)
    assert audited_actions("call_closed") == [("H1", f"connection:{home_on_record.account_no}")]
    with pytest.raises(CallExpired):
        prove(call_id, otp=right)


def test_wrong_facts_and_wrong_codes_count_together(home_without_mobile: Household):
    call_id = opened(home_without_mobile)
    outcomes = [verify(HELPDESK, call_id, facts(home_without_mobile, bill_no="999999")).outcome]
    verify(HELPDESK, call_id, facts(home_without_mobile))

    outcomes += [prove(call_id, otp=wrong(otp_of("call_own_otp"))) for _ in range(2)]

    assert outcomes == [VerificationOutcome.WRONG, VerificationOutcome.WRONG, VerificationOutcome.CLOSED]


def test_wrong_codes_of_other_callers_never_stop_the_owners_call(home_on_record: Household):
    for _ in range(8):
        call_id = opened(home_on_record)
        for _ in range(2):
            prove(call_id, otp="123456")
    call_id = opened(home_on_record)
    send_otp(HELPDESK, call_id)

    assert prove(call_id, otp=otp_of("call_otp")) is VerificationOutcome.VERIFIED


def test_where_a_number_is_known_bill_and_name_are_not_enough(home_on_record: Household):
    with pytest.raises(Forbidden):
        verify(HELPDESK, opened(home_on_record), facts(home_on_record))


def test_without_a_number_no_code_can_be_sent(home_without_mobile: Household):
    assert send_otp(HELPDESK, opened(home_without_mobile)).outcome is VerificationOutcome.NO_MOBILE


def test_bill_and_name_and_an_own_number_prove_the_caller(home_without_mobile: Household):
    call_id = opened(home_without_mobile)

    sent = verify(HELPDESK, call_id, facts(home_without_mobile, spoken_name="SHARMA, Pooja"))

    assert (sent.outcome, the_call(call_id).is_verified) == (VerificationOutcome.CODE_SENT, False)
    assert [message.recipient for message in messages("call_own_otp")] == [OWN_MOBILE]
    assert prove(call_id, otp=otp_of("call_own_otp")) is VerificationOutcome.VERIFIED
    call = the_call(call_id)
    assert (call.verified_by, call.own_mobile) == ("facts", OWN_MOBILE)


def test_the_facts_are_given_once_and_the_number_may_be_corrected(
    home_without_mobile: Household, frozen_clock: FrozenClock
):
    call_id = opened(home_without_mobile)
    assert (
        verify(HELPDESK, call_id, facts(home_without_mobile, caller_mobile="")).outcome
        is VerificationOutcome.FACTS_RIGHT
    )
    prove(call_id, caller_mobile="9026114470")
    frozen_clock.advance(seconds=SEND_GAP)

    assert prove(call_id, caller_mobile=OWN_MOBILE) is VerificationOutcome.CODE_SENT

    assert (
        prove(call_id, caller_mobile=OWN_MOBILE, otp=otp_of("call_own_otp")) is VerificationOutcome.VERIFIED
    )


@pytest.mark.parametrize(
    "wrong_facts",
    [
        {"bill_no": "101000009999"},
        {"bill_no": "101000000777"},
        {"spoken_name": "Pooja"},
        {"spoken_name": "Ravi Lal"},
    ],
)
def test_a_wrong_bill_or_name_proves_nothing_and_sends_nothing(
    home_without_mobile: Household, wrong_facts: dict[str, str]
):
    # Its number is older than those of the last three bills.
    given(a_bill("101000000777", home_without_mobile.account_no, bill_month="2026-07"))

    answer = verify(HELPDESK, opened(home_without_mobile), facts(home_without_mobile, **wrong_facts))

    assert answer.outcome is VerificationOutcome.WRONG
    assert rows(Otp) == []


@pytest.mark.parametrize(
    ("incomplete", "code"),
    [
        ({"bill_no": "", "spoken_name": "", "caller_mobile": ""}, "bill_no_missing"),
        ({"bill_no": ""}, "bill_no_missing"),
        ({"bill_no": "%%%%%%"}, "bill_no_characters"),
        ({"bill_no": "1" * 21}, "bill_no_length"),
        ({"spoken_name": " "}, "spoken_name_missing"),
    ],
)
def test_an_incomplete_answer_counts_nothing(
    home_without_mobile: Household, incomplete: dict[str, str], code: str
):
    call_id = opened(home_without_mobile)

    for _ in range(12):
        with pytest.raises(Malformed) as refused:
            verify(HELPDESK, call_id, facts(home_without_mobile, **incomplete))
        assert refused.value.code == code

    assert the_call(call_id).wrong_tries == 0
    assert verify(HELPDESK, call_id, facts(home_without_mobile)).outcome is VerificationOutcome.CODE_SENT


def test_an_employee_does_not_go_on_with_names_that_are_tried_and_others_do(home_without_mobile: Household):
    for _ in range(9):
        verify(HELPDESK, opened(home_without_mobile), facts(home_without_mobile, spoken_name="Ravi"))

    mine = verify(HELPDESK, opened(home_without_mobile), facts(home_without_mobile))
    others = verify(COLLEAGUE, opened(home_without_mobile, COLLEAGUE), facts(home_without_mobile))

    assert (mine.outcome, others.outcome) == (VerificationOutcome.STOPPED, VerificationOutcome.CODE_SENT)


def test_the_supervisor_hears_of_names_that_are_tried_on_many_calls(home_without_mobile: Household):
    for number in range(10):
        actor = (HELPDESK, COLLEAGUE)[number % 2]
        verify(actor, opened(home_without_mobile, actor), facts(home_without_mobile, spoken_name="Ravi"))

    [alarm] = rows(AuditEntry, AuditEntry.deed == "alarm")
    assert alarm.subject == "limit:call_facts"


@pytest.mark.parametrize("number", [STAFF_MOBILE, "12345", "0522 214089"])
def test_an_own_number_is_a_mobile_and_not_the_employees(home_without_mobile: Household, number: str):
    with pytest.raises(Malformed):
        verify(HELPDESK, opened(home_without_mobile), facts(home_without_mobile, caller_mobile=number))


def test_codes_go_out_within_the_limits_of_the_mobile(home_on_record: Household):
    call_id = opened(home_on_record)
    send_otp(HELPDESK, call_id)

    again = send_otp(HELPDESK, call_id)

    assert (again.outcome, again.retry_after) == (VerificationOutcome.TOO_OFTEN, SEND_GAP)


def test_each_employee_has_so_many_codes_an_hour(
    home_without_mobile: Household, monkeypatch: pytest.MonkeyPatch
):
    narrow = dataclasses.replace(ALLOWANCES[Limit.OTP_SEND_EMPLOYEE], times=2)
    monkeypatch.setitem(ALLOWANCES, Limit.OTP_SEND_EMPLOYEE, narrow)
    call_id = opened(home_without_mobile)
    outcomes = [
        verify(HELPDESK, call_id, facts(home_without_mobile, caller_mobile=f"902611447{n}")).outcome
        for n in range(3)
    ]

    assert outcomes == [
        VerificationOutcome.CODE_SENT,
        VerificationOutcome.CODE_SENT,
        VerificationOutcome.TOO_OFTEN,
    ]


@pytest.mark.parametrize("minutes", [30, 121])
def test_on_an_expired_call_nothing_is_done(
    home_on_record: Household, frozen_clock: FrozenClock, minutes: int
):
    call_id = opened(home_on_record)
    frozen_clock.advance(minutes=minutes)

    for step in (
        lambda: send_otp(HELPDESK, call_id),
        lambda: prove(call_id, otp="123456"),
        lambda: give_consent(HELPDESK, call_id, "self", True),
    ):
        with pytest.raises(CallExpired):
            step()
    assert messages() == []


def test_every_step_keeps_the_call_going_but_not_beyond_two_hours(
    home_on_record: Household, frozen_clock: FrozenClock
):
    call_id = opened(home_on_record)
    for _ in range(4):
        frozen_clock.advance(minutes=29)
        send_otp(HELPDESK, call_id)

    frozen_clock.advance(minutes=4)

    with pytest.raises(CallExpired):
        send_otp(HELPDESK, call_id)


def test_another_employees_call_cannot_be_gone_on_with(home_on_record: Household):
    call_id = opened(home_on_record)

    with pytest.raises(NotFound):
        send_otp(COLLEAGUE, call_id)


def test_consent_is_kept_with_relation_version_and_time(home_on_record: Household, frozen_clock: FrozenClock):
    call = the_call(agreed(home_on_record, relation="tenant"))

    assert (call.relation, call.consent_version, call.consent_at) == (
        "tenant",
        CONSENT_VERSION,
        frozen_clock.now,
    )
    assert audited_actions("consent_told") == [("H1", f"connection:{home_on_record.account_no}")]


@pytest.mark.parametrize(
    ("relation", "consent", "code"),
    [
        ("", True, "relation_required"),
        ("friend", True, "relation_required"),
        ("self", False, "consent_required"),
    ],
)
def test_without_relation_or_consent_nothing_is_agreed(
    home_on_record: Household, relation: str, consent: bool, code: str
):
    call_id = verified(home_on_record)

    with pytest.raises(Forbidden) as refused:
        give_consent(HELPDESK, call_id, relation, consent)

    assert (refused.value.code, the_call(call_id).has_consent) == (code, False)


def test_who_is_not_verified_agrees_to_nothing(home_on_record: Household):
    with pytest.raises(Forbidden):
        give_consent(HELPDESK, opened(home_on_record), "self", True)


def test_a_mobile_of_several_connections_sends_no_code_before_one_is_chosen(home_on_record: Household):
    given(a_connection("7950761929"))

    with pytest.raises(NotFound):
        send_otp(HELPDESK, opened(home_on_record, q=MOBILE))
