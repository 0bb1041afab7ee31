"""Imports of extracts: two passes, exact counts, and no changes to other rows."""

import csv
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.factories import Household, given, request_row
from wss.db import Base, database, reading, transaction
from wss.domain.extracts import EXTRACTS, RowRefused
from wss.domain.identifiers import complaint_no_from
from wss.models import Bill, Connection, Holiday, KindRow, MessageText, Office, ServiceRequest, TariffRow
from wss.queries.reference import reference
from wss.services.reference import imports
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.reference.row_checks import LISTED

FOLDER = Path(__file__).parents[2] / "extracts"


@pytest.fixture
def extracts(tmp_path):
    """Provide a temporary folder with all extracts in it."""
    return Path(shutil.copytree(FOLDER, tmp_path / "extracts"))


@pytest.fixture
def imported(database, extracts):
    """Import all extracts."""
    for table in EXTRACTS:
        assert import_extract(ImportOrder(table, extracts / f"{table}.csv")).written
    return extracts


def counts(outcome):
    return outcome.new, outcome.changed, outcome.unchanged, outcome.warned, outcome.refused


def refusals(outcome):
    return [(one.line, one.column, one.code) for one in outcome.refusals]


def stored(model, *columns):
    with reading() as session:
        return session.execute(select(*columns or [func.count()]).select_from(model)).all()


