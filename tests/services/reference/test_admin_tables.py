"""Changes of reference tables by an administrator: previewed, all or nothing, with a history, and reversible."""

from datetime import date

import pytest

from tests.factories import given, offices
from tests.fixtures.complaint_handling import rows
from tests.fixtures.packaged_tables import FOLDER
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound, Outdated, RuleBroken
from wss.domain.extracts import RowRefused
from wss.domain.notices import NOTICES
from wss.gateways.message_texts import message_of
from wss.models import (
    AuditEntry,
    EscalationStep,
    Holiday,
    MessageText,
    Office,
    Reason,
    ReferenceChange,
    ReferenceUpload,
    Staff,
)
from wss.queries import admin_tables as queries
from wss.queries.reference import reference
from wss.services.operations.housekeeping import clean_up
from wss.services.reference.admin_tables import ProposedTable, confirm, rows_as_file, undo, upload_table
from wss.services.reference.pending_changes import PendingDecision, decide, pending_view
from wss.services.reference.row_checks import RowFinding
from wss.services.reference.table_changes import TableChangeResult

DISCOM = "PVVNL"
ADMIN = Actor(Role.ADMIN, "A1", DISCOM)
OFFICES_HEAD = "code,parent_code,level,name,name_hi,phone,email"
STAFF_HEAD = "employee_id,name,role,office_code,mobile,email,left_on\n"
REASONS = "code,name,name_hi\nwrong_reading,Wrong reading,गलत रीडिंग\nother,Other,अन्य\n"


@pytest.fixture
def tables(database, frozen_clock):
    """Insert an office, its administrator, a reason and two holidays."""
    given(*offices(), Staff(employee_id="A1", name="Ajay Pal", role="admin", office_code=DISCOM))
    given(
        Reason(code="other", name="Other", name_hi="अन्य"),
        Holiday(day=date(2026, 11, 30), name="Fair", name_hi="मेला"),
        Holiday(day=date(2026, 12, 25), name="Christmas", name_hi="क्रिसमस"),
    )


def uploaded(table: str, text: str, **options: bool) -> ProposedTable:
    return upload_table(ADMIN, table, text.encode(), **{"remove_missing": False, **options})


def changed(table: str, text: str, **options: bool) -> int:
    """Upload a file and confirm the change."""
    seen = uploaded(table, text, **options)
    assert seen.upload_id is not None
    number = confirm(ADMIN, table, seen.upload_id).change_id
    assert number is not None
    return number


def confirmed(applied: TableChangeResult, second: str = "A2") -> int | None:
    """Let a second administrator confirm the pending change."""
    actor = Actor(Role.ADMIN, second, DISCOM)
    seen = pending_view(actor, applied.pending_id or 0)
    return decide(actor, seen.row.id, PendingDecision.CONFIRM, seen.row.fingerprint)


def test_looking_at_a_file_changes_nothing(tables):
    seen = uploaded("reasons", REASONS)

    assert seen.difference.new == [("wrong_reading", "Wrong reading", "गलत रीडिंग")]
    assert (seen.difference.unchanged, len(rows(Reason))) == (1, 1)


def test_a_changed_cell_is_shown_with_its_old_value(tables):
    seen = uploaded("reasons", "code,name,name_hi\nother,Something else,अन्य\n")

    [row] = seen.difference.changed(("code", "name", "name_hi"))
    assert (row.key, row.cells) == (("other",), (("name", "Other", "Something else"),))


def test_confirming_makes_the_change_and_notifies_every_process(tables):
    with reading():
        before = reference().version

    changed("reasons", REASONS)

    with reading():
        assert reference().reasons["wrong_reading"].name_hi == "गलत रीडिंग"
        assert reference().version > before


def test_a_file_with_a_bad_row_cannot_be_confirmed(tables):
    seen = uploaded("reasons", REASONS + "no name,x,y\n,a,b\n")

    assert seen.upload_id is None
    assert [(one.line, one.column, one.code) for one in seen.outcome.refusals] == [
        (4, "code", "blank_in_code"),
        (5, "code", "missing"),
    ]


def test_a_file_that_changes_nothing_needs_no_confirmation(tables):
    assert uploaded("reasons", "code,name,name_hi\nother,Other,अन्य\n").upload_id is None


@pytest.mark.parametrize(
    ("again", "actor", "table"),
    [
        (False, Actor(Role.ADMIN, "A2", DISCOM), "reasons"),
        (True, ADMIN, "reasons"),
        (False, ADMIN, "holidays"),
    ],
    ids=["by another administrator", "once more", "for another table"],
)
def test_a_file_is_confirmed_once_for_its_table_by_who_uploaded_it(tables, again, actor, table):
    upload_id = uploaded("reasons", REASONS).upload_id or ""
    if again:
        confirm(ADMIN, "reasons", upload_id)

    with pytest.raises(NotFound):
        confirm(actor, table, upload_id)


