"""Tables that were edited in a spreadsheet program: no known value is lost, and doubtful ones are listed before."""

import csv
import io

import pytest
from sqlalchemy import update

from tests.factories import given, sign_in_staff
from tests.fixtures.complaint_handling import rows
from tests.fixtures.packaged_tables import FOLDER
from tests.web.test_admin_pages import make_change, upload
from wss.db import transaction
from wss.models import Holiday, Office, Staff
from wss.services.reference.imports import ImportOrder, import_extract

NOTHING_NEW = "The table already has all of this"


@pytest.fixture
def administrator(visitor, frozen_clock):
    """Return an administrator who has just given a code; all offices and holidays exist."""
    for table in ("offices", "holidays"):
        assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written
    given(Staff(employee_id="A1", name="Ajay Pal", role="admin", office_code="DVVNL"))
    sign_in_staff(visitor, "A1", stepped_up=True)
    visitor.get("/admin?lang=en")
    return visitor


def downloaded(administrator, table):
    return administrator.client.get(f"/admin/{table}.csv").data.decode("utf-8-sig")


def test_dates_as_a_spreadsheet_in_india_saves_them_change_nothing(administrator):
    lines = downloaded(administrator, "holidays").splitlines()
    saved = [f"{line[8:10]}-{line[5:7]}-{line[:4]}{line[10:]},," for line in lines[1:]]

    page = upload(administrator, "holidays", "\r\n".join([f"{lines[0]},,", *saved, ",,,,"]))

    assert (page.status, NOTHING_NEW in page.text) == (422, True)


def test_telephones_that_a_spreadsheet_damaged_are_named_and_stay(administrator):
    rows = rows_of(downloaded(administrator, "offices"))
    phones = {row["phone"] for row in rows[:2]}
    rows[0]["phone"], rows[1]["phone"] = "5.22E+09", rows[1]["phone"].removeprefix("0")

    page = upload(administrator, "offices", file_of(rows))

    assert all(f": {phone})" in page.text or f"read as {phone})" in page.text for phone in phones)
    assert NOTHING_NEW in page.text


def without_telephones(administrator):
    return file_of([{**row, "phone": ""} for row in rows_of(downloaded(administrator, "offices"))])


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


def file_of(rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def test_a_file_that_would_empty_a_column_needs_a_tick(administrator):
    uploaded = upload(administrator, "offices", without_telephones(administrator))

    page = make_change(administrator, uploaded)

    assert (page.status, "Tick this box" in page.text) == (422, True)
    assert all(office.phone for office in rows(Office))


def test_with_the_tick_it_is_changed(administrator):
    uploaded = upload(administrator, "offices", without_telephones(administrator))
    preview = administrator.get(uploaded.location)
    upload_id = uploaded.location.rpartition("/")[2]

    administrator.send(preview, at="", form="/admin/offices", confirm=upload_id, accept_losses="1")

    assert not any(office.phone for office in rows(Office) if office.path.startswith("DVVNL"))


def test_a_table_in_another_encoding_is_read(administrator):
    text = "date,name,name_hi\n26-01-2028,Republic Day,गणतंत्र दिवस\n".replace(",", "\t")

    make_change(administrator, upload(administrator, "holidays", text.encode("utf-16")))

    assert "गणतंत्र दिवस" in {one.name_hi for one in rows(Holiday) if one.day.year == 2028}


def test_a_telephone_from_before_the_rule_stays_when_its_row_changes(administrator):
    with transaction() as session:
        session.execute(update(Office).where(Office.code == "DVVNL").values(phone="ask at the gate"))
    text = downloaded(administrator, "offices").replace("दक्षिणांचल", "दक्षिण")

    make_change(administrator, upload(administrator, "offices", text))

    [office] = [one for one in rows(Office) if one.code == "DVVNL"]
    assert ("दक्षिण " in office.name_hi, office.phone) == (True, "ask at the gate")
