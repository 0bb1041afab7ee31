"""`flask --app app texts`: the texts that have to be registered with the operators."""

import csv
import dataclasses
import io
from typing import Any

from tests.factories import given
from wss.db import transaction
from wss.domain.sms import VARIABLE
from wss.gateways.message_texts import sms_templates
from wss.models import MessageText
from wss.queries.reference import bump_reference_version

SMS = [template.key for template in sms_templates()]


def command_output(app: Any, *options: str) -> Any:
    return app.test_cli_runner().invoke(args=["texts", *options])


def rows(app: Any) -> dict[tuple[str, ...], dict[str, str]]:
    table = csv.DictReader(io.StringIO(command_output(app, "--csv").stdout))
    return {(row["notice"], row["language"], row["part"]): row for row in table}


def registered(text: str) -> None:
    """Insert an administrator's own text for the closing of a complaint, with its template id."""
    given(MessageText(notice="closed", language="en", part="sms", text=text, template_id="1107161"))
    with transaction():
        bump_reference_version()


def test_the_command_lists_every_sms(app: Any):
    assert set(rows(app)) == set(SMS)


def test_a_text_is_listed_with_the_sites_address_and_the_kinds_of_its_variables(app: Any):
    row = rows(app)["resolved", "en", "sms"]

    assert row["text"].count("{#alphanumeric#}") == 3
    assert "http://127.0.0.1:5000/confirm/{#alphanumeric#}" in row["text"]


def test_no_variable_is_left_without_its_kind(app: Any):
    kinds = {kind for row in rows(app).values() for kind in VARIABLE.findall(row["text"])}

    assert kinds == {"numeric", "alphanumeric"}


def test_each_has_its_header_parts_and_share(make_app: Any, settings: Any):
    app = make_app(dataclasses.replace(settings, sms_sender="UPPCLX", sms_entity_id="1201"))

    row = rows(app)["closed", "hi", "sms"]

    assert (row["header"], row["entity_id"], row["parts"], row["percent_variable"]) == (
        "UPPCLX",
        "1201",
        "1",
        "33",
    )


def test_the_valid_text_and_id_are_listed(app: Any):
    registered("Closed: {#complaint_no#}. Write to us if it is not settled -UPPCL")

    row = rows(app)["closed", "en", "sms"]
    assert (row["template_id"], row["text"].split(".")[0]) == ("1107161", "Closed: {#alphanumeric#}")


def test_texts_without_an_id_are_reported_on_stderr(app: Any):
    registered("Closed: {#complaint_no#}. Write to us if it is not settled -UPPCL")

    answer = command_output(app)

    assert "closed.en  header WSSUPC, id 1107161, parts: 1" in answer.stdout
    assert f"{len(SMS) - 1} of {len(SMS)} have no id yet" in answer.stderr


def test_what_is_printed_for_the_import_can_be_imported_with_the_ids_filled_in(app: Any, tmp_path: Any):
    printed = command_output(app, "--for-import").stdout.splitlines()
    file = tmp_path / "texts.csv"
    file.write_text("\n".join([printed[0], *(f"{line}1107161" for line in printed[1:])]), encoding="utf-8")
    imported = app.test_cli_runner().invoke(args=["import", "texts", str(file)])

    assert imported.exit_code == 0, imported.stderr
    assert {row["template_id"] for row in rows(app).values()} == {"1107161"}