def test_changes_between_preview_and_confirmation_are_counted_again(tables):
    first, second = uploaded("reasons", REASONS), uploaded("reasons", REASONS)
    confirm(ADMIN, "reasons", first.upload_id or "")

    assert confirm(ADMIN, "reasons", second.upload_id or "") == TableChangeResult()


@pytest.mark.parametrize(
    ("remove_missing", "left"),
    [(False, {date(2026, 11, 30), date(2026, 12, 25)}), (True, {date(2026, 12, 25)})],
)
def test_rows_that_the_file_lacks_go_only_when_that_is_asked_for(tables, remove_missing, left):
    text = "date,name,name_hi\n2026-12-25,Big day,क्रिसमस\n"

    changed("holidays", text, remove_missing=remove_missing)

    assert {one.day for one in rows(Holiday)} == left


def test_reasons_never_go_as_old_requests_name_them(tables):
    seen = uploaded("reasons", "code,name,name_hi\nnew,New,नया\n", remove_missing=True)

    assert seen.difference.removed == []


def test_a_change_can_be_undone(tables):
    number = changed("holidays", "date,name,name_hi\n2026-12-25,Big day,बड़ा दिन\n", remove_missing=True)

    undo(ADMIN, "holidays", number)

    assert {one.day: one.name for one in rows(Holiday)} == {
        date(2026, 11, 30): "Fair",
        date(2026, 12, 25): "Christmas",
    }


def test_a_change_is_undone_once(tables):
    number = changed("holidays", "date,name,name_hi\n2026-12-25,Big day,बड़ा दिन\n")
    undo(ADMIN, "holidays", number)

    with pytest.raises(Outdated):
        undo(ADMIN, "holidays", number)


def test_what_changed_again_since_is_not_undone(tables):
    number = changed("holidays", "date,name,name_hi\n2026-12-25,Big day,बड़ा दिन\n")
    changed("holidays", "date,name,name_hi\n2026-12-25,Christmas Day,बड़ा दिन\n")

    with pytest.raises(Outdated):
        undo(ADMIN, "holidays", number)


def test_new_reasons_stay_as_requests_may_name_them(tables):
    number = changed("reasons", REASONS)

    with pytest.raises(RuleBroken, match="new_rows_stay"):
        undo(ADMIN, "reasons", number)


def test_the_history_says_who_and_when(tables, frozen_clock):
    changed("reasons", REASONS)

    with reading():
        [line] = queries.history_of("reasons")
    assert (line.employee_id, line.employee_name, line.at) == ("A1", "Ajay Pal", frozen_clock.now)


def test_a_change_is_in_the_audit_trail(tables):
    number = changed("reasons", REASONS)

    assert [(one.deed, one.subject, one.actor_id, one.details) for one in rows(AuditEntry)] == [
        ("change_table", "table:reasons", "A1", {"change": number})
    ]


def test_administrators_cannot_remove_themselves_so_that_one_is_left(tables):
    seen = uploaded("staff", f"{STAFF_HEAD}A1,Ajay Pal,admin,PVVNL,,,2026-11-01\n")

    assert (seen.upload_id, seen.outcome.refusals) == (None, [RowFinding(2, "employee_id", "own_row", "A1")])


def test_an_office_that_moves_takes_its_path_along(tables):
    given(Staff(employee_id="A2", name="Asha Rao", role="admin", office_code=DISCOM))
    text = f"{OFFICES_HEAD}\nPVVNL-Z07,PVVNL,zone,Zone,क्षेत्र,,\nPVVNL-Z06-C1,PVVNL-Z07,circle,Circle,मंडल,,\n"

    confirmed(confirm(ADMIN, "offices", uploaded("offices", text).upload_id or ""))

    paths = {one.code: one.path for one in rows(Office)}
    assert paths["PVVNL-Z06-C1-D1"] == "PVVNL/PVVNL-Z07/PVVNL-Z06-C1/PVVNL-Z06-C1-D1"


def test_a_table_is_written_out_as_it_is_taken_in(tables):
    changed(
        "escalation",
        "kind,level,role,office_level,working_hours,source_note\n*,1,sdo,subdivision,40,placeholder\n",
    )

    with reading():
        text = "\n".join(",".join(cells) for cells in rows_as_file(ADMIN, "escalation"))
    assert uploaded("escalation", text).difference.is_empty
    assert len(rows(EscalationStep)) == 1


