"""Imports lose no known values: unreadable cells, damaged columns, and numbers that are removed from the record."""

import csv
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.factories import PASSWORD, a_consumer, given
from tests.fixtures.registration import ANOTHER_MOBILE, a_visitor, messages, otp_sent_to, step_one, step_two
from wss.db import reading
from wss.domain.extracts.losses import CHANGED, LOST, MONTH_FIRST, REFORMATTED, SHIFTED
from wss.domain.ownership import FORMER_MOBILE_PROTECTS, KnowledgeFacts
from wss.models import Connection
from wss.queries.consumers import connection_row
from wss.services.claims.claims import ClaimOutcome, begin_claim, prove_claim
from wss.services.operations.housekeeping import clean_up
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.registration.activation import ActivationOutcome, verify_code
from wss.services.registration.added_connections import AddedConnectionOutcome, begin_join, prove_join

FOLDER = Path(__file__).parents[2] / "extracts"
TABLES = ("offices", "tariff", "connections", "bills")


@pytest.fixture
def extracts(database, frozen_clock, tmp_path):
    """Import thirty connections with their bills and return a folder with their files."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "extracts"))
    for table in TABLES:
        assert import_extract(ImportOrder(table, folder / f"{table}.csv")).written
    return folder


def rows_of(table):
    with (FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def imported(folder, table, change, only=None, **options):
    """Import the rows of a table, each changed by a function; `only` limits the number of rows."""
    rows = rows_of(table)[:only]
    before = [dict(row) for row in rows]
    for at, row in enumerate(rows):
        row.update(change(SimpleNamespace(row=row, at=at, above=before[at - 1])))
    path = folder / f"changed-{table}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return import_extract(ImportOrder(table, path, **options))


def mobile_as(shape):
    """Return a change that writes each known mobile in another shape."""
    return lambda one: {"mobile": shape(one.row["mobile"]) if one.row["mobile"] else ""}


def above(one):
    return {"mobile": one.above["mobile"]}


def mobiles():
    with reading() as session:
        statement = select(Connection.account_no, Connection.mobile_on_record)
        return dict(map(tuple, session.execute(statement)))


def known_mobiles():
    return {row["account_no"]: row["mobile"] or None for row in rows_of("connections")}


def found(outcome):
    return [(loss.column, loss.code) for loss in outcome.losses]


def first_with_mobile():
    return next(row for row in rows_of("connections") if row["mobile"])


def test_a_mobile_that_cannot_be_read_leaves_the_known_one(extracts):
    cells = ("#REF!", "NULL", "9.8E+09", "05222267000", "9800O0000l")
    outcomes = [
        imported(extracts, "connections", lambda _, cell=cell: {"mobile": cell}, only=1) for cell in cells
    ]

    results = {(one.unchanged, *one.warnings[0][:2], one.warnings[0].kept) for one in outcomes}
    assert mobiles() == known_mobiles()
    assert results == {(1, 2, "mobile", "••••••••" + rows_of("connections")[0]["mobile"][-2:])}


def test_no_optional_cell_that_cannot_be_read_replaces_a_value(extracts):
    cells = [
        ("connections", "meter_no", "#N/A"),
        ("connections", "meter_no", "1.83E+07"),
        ("connections", "address", "#REF!"),
        ("connections", "email", "#VALUE!"),
        ("connections", "multiplying_factor", "NULL"),
        ("bills", "sbm_bill_no", "NULL"),
        ("bills", "paid_amount", "#REF!"),
        ("bills", "paid_on", "nan"),
        ("offices", "phone", "5.22E+09"),
        ("offices", "email", "#NAME?"),
    ]
    for table, column, cell in cells:
        outcome = imported(extracts, table, lambda _, name=column, cell=cell: {name: cell}, only=1)
        assert (column, outcome.written, outcome.changed, outcome.warned) == (column, True, 0, 1)


@pytest.mark.parametrize(
    "options", [{"only": 1}, {"accept_losses": True}], ids=["one row", "losses accepted"]
)
def test_numbers_that_a_spreadsheet_made_decimals_are_read(extracts, options):
    outcome = imported(extracts, "connections", mobile_as("{}.0".format), **options)

    assert (outcome.written, outcome.changed, outcome.warned) == (True, 0, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [(mobile_as("{}.0".format), REFORMATTED), (lambda _: {"mobile": ""}, LOST), (above, SHIFTED)],
    ids=["decimals", "emptied", "shifted"],
)
def test_a_damaged_column_stops_before_anything_is_written(extracts, change, code):
    outcome = imported(extracts, "connections", change)

    assert not outcome.written
    assert ("mobile", code) in found(outcome)
    assert mobiles() == known_mobiles()


@pytest.mark.parametrize("only", [2, 30])
def test_unreadable_numbers_stop_it_as_emptied_ones_do(extracts, only):
    outcome = imported(extracts, "connections", mobile_as(lambda _: "9.8E+09"), only=only)

    [loss] = outcome.losses
    assert (loss.code, loss.many == loss.known, loss.lines[0]) == (LOST, True, 2)


def test_a_column_that_was_sorted_by_itself_stops_it(extracts):
    in_order = sorted(row["mobile"] for row in rows_of("connections")[:9])

    outcome = imported(extracts, "connections", lambda one: {"mobile": in_order[one.at]}, only=9)

    assert ("mobile", SHIFTED) in found(outcome)


@pytest.mark.parametrize(
    ("table", "change", "loss"),
    [
        ("connections", lambda one: {"mobile": f"70000000{one.at:02}"}, ("mobile", CHANGED)),
        ("bills", lambda _: {"sbm_bill_no": ""}, ("sbm_bill_no", LOST)),
    ],
    ids=["many other numbers", "an emptied column of bills"],
)
def test_changes_and_losses_of_optional_columns_stop_a_file(extracts, table, change, loss):
    assert found(imported(extracts, table, change)) == [loss]


def test_some_corrections_of_a_short_file_pass(extracts):
    outcome = imported(extracts, "connections", lambda one: {"mobile": ""} if one.at == 1 else {}, only=3)

    assert (outcome.written, outcome.changed) == (True, 1)


def register(row, mobile):
    """Register a connection with account and bill, and return the outcome."""
    bill = [bill for bill in rows_of("bills") if bill["account_no"] == row["account_no"]][-1]
    step_one(a_visitor(), row["account_no"], bill["bill_no"])
    step_two(a_visitor(), mobile)
    return verify_code(a_visitor(), otp_sent_to(mobile)).outcome


@pytest.mark.parametrize("change", [lambda _: {"mobile": ""}, above], ids=["emptied", "shifted"])
def test_a_removed_number_continues_to_protect_its_connection(extracts, change):
    row = first_with_mobile()
    imported(extracts, "connections", change, accept_losses=True)

    assert register(row, ANOTHER_MOBILE) is ActivationOutcome.HELD
    assert row["mobile"] in [message.recipient for message in messages("not_me")]


def test_a_number_that_has_just_come_on_record_waits_for_the_former_one(extracts):
    row = rows_of("connections")[0]
    imported(extracts, "connections", lambda _: {"mobile": ANOTHER_MOBILE}, only=1)

    assert register(row, ANOTHER_MOBILE) is ActivationOutcome.HELD
    assert [message.recipient for message in messages("not_me")] == [row["mobile"]]


def test_the_number_that_was_emptied_proves_at_once(extracts):
    row = rows_of("connections")[0]
    imported(extracts, "connections", lambda _: {"mobile": ""}, only=1)

    assert register(row, row["mobile"]) is ActivationOutcome.ACTIVE


def test_after_its_days_the_former_number_has_no_say_and_is_dropped(extracts, frozen_clock, app):
    row = rows_of("connections")[0]
    imported(extracts, "connections", lambda _: {"mobile": ""}, only=1)
    frozen_clock.advance(days=FORMER_MOBILE_PROTECTS / timedelta(days=1))

    clean_up(app.extensions["wss"].gateways.documents)

    with reading():
        assert connection_row(row["account_no"]).former_mobile is None
    assert register(row, ANOTHER_MOBILE) is ActivationOutcome.ACTIVE


def test_the_first_number_that_went_is_kept_and_one_that_comes_back_is_not(extracts):
    account_no, was = rows_of("connections")[0]["account_no"], rows_of("connections")[0]["mobile"]
    former = []
    for mobile in ("7000000001", "", "7000000002", was):
        imported(extracts, "connections", lambda _, mobile=mobile: {"mobile": mobile}, only=1)
        with reading():
            former.append(connection_row(account_no).former_mobile)

    assert former == [was, was, was, None]


def test_a_claim_by_a_number_that_has_just_come_on_record_is_decided_by_an_officer(extracts):
    row, bill = rows_of("connections")[0], rows_of("bills")[11]
    register(row, row["mobile"])
    imported(extracts, "connections", lambda _: {"mobile": ANOTHER_MOBILE}, only=1)

    begin_claim(a_visitor("claimant"), KnowledgeFacts(row["account_no"], bill["bill_no"]), None)
    claimed = prove_claim(a_visitor("claimant"), otp_sent_to(ANOTHER_MOBILE, "claim_otp"), PASSWORD)

    assert claimed.outcome is ClaimOutcome.LODGED


def test_dates_with_the_month_first_stop_a_file_although_bad_rows_are_left_out(extracts):
    def month_first(one):
        year, month, day = one.row["connected_on"].split("-")
        return {"connected_on": f"{month}/{day}/{year}"}

    outcome = imported(extracts, "connections", month_first, skip_bad_rows=True)

    assert (outcome.written, found(outcome)) == (False, [("connected_on", MONTH_FIRST)])


def test_a_connection_added_by_a_number_that_has_just_come_on_record_is_held(extracts):
    row, bill = rows_of("connections")[0], rows_of("bills")[11]
    consumer = given(a_consumer(mobile=ANOTHER_MOBILE))
    imported(extracts, "connections", lambda _: {"mobile": ANOTHER_MOBILE}, only=1)

    begin_join(a_visitor(), consumer.id, KnowledgeFacts(row["account_no"], bill["bill_no"]))
    joined = prove_join(a_visitor(), consumer.id, otp_sent_to(ANOTHER_MOBILE, "join_otp"))

    assert joined.outcome is AddedConnectionOutcome.HELD
    assert [message.recipient for message in messages("not_me")] == [row["mobile"]]