def everything():
    """Return every row of every table except the audit trail and the times of imports."""
    with reading() as session:
        return {
            table.name: session.execute(table.select().order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit_entry", "last_import")
        }


def rewrite(path, change):
    """Change a file's rows; the header stays."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *change(rows)])


def test_all_ten_extracts_are_taken_in(imported):
    assert stored(Bill) == [(360,)]
    assert stored(Connection) == [(30,)]
    assert stored(TariffRow) == [(18,)]


def test_an_office_is_below_its_parents(imported):
    assert ("DVVNL/DVVNL-Z01/DVVNL-Z01-C1/DVVNL-Z01-C1-D1/DVVNL-Z01-C1-D1-S1",) in stored(Office, Office.path)


def test_the_kinds_keep_the_order_of_the_file(imported):
    with reading() as session:
        kinds = session.execute(select(KindRow.code).order_by(KindRow.position)).scalars().all()

    assert kinds[:2] == ["BILL_CORRECTION", "PAYMENT_NOT_POSTED"]


def test_the_same_files_twice_change_nothing(imported):
    before = everything()

    for table in EXTRACTS:
        outcome = import_extract(ImportOrder(table, imported / f"{table}.csv"))
        assert (table, outcome.new, outcome.changed, outcome.refused) == (table, 0, 0, 0)
        assert outcome.unchanged > 0
    assert everything() == before


def test_a_known_key_with_other_values_is_an_update(imported):
    rewrite(imported / "connections.csv", lambda rows: [[*rows[0][:3], "New Name", *rows[0][4:]], *rows[1:]])

    outcome = import_extract(ImportOrder("connections", imported / "connections.csv"))

    assert counts(outcome) == (0, 1, 29, 0, 0)
    assert ("New Name",) in stored(Connection, Connection.consumer_name)


def test_new_changed_and_unchanged_rows_of_one_file_are_distinguished(imported):
    rewrite(
        imported / "bills.csv",
        lambda rows: [[*rows[0][:18], "0.00", ""], *rows[1:5], ["NEW1", "", *rows[9][2:]]],
    )

    outcome = import_extract(ImportOrder("bills", imported / "bills.csv"))

    assert counts(outcome) == (1, 1, 4, 0, 0)


@pytest.mark.parametrize(("table", "column"), [("bills", 17), ("connections", 11), ("tariff", 4)])
def test_what_changes_a_suggestion_marks_open_requests_whose_suggestion_follows_from_it(
    imported, table, column
):
    with reading() as session:
        first = session.execute(select(Bill).order_by(Bill.bill_no)).scalars().first()
        home = Household(session.get_one(Connection, first.account_no), [first], None)
    given(request_row(home, complaint_no_from(1_000_000_900), suggested_verdict="not_sure"))
    import_extract(ImportOrder(table, imported / f"{table}.csv"))
    assert stored(ServiceRequest, ServiceRequest.triage_due) == [(False,)]

    rewrite(
        imported / f"{table}.csv", lambda rows: [[*rows[0][:column], "9", *rows[0][column + 1 :]], *rows[1:]]
    )
    import_extract(ImportOrder(table, imported / f"{table}.csv"))

    assert stored(ServiceRequest, ServiceRequest.triage_due) == [(True,)]


def test_a_file_with_a_bad_row_writes_nothing(imported):
    before = everything()

    outcome = import_extract(ImportOrder("connections", imported / "connections-flawed.csv"))

    assert not outcome.written
    assert everything() == before


def test_flawed_connections_are_reported_by_line_column_and_reason(imported):
    outcome = import_extract(ImportOrder("connections", imported / "connections-flawed.csv"))

    assert refusals(outcome) == [
        (2, "account_no", "account_no_length"),
        (3, "subdivision_code", "other_discom"),
        (4, "subdivision_code", "unknown_subdivision"),
        (7, "sanctioned_load_kw", "not_a_number"),
        (8, "consumer_name", "missing"),
        (9, "billing_unit", "unknown_unit"),
        (13, "connected_on", "not_a_date"),
        (14, "category", "unknown_category"),
        (15, "account_no", "twice_in_file"),
    ]
    assert [(one.line, one.code) for one in outcome.warnings] == [(5, "mobile_landline")]


def test_flawed_bills_are_reported_by_line_column_and_reason(imported):
    outcome = import_extract(ImportOrder("bills", imported / "bills-flawed.csv"))

    assert refusals(outcome) == [
        (2, "account_no", "unknown_account"),
        (3, "bill_month", "other_month"),
        (4, "amount", "not_an_amount"),
        (5, "issue_date", "not_a_date"),
        (6, "units", "not_a_whole_number"),
        (7, "bill_basis", "unknown_basis"),
        (8, "amount", "beyond_reason"),
        (9, "sbm_bill_no", "sbm_bill_no_used"),
        (10, "account_no", "other_account"),
        (12, "sbm_bill_no", "twice_in_file"),
        (13, "bill_no", "twice_in_file"),
    ]


def test_bad_rows_can_be_skipped_and_lie_in_a_file_with_their_reason(imported):
    outcome = import_extract(
        ImportOrder("connections", imported / "connections-flawed.csv", skip_bad_rows=True)
    )

    with (imported / "connections-flawed.csv.rejected.csv").open(newline="", encoding="utf-8") as file:
        rejected = list(csv.DictReader(file))
    assert counts(outcome) == (5, 0, 0, 1, 9)
    assert len(rejected) == 9
    assert list(rejected[0])[-1] == "reason"
    assert (rejected[0]["account_no"], rejected[0]["reason"]) == ("12345", "account_no: account_no_length")


def test_rejected_rows_can_be_corrected_and_imported_again(imported):
    import_extract(ImportOrder("bills", imported / "bills-flawed.csv", skip_bad_rows=True))
    rejected = imported / "bills-flawed.csv.rejected.csv"
    rewrite(rejected, lambda rows: [[*rows[4][:8], "5", *rows[4][9:]]])

    outcome = import_extract(ImportOrder("bills", rejected))

    assert counts(outcome) == (1, 0, 0, 0, 0)


def test_names_that_look_like_formulas_or_scripts_are_stored_as_text(imported):
    import_extract(ImportOrder("connections", imported / "connections-flawed.csv", skip_bad_rows=True))

    names = {name for (name,) in stored(Connection, Connection.consumer_name)}
    assert {"=cmd|' /C calc'!A0", "<script>alert(1)</script>"} <= names


def test_an_account_may_move_within_its_discom(imported):
    rewrite(imported / "connections.csv", lambda rows: [[*rows[0][:2], "DVVNL-Z02-C1-D1-S2", *rows[0][3:]]])

    assert counts(import_extract(ImportOrder("connections", imported / "connections.csv"))) == (0, 1, 0, 0, 0)


def test_an_office_below_an_unknown_one_is_refused(imported):
    rewrite(
        imported / "offices.csv",
        lambda rows: [["X", "NO-SUCH", *rows[-1][2:]], ["Y", "DVVNL", *rows[-1][2:]]],
    )

    outcome = import_extract(ImportOrder("offices", imported / "offices.csv"))

    assert refusals(outcome) == [(2, "parent_code", "unknown_office"), (3, "level", "not_below_its_parent")]


def test_an_office_that_moves_takes_along_all_below_it(imported):
    moved = "MVVNL-Z01-C1"
    rewrite(
        imported / "offices.csv",
        lambda rows: [[row[0], "MVVNL-Z02", *row[2:]] for row in rows if row[0] == moved],
    )

    import_extract(ImportOrder("offices", imported / "offices.csv"))

    paths = dict(stored(Office, Office.code, Office.path))
    assert paths["MVVNL-Z01-C1-D1-S1"].startswith("MVVNL/MVVNL-Z02/MVVNL-Z01-C1/")


def test_a_changed_reference_table_is_seen_at_once(imported):
    with reading():
        assert "BILL_CORRECTION" in reference().kinds
    rewrite(imported / "catalogue.csv", lambda rows: [["NEW_KIND", *rows[0][1:]]])

    import_extract(ImportOrder("catalogue", imported / "catalogue.csv"))

    with reading():
        assert list(reference().kinds)[-1] == "NEW_KIND"


def test_a_killed_run_is_finished_by_running_it_again(imported, monkeypatch):
    with transaction() as session:
        session.execute(Bill.__table__.delete())
    monkeypatch.setattr(imports, "BATCH", 50)
    calls = []

    def dies_in_the_fourth_batch(*batch):
        calls.append(batch)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return write_batch(*batch)

    write_batch = imports.write_batch
    monkeypatch.setattr(imports, "write_batch", dies_in_the_fourth_batch)
    with pytest.raises(KeyboardInterrupt):
        import_extract(ImportOrder("bills", imported / "bills.csv"))
    assert stored(Bill) == [(150,)]
    monkeypatch.setattr(imports, "write_batch", write_batch)

    outcome = import_extract(ImportOrder("bills", imported / "bills.csv"))

    assert counts(outcome) == (210, 0, 150, 0, 0)


def test_many_bad_rows_are_counted_and_the_first_listed(imported):
    rewrite(imported / "bills.csv", lambda rows: [[*row[:8], "many", *row[9:]] for row in rows])

    outcome = import_extract(ImportOrder("bills", imported / "bills.csv"))

    assert outcome.refused == 360
    assert len(outcome.refusals) == LISTED


AS_SPREADSHEETS_SAVE = {
    "a mark and other ends of lines": lambda text: (
        b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    ),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without a mark": lambda text: text.encode("utf-16-le"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode("utf-16"),
    "a line that names the sign": lambda text: f"sep=;\r\n{text.replace(',', ';')}".encode(),
    "empty columns and rows": lambda text: text.replace("\n", ",,\n").encode() + b",,,,\n  \n,\n",
    "an empty column in front": lambda text: "".join(f",{line}\n" for line in text.splitlines()).encode(),
}


@pytest.mark.parametrize("save", AS_SPREADSHEETS_SAVE.values(), ids=AS_SPREADSHEETS_SAVE)
def test_a_file_is_read_as_spreadsheets_save_it(imported, save):
    path = imported / "holidays.csv"
    path.write_bytes(save(path.read_text(encoding="utf-8")))

    outcome = import_extract(ImportOrder("holidays", path))

    assert (outcome.unchanged, outcome.refused, outcome.changed) == (len(stored(Holiday, Holiday.day)), 0, 0)


def test_a_cell_beyond_the_last_column_with_a_name_refuses_its_row(imported):
    path = imported / "reasons.csv"
    path.write_text("sep=,\ncode,name,name_hi,,\na,b,c,,d\n", encoding="utf-8")

    assert refusals(import_extract(ImportOrder("reasons", path))) == [(3, "", "wrong_number_of_columns")]


def test_bytes_that_are_no_text_refuse_the_row_only(imported):
    path = imported / "reasons.csv"
    path.write_bytes(b"code,name,name_hi\nx,\xff\xfe,x\n")

    outcome = import_extract(ImportOrder("reasons", path, skip_bad_rows=True))

    assert refusals(outcome) == [(2, "name", "not_text")]
    assert b"\xff\xfe" in (imported / "reasons.csv.rejected.csv").read_bytes()


def test_a_row_over_several_lines_is_named_by_its_first(imported):
    path = imported / "reasons.csv"
    path.write_text('code,name,name_hi\na,"two\nlines",x\n,b,c\n', encoding="utf-8")

    outcome = import_extract(ImportOrder("reasons", path))

    assert refusals(outcome) == [(4, "code", "missing")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code,name\nx,y\n", "column_missing"),
        ("", "empty_file"),
        (" \n,,\n", "empty_file"),
        ("<!DOCTYPE html><html>", "web_page"),
        ("PK\x03\x04", "workbook"),
        ('code,name,name_hi\n"x,y,z\n', "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_as_one_is_refused_whole(database, tmp_path, text, code):
    path = tmp_path / "reasons.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(RowRefused) as caught:
        import_extract(ImportOrder("reasons", path))

    assert caught.value.code.startswith(code)


def test_the_temporary_tables_are_gone_afterwards(imported):
    import_extract(ImportOrder("bills", imported / "bills-flawed.csv"))

    assert counts(import_extract(ImportOrder("bills", imported / "bills.csv"))) == (0, 0, 360, 0, 0)


def test_after_a_stretch_of_writing_others_get_their_turn_where_there_is_one_writer(imported, monkeypatch):
    pauses = []
    monkeypatch.setattr(imports, "WRITE_FOR_S", 0)
    monkeypatch.setattr(imports, "sleep", pauses.append)
    monkeypatch.setattr(imports, "BATCH", 100)

    import_extract(ImportOrder("bills", imported / "bills.csv"))

    assert pauses == [imports.PAUSE_S] * (4 if database().is_sqlite else 0)


def test_a_file_without_an_extra_column_leaves_its_field_alone(database, tmp_path):
    head, pooled = "code,parent_code,level,name,name_hi,phone,email", "DVV,,discom,Dakshin,दक्षिण,,"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(f"{head},pooled\n{pooled},yes\n", encoding="utf-8")
    second.write_text(f"{head}\n{pooled}\nPVV,,discom,Paschim,पश्चिम,,\n", encoding="utf-8")
    import_extract(ImportOrder("offices", first))

    outcome = import_extract(ImportOrder("offices", second))

    assert (outcome.new, outcome.changed, outcome.unchanged) == (1, 0, 1)
    assert dict(map(tuple, stored(Office, Office.code, Office.pooled))) == {"DVV": True, "PVV": False}


def test_a_discom_may_say_whether_silence_closes(database, tmp_path):
    file = tmp_path / "offices.csv"
    rows = ("DVV,,discom,D,द,,,yes", "PVV,,discom,P,प,,,no", "MVV,,discom,M,म,,,")
    file.write_text(
        "code,parent_code,level,name,name_hi,phone,email,close_on_silence\n" + "\n".join(rows),
        encoding="utf-8",
    )

    import_extract(ImportOrder("offices", file))

    choices = dict(map(tuple, stored(Office, Office.code, Office.close_on_silence)))
    assert choices == {"DVV": True, "PVV": False, "MVV": None}


def test_ids_of_texts_come_with_a_file_and_stay_with_one_that_has_none(imported):
    path = imported / "with_ids.csv"
    lines = (imported / "texts.csv").read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},template_id", f"{lines[1]},1107161"]), encoding="utf-8")

    outcomes = [import_extract(ImportOrder("texts", one)) for one in (path, imported / "texts.csv")]

    assert [counts(one)[:3] for one in outcomes] == [(0, 1, 0), (0, 0, 1)]
    assert stored(MessageText, MessageText.template_id) == [("1107161",)]
