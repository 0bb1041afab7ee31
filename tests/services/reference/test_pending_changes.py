"""No administrator can extend their own rights: own rows, rows of other discoms, and changes that grant rights."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from tests.factories import a_session, given, offices
from tests.fixtures.complaint_handling import rows
from wss import clock
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.admin_tables import WAITS_FOR_SECOND
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.models import (
    ApprovalLimit,
    AuditEntry,
    Forum,
    MessageText,
    Office,
    PendingChange,
    ReferenceChange,
    SignedIn,
    Staff,
)
from wss.services.operations.housekeeping import clean_up
from wss.services.reference.admin_tables import (
    ProposedTable,
    confirm,
    history,
    row_counts,
    rows_as_file,
    undo,
    upload_table,
)
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.reference.pending_changes import PendingDecision, decide, pending_for, pending_view
from wss.services.reference.table_changes import RowsRefused, TableChangeResult

SUBDIVISION = "PVVNL-Z06-C1-D1-S2"
ELSEWHERE = "DVVNL-Z01-C1-D1-S1"
FIRST, SECOND = Actor(Role.ADMIN, "A1", "PVVNL"), Actor(Role.ADMIN, "A2", "PVVNL")
STRANGER = Actor(Role.ADMIN, "D1", "DVVNL")
CLERK = "C1,Chetan Das,billing_clerk,PVVNL-Z06-C1-D1-S2,9800000001,,"
HEADS = {
    "staff": "employee_id,name,role,office_code,mobile,email,left_on",
    "limits": "role,max_amount,source_note,records_a_day",
    "offices": "code,parent_code,level,name,name_hi,phone,email",
    "texts": "notice,language,part,text",
    "forums": "code,level,office_code,name,address,phone,max_amount,constituted",
    "self_bills": "office_code,switched_on,max_load_kw,billing_units,categories,bill_bases,least_days,unusual_times,"
    "source_note",
    "compensation": "office_code,kind,rate,max_amount,grace_days,counted,source,source_hi,confirmed,switched_on",
}


@pytest.fixture
def two_discoms(database, frozen_clock):
    """Insert two administrators and a clerk of one discom, and an administrator of another."""
    given(*offices(SUBDIVISION), *offices(ELSEWHERE))
    given(
        *(
            Staff(employee_id=one, name=one, role="admin", office_code=code)
            for one, code in (("A1", "PVVNL"), ("A2", "PVVNL"), ("D1", "DVVNL"))
        ),
        Staff(
            employee_id="C1",
            name="Chetan Das",
            role="billing_clerk",
            office_code=SUBDIVISION,
            mobile="9800000001",
        ),
        ApprovalLimit(role="sdo", max_amount_paise=25_000_00, source_note="placeholder"),
    )


def seen(table: str, *lines: str, actor: Actor = FIRST, **options: bool) -> ProposedTable:
    text = "\n".join([HEADS[table], *lines])
    return upload_table(actor, table, text.encode(), **{"remove_missing": False, **options})


def applied(table: str, *lines: str, actor: Actor = FIRST, **options: bool) -> TableChangeResult:
    return confirm(actor, table, seen(table, *lines, actor=actor, **options).upload_id or "")


def refused(table: str, *lines: str, actor: Actor = FIRST) -> list[tuple[str, str]]:
    answer = seen(table, *lines, actor=actor)
    assert answer.upload_id is None
    return [(one.kept, one.code) for one in answer.outcome.refusals]


def decided(
    pending: TableChangeResult, decision: PendingDecision = PendingDecision.CONFIRM, actor: Actor = SECOND
) -> int | None:
    view = pending_view(actor, pending.pending_id or 0)
    return decide(actor, view.row.id, decision, view.row.fingerprint, "because")


def employee(employee_id: str) -> Staff | None:
    return next((one for one in rows(Staff) if one.employee_id == employee_id), None)


def log_in(employee_id: str) -> None:
    at = clock.now()
    given(a_session(employee_id, employee_id=employee_id, second_factor_at=at, stepped_up_at=at))


@pytest.mark.parametrize(
    ("table", "line", "key", "code"),
    [
        ("staff", f"A1,A1,ee,{SUBDIVISION},,,", "A1", "own_row"),
        ("staff", "A1,A1,admin,PVVNL,9800000009,,", "A1", "own_row"),
        ("staff", f"N1,New,ee,{ELSEWHERE},,,", "N1", "other_discom"),
        ("staff", "D1,D1,admin,PVVNL,,,", "D1", "other_discom"),
        ("staff", f"C1,Chetan Das,billing_clerk,{ELSEWHERE},9800000001,,", "C1", "other_discom"),
        ("staff", f"c1,Chetan Das,billing_clerk,{SUBDIVISION},,,", "c1", "look_alike"),
        ("staff", f"Ｃ१,Chetan Das,billing_clerk,{SUBDIVISION},,,", "Ｃ१", "look_alike"),
        ("limits", "admin,,mine,", "admin", "own_limit"),
        ("offices", "PVVNL,DVVNL,zone,Meerut,मेरठ,,", "PVVNL", "own_office"),
        ("offices", "DVVNL-Z01,PVVNL,zone,Zone,क्षेत्र,,", "DVVNL-Z01", "other_discom"),
        ("offices", "PVVNL-Z06,DVVNL,zone,Zone,क्षेत्र,,", "PVVNL-Z06", "other_discom"),
        ("offices", "DVVNL-Z01,DVVNL,zone,Renamed,क्षेत्र,,", "DVVNL-Z01", "other_discom"),
        ("offices", "NEWCO,,discom,New,नया,,", "NEWCO", "other_discom"),
        ("forums", "F1,zone,DVVNL-Z01,Forum,,,,no", "F1", "other_discom"),
        ("compensation", "DVVNL,*,50.00,,0,calendar,order,आदेश,no,no", "DVVNL, *", "other_discom"),
    ],
)
def test_a_row_that_is_ones_own_or_another_discoms_is_refused(two_discoms, table, line, key, code):
    assert refused(table, line) == [(key, code)]


def test_that_someone_tried_to_change_their_own_row_is_in_the_audit_trail(two_discoms):
    seen("staff", f"A1,A1,ee,{SUBDIVISION},,,")

    assert [(one.deed, one.details) for one in rows(AuditEntry)] == [
        ("refused_table_change", {"rows": ["own_row: A1"]})
    ]


def test_what_another_discoms_row_says_is_not_shown(two_discoms):
    answer = seen("staff", "D1,Guess,admin,DVVNL,12345,,")

    assert (answer.difference.is_empty, answer.outcome.warnings) == (True, [])


def test_exports_histories_and_counts_are_of_the_own_discom(two_discoms):
    applied("staff", "D1,D1,admin,DVVNL,,,", f"E1,Eve,ee,{ELSEWHERE},,,2026-11-01", actor=STRANGER)

    with reading():
        assert [cells[0] for cells in rows_as_file(FIRST, "staff")] == ["employee_id", "A1", "A2", "C1"]
    assert (history(FIRST, "staff"), len(history(STRANGER, "staff"))) == ([], 1)
    assert row_counts(FIRST)["staff"] == 3


def test_rows_of_another_discom_are_not_removed_with_the_missing_ones(two_discoms):
    facts = {"level": "discom", "name": "F", "address": "", "phone": "", "constituted": False}
    given(Forum(code="F1", office_code="PVVNL", **facts), Forum(code="F2", office_code="DVVNL", **facts))

    applied("forums", remove_missing=True)

    assert [one.code for one in rows(Forum)] == ["F2"]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("staff", f"N1,New,billing_clerk,{SUBDIVISION},,,"),
        ("staff", CLERK.replace("billing_clerk", "ee")),
        ("staff", CLERK.replace("-D1-S2", "-D1")),
        ("staff", CLERK.replace("9800000001", "9800000002")),
        ("staff", CLERK.replace(",,", ",c1@example.in,")),
        ("limits", "sdo,,placeholder,"),
        ("limits", "sdo,25000.01,placeholder,"),
        ("limits", "ee,1.00,placeholder,"),
        ("limits", "sdo,25000.00,placeholder,51"),
        ("offices", "PVVNL-Z06-C1,PVVNL-Z07,circle,Circle,मंडल,,"),
        ("offices", "PVVNL-Z06-C1,PVVNL-Z06,circle,Circle,मंडल,98119 99999,"),
        ("offices", "PVVNL-Z06-C1,PVVNL-Z06,circle,Circle,मंडल,,new@example.in"),
        ("forums", "F1,circle,PVVNL-Z06-C1,Forum,,98119 99999,,no"),
        ("self_bills", "PVVNL,yes,5,kWh,LMV-1U,MU,20,3,placeholder"),
        ("compensation", "PVVNL,*,50.00,,0,calendar,order,आदेश,no,yes"),
    ],
)
def test_a_change_that_gives_rights_waits_until_a_second_administrator_confirms(two_discoms, table, line):
    given(
        Office(
            code="PVVNL-Z07", parent_code="PVVNL", level="zone", name="Z", name_hi="Z", path="PVVNL/PVVNL-Z07"
        )
    )
    before = written(table)

    pending = applied(table, line)

    assert (pending.change_id, written(table)) == (None, before)
    decided(pending)
    assert written(table) != before


@pytest.mark.parametrize(("switch", "waits"), [("yes", True), ("no", False)])
def test_a_rule_by_which_consumers_pay_is_switched_on_by_two(two_discoms, monkeypatch, switch, waits):
    columns = ",interim_rule,interim_months,interim_source,interim_source_hi,interim_on"
    monkeypatch.setitem(HEADS, "offices", HEADS["offices"] + columns)

    done = applied("offices", f"PVVNL,,discom,Office PVVNL,कार्यालय PVVNL,,,average_paid,6,order,आदेश,{switch}")

    assert (done.change_id is None) is waits


def written(table: str) -> list[tuple[str, ...]]:
    with reading():
        return list(rows_as_file(SECOND, table))


def test_a_leaver_is_out_at_once_and_what_gives_rights_in_the_same_file_waits(two_discoms):
    log_in("C1")

    pending = applied("staff", f"{CLERK}2026-11-24", f"N1,New,ee,{SUBDIVISION},,,")

    assert (employee("C1").left_on, employee("N1"), rows(SignedIn)) == (date(2026, 11, 24), None, [])
    assert None not in (pending.change_id, pending.pending_id)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("limits", "sdo,100.00,placeholder,"),
        ("limits", "sdo,25000.00,placeholder,10"),
        ("staff", CLERK.replace("9800000001", "")),
    ],
)
def test_a_limit_is_lowered_and_a_mobile_emptied_at_once(two_discoms, table, line):
    assert applied(table, line).pending_id is None


def test_a_former_employee_returns_only_with_a_second_administrator(two_discoms):
    applied("staff", f"{CLERK}2026-11-24")

    assert applied("staff", CLERK).change_id is None


def test_undoing_a_departure_is_pending_as_well(two_discoms):
    done = applied("staff", f"{CLERK}2026-11-24").change_id or 0

    pending = undo(FIRST, "staff", done)

    assert (pending.change_id, employee("C1").left_on) == (None, date(2026, 11, 24))
    decided(pending)
    assert (employee("C1").left_on, history(FIRST, "staff")[1].undone_by) == (
        None,
        history(FIRST, "staff")[0].id,
    )


def test_no_one_undoes_a_change_of_their_own_row(two_discoms):
    given(Staff(employee_id="A3", name="A3", role="admin", office_code="PVVNL"))
    done = decided(applied("staff", "A2,A2,admin,PVVNL,9800000003,,"), actor=Actor(Role.ADMIN, "A3", "PVVNL"))

    with pytest.raises(RowsRefused, match="own_row"):
        undo(SECOND, "staff", done or 0)


@pytest.mark.parametrize(
    ("actor", "error"),
    [(FIRST, Forbidden), (STRANGER, NotFound), (Actor(Role.ADMIN, "C1", SUBDIVISION), NotFound)],
)
def test_neither_the_maker_nor_another_discom_nor_another_post_confirms(two_discoms, actor, error):
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")
    fingerprint = pending_view(SECOND, pending.pending_id or 0).row.fingerprint

    with pytest.raises(error):
        decide(actor, pending.pending_id or 0, PendingDecision.CONFIRM, fingerprint)
    assert employee("N1") is None


def test_whose_own_row_is_in_it_does_not_confirm(two_discoms):
    pending = applied("staff", f"A2,A2,ee,{SUBDIVISION},,,")

    with pytest.raises(Forbidden, match="own_row_in_it"):
        decided(pending)


def test_limits_of_all_discoms_are_confirmed_by_a_second_administrator_of_any(two_discoms):
    assert decided(applied("limits", "sdo,,placeholder,"), actor=STRANGER) is not None


def test_what_was_not_shown_is_not_confirmed(two_discoms):
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")

    with pytest.raises(Outdated, match="not_what_was_shown"):
        decide(SECOND, pending.pending_id or 0, PendingDecision.CONFIRM, "0" * 64)


def test_a_table_that_changed_in_the_meantime_is_reported_with_what_it_says_now(two_discoms):
    pending = applied("staff", CLERK.replace("billing_clerk", "ee"))
    applied("staff", CLERK.replace("Chetan", "Chetna"))

    with pytest.raises(Outdated):
        decided(pending)
    [row] = pending_view(SECOND, pending.pending_id or 0).newer
    assert row.cells == (("name", "Chetan Das", "Chetna Das"),)


def test_after_seven_days_it_is_too_late_and_later_it_is_gone(two_discoms, frozen_clock, app):
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")
    frozen_clock.advance(days=WAITS_FOR_SECOND.days)

    with pytest.raises(Outdated, match="already_decided"):
        decided(pending)
    frozen_clock.advance(days=31)
    clean_up(app.extensions["wss"].gateways.documents)
    assert rows(PendingChange) == []


def test_a_proposal_of_a_former_administrator_can_only_be_refused(two_discoms):
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")
    applied("staff", "A1,A1,admin,PVVNL,,,2026-11-24", actor=SECOND)

    with pytest.raises(Forbidden, match="maker_left"):
        decided(pending)
    assert decided(pending, PendingDecision.REFUSE) is None


def test_the_maker_withdraws_and_no_one_else(two_discoms):
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")

    with pytest.raises(Forbidden):
        decided(pending, PendingDecision.WITHDRAW)
    decided(pending, PendingDecision.WITHDRAW, actor=FIRST)
    assert (pending_for(SECOND), employee("N1")) == ([], None)


def test_an_administrator_who_was_just_sent_away_changes_nothing(two_discoms):
    upload = seen("staff", "A1,A1,admin,PVVNL,,,2026-11-24", actor=SECOND).upload_id or ""
    applied("staff", "A2,A2,admin,PVVNL,,,2026-11-24")

    with pytest.raises(NotFound):
        confirm(SECOND, "staff", upload)
    assert employee("A1").left_on is None


def test_of_two_who_confirm_at_once_one_does(two_discoms, frozen_clock):
    given(Staff(employee_id="A3", name="A3", role="admin", office_code="PVVNL"))
    pending = applied("staff", f"N1,New,ee,{SUBDIVISION},,,")

    def confirms(employee_id: str) -> int | None:
        try:
            with clock.frozen_at(frozen_clock.now):
                return decided(pending, actor=Actor(Role.ADMIN, employee_id, "PVVNL"))
        except Outdated:
            return None

    with ThreadPoolExecutor(6) as pool:
        done = [number for number in pool.map(confirms, ["A2", "A3"] * 3) if number]

    assert (len(done), len(rows(ReferenceChange))) == (1, 1)


def test_another_role_or_office_ends_sessions_and_their_step_up(two_discoms):
    log_in("C1")

    decided(applied("staff", CLERK.replace("billing_clerk", "ee")))

    assert rows(SignedIn) == []


@pytest.mark.parametrize(
    ("line", "left"), [(CLERK.replace("billing_clerk", "sdo"), 0), (CLERK.replace("Chetan", "Chetna"), 1)]
)
def test_a_transfer_by_the_command_line_ends_sessions_without_a_second_administrator(
    two_discoms, tmp_path, line, left
):
    log_in("C1")
    path = tmp_path / "staff.csv"
    path.write_text(f"{HEADS['staff']}\n{line}\n", encoding="utf-8")

    assert import_extract(ImportOrder("staff", path)).changed == 1

    assert len(rows(SignedIn)) == left


def test_proposal_and_confirmation_are_in_the_audit_trail_and_the_history(two_discoms):
    number = decided(applied("staff", CLERK.replace("billing_clerk", "ee")))

    assert [(one.deed, one.actor_id) for one in rows(AuditEntry)] == [
        ("propose_table_change", "A1"),
        ("confirmed_table_change", "A2"),
        ("change_table", "A2"),
    ]
    [line] = history(FIRST, "staff")
    assert (line.id, line.employee_id, line.confirmed_by) == (number, "A1", "A2")


def test_a_text_that_protects_a_login_is_pending_and_any_other_is_valid_at_once(two_discoms):
    code = 'sign_in_otp,en,sms,"{#otp#} is your OTP. Reference {#reference_no#} -UPPCL"'
    closed = 'closed,en,sms,"Complaint {#complaint_no#} is closed. -UPPCL"'

    pending = applied("texts", code, closed)

    assert [row.notice for row in rows(MessageText)] == ["closed"]
    decided(pending)
    assert {row.notice for row in rows(MessageText)} == {"closed", "sign_in_otp"}
