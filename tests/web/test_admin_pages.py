"""The administrator's pages: a table is read, downloaded, changed by a file with a preview, and restored."""

import io
import re
from datetime import date

import pytest

from tests.factories import given, offices, sign_in_staff
from tests.fixtures.complaint_handling import rows
from wss.db import reading
from wss.models import Holiday, Reason, Staff
from wss.queries import admin_tables as queries

REASONS = "code,name,name_hi\nwrong_reading,Wrong reading,गलत रीडिंग\nother,Other,अन्य\n"


@pytest.fixture
def administrator(visitor, frozen_clock):
    """Return an administrator who has just given a code."""
    given(*offices(), Staff(employee_id="A1", name="Ajay Pal", role="admin", office_code="PVVNL"))
    given(
        Reason(code="other", name="Other", name_hi="अन्य"),
        Holiday(day=date(2026, 12, 25), name="Christmas", name_hi="क्रिसमस"),
    )
    sign_in_staff(visitor, "A1", stepped_up=True)
    return visitor


def upload(visitor, table, text, **fields):
    file = (io.BytesIO(text if isinstance(text, bytes) else text.encode()), f"{table}.csv")
    return visitor.fill(f"/admin/{table}", form=f"/admin/{table}", file=file, **fields)


def make_change(visitor, uploaded):
    """Press the button below the preview of a file."""
    preview = visitor.get(uploaded.location)
    table = uploaded.location.split("/")[2]
    return visitor.send(preview, at="", form=f"/admin/{table}", confirm=uploaded.location.rpartition("/")[2])


def undo_last(visitor, table, language="hi"):
    with reading():
        [line, *_] = queries.history_of(table)
    page = visitor.get(f"/admin/{table}?lang={language}")
    return visitor.send(page, at="", form=f"/admin/{table}/undo", change=str(line.id))


def test_every_table_is_listed_with_its_rows(administrator):
    page = administrator.get("/admin?lang=en")

    assert {"/admin/texts", "/admin/holidays", "/admin/staff", "/admin/tariff"} <= set(page.links)
    assert "Texts of messages" in page.text
    assert re.search("[1-9][0-9]+, of which changed: 0 ", page.text)


def test_a_file_is_shown_before_it_changes_anything(administrator):
    page = upload(administrator, "reasons", REASONS)

    assert page.status == 303
    assert "गलत रीडिंग" in administrator.get(page.location).text
    assert len(rows(Reason)) == 1


def test_every_bad_row_is_reported_with_line_and_column(administrator):
    page = upload(administrator, "reasons", REASONS + "no name,x,y\n,a,b\n")

    assert page.status == 422
    assert "code: कोड में ख़ाली जगह नहीं होती" in page.text
    assert "पंक्ति 5" in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe\xfd", "This is not a CSV file"),
        (b"code,name\na,b\n", "The file lacks the column “name_hi” (name in Hindi)."),
    ],
)
def test_what_is_no_such_table_is_said_in_words(administrator, content, words):
    administrator.client.set_cookie("wss_language", "en")

    assert words in upload(administrator, "reasons", content).text


def test_a_missing_file_is_shown_at_the_field(administrator):
    page = administrator.fill("/admin/reasons", form="/admin/reasons")

    assert page.status == 422
    assert "फ़ाइल चुनें" in page.text


def test_without_a_fresh_code_nothing_is_changed(administrator, frozen_clock):
    uploaded = upload(administrator, "reasons", REASONS)
    frozen_clock.advance(minutes=6)

    sent = make_change(administrator, uploaded)

    assert sent.location.startswith("/staff/step-up?next=/admin/reasons/uploads/")
    assert len(rows(Reason)) == 1


def test_a_change_is_undone_from_the_history(administrator):
    make_change(administrator, upload(administrator, "holidays", "date,name,name_hi\n", remove_missing="1"))

    undone = undo_last(administrator, "holidays")

    assert undone.status == 303
    assert [one.name for one in rows(Holiday)] == ["Christmas"]


def test_a_change_that_cannot_be_undone_says_why(administrator):
    make_change(administrator, upload(administrator, "reasons", REASONS))

    page = undo_last(administrator, "reasons", language="en")

    assert page.status == 409
    assert "requests may use them" in page.text


def test_a_download_computes_nothing_in_a_spreadsheet_and_reads_back_as_it_was(administrator):
    given(Reason(code="odd", name='=HYPERLINK("http://x.example")', name_hi="@SUM(1)"))
    text = administrator.client.get("/admin/reasons.csv").data

    assert "'=HYPERLINK" in text.decode() and ",'@SUM(1)" in text.decode()
    assert upload(administrator, "reasons", text).status == 422


def test_the_staff_table_is_downloaded_only_after_a_fresh_code(administrator, frozen_clock):
    frozen_clock.advance(minutes=6)

    assert administrator.get("/admin/staff.csv").location.startswith("/staff/step-up?next=")


@pytest.mark.parametrize("table", ["bills", "connections", "consumer", "nothing"])
def test_other_tables_are_not_there(administrator, table):
    assert administrator.get(f"/admin/{table}").status == 404


LARGE = "99999999999999999999"


def test_a_number_that_no_change_has_is_no_change(administrator):
    token = administrator.get("/admin").form("/staff/logout").fields["csrf_token"][0]

    assert administrator.post("/admin/holidays/undo", {"csrf_token": token, "change": LARGE}).status == 404
    assert administrator.get(f"/admin/holidays?before={LARGE}").status == 200


def test_an_administrator_who_confirms_no_file_is_asked_to_upload_it_again(administrator):
    page = administrator.fill("/admin/holidays", form="/admin/holidays", confirm="x")

    assert page.status == 422 and "फ़ाइल फिर अपलोड करें" in "".join(page.find("file-e").itertext())


def test_an_administrator_who_undoes_nothing_is_led_to_the_history(administrator):
    token = administrator.get("/admin").form("/staff/logout").fields["csrf_token"][0]

    page = administrator.post("/admin/holidays/undo", {"csrf_token": token, "change": "x"})

    assert page.status == 422 and "“वापस लें” दबाएँ" in page.text
    assert "#history" in [link.rpartition("/")[2] for link in page.links]