def test_the_texts_are_written_out_whole(tables):
    with reading():
        written = list(rows_as_file(ADMIN, "texts"))

    assert {cells[0] for cells in written[1:]} == set(NOTICES)
    assert written[0] == ("notice", "language", "part", "text", "template_id")


def a_text(text: str) -> str:
    return f'notice,language,part,text\nclosed,en,sms,"{text}"\n'


def test_a_text_of_ones_own_goes_out(tables):
    changed("texts", a_text("Your complaint {#complaint_no#} is closed."))

    with reading():
        own = reference().texts
    assert message_of("closed", "sms", "en", {"complaint_no": "1"}, own).text == "Your complaint 1 is closed."


def test_a_file_in_another_encoding_is_refused(tables):
    with pytest.raises(RowRefused, match="not_text"):
        upload_table(ADMIN, "reasons", "code,name,name_hi\nx,é,y\n".encode("latin-1"), remove_missing=False)


def test_a_file_for_a_table_of_the_billing_system_is_refused(tables):
    with pytest.raises(NotFound):
        upload_table(ADMIN, "bills", b"", remove_missing=False)


def test_an_unconfirmed_file_is_discarded(tables, frozen_clock, app):
    uploaded("reasons", REASONS)
    frozen_clock.advance(days=2)

    clean_up(app.extensions["wss"].gateways.documents)

    assert rows(ReferenceUpload) == []


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("offices", f"{OFFICES_HEAD}\nPVVNL/Z06,,discom,Meerut,मेरठ,,\n"),
        ("offices", f"{OFFICES_HEAD}\n*,,discom,Meerut,मेरठ,,\n"),
        ("catalogue", (FOLDER / "catalogue.csv").read_text(encoding="utf-8").replace("BILL_CORRECTION", "*")),
    ],
    ids=["an office with a slash", "an office with a star", "a kind with a star"],
)
def test_no_code_has_a_sign_that_paths_or_sums_use(tables, table, text):
    seen = uploaded(table, text)

    assert [(one.column, one.code) for one in seen.outcome.refusals] == [("code", "sign_in_code")]


def own_text() -> str:
    values = {name: f"{{#{name}#}}" for name in ("complaint_no", "reopen_by")}
    return message_of("closed", "sms", "en", values).text


def registered(part: str = "sms", text: str = "", template_id: str = "1107161234567890123") -> str:
    return f'notice,language,part,text,template_id\nclosed,en,{part},"{text or own_text()}",{template_id}\n'


def test_a_packaged_text_is_kept_when_it_is_registered_under_an_id(tables):
    changed("texts", registered())

    with reading():
        assert reference().template_ids == {("closed", "en", "sms"): "1107161234567890123"}


def test_a_file_without_ids_leaves_them_as_they_are(tables):
    changed("texts", registered())

    changed("texts", a_text("Complaint {#complaint_no#} is closed now."))

    assert [row.template_id for row in rows(MessageText)] == ["1107161234567890123"]


@pytest.mark.parametrize(
    ("other", "packaged"),
    [
        (a_text("Your complaint {#complaint_no#} is closed."), a_text(own_text())),
        (registered(), registered(template_id="")),
    ],
    ids=["the text is restored", "the ID is emptied"],
)
def test_the_packaged_text_without_an_id_ends_the_other(tables, other, packaged):
    changed("texts", other)

    changed("texts", packaged)

    assert rows(MessageText) == []


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        (a_text("It is closed."), "text", "other_values"),
        (registered("subject", "WSS: {#complaint_no#}"), "template_id", "only_for_sms"),
    ],
    ids=["a value is left out", "an ID of an e-mail"],
)
def test_a_text_that_cannot_be_sent_is_refused(tables, text, column, code):
    [refusal] = uploaded("texts", text).outcome.refusals

    assert (refusal.column, refusal.code) == (column, code)


def test_ids_are_exported_and_undone(tables):
    number = changed("texts", registered())
    with reading():
        [line] = [cells for cells in rows_as_file(ADMIN, "texts") if cells[:3] == ("closed", "en", "sms")]
    undo(ADMIN, "texts", number)

    assert line == ("closed", "en", "sms", own_text(), "1107161234567890123")
    assert rows(MessageText) == []


def test_a_change_from_before_there_were_ids_is_undone(tables):
    number = changed("texts", a_text("Complaint {#complaint_no#} is closed now."))
    with transaction() as session:
        change = session.get(ReferenceChange, number)
        change.rows_after = [cells[:4] for cells in change.rows_after]

    undo(ADMIN, "texts", number)

    assert rows(MessageText) == []
