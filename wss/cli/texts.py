"""`flask --app app texts`: the texts that have to be registered with the operators (TRAI DLT)."""

import csv
import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext

from wss.db import reading
from wss.domain.sms import SmsTemplate, parts
from wss.gateways.message_texts import sms_templates
from wss.queries.reference import reference

COLUMNS = (
    "notice",
    "language",
    "part",
    "header",
    "entity_id",
    "template_id",
    "text",
    "parts",
    "percent_variable",
)
# Those of the extract `texts`.
IMPORT_COLUMNS = ("notice", "language", "part", "text", "template_id")
Row = tuple[str, ...]


@click.command("texts")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option(
    "--for-import",
    "for_import",
    is_flag=True,
    help="Print CSV for `import texts`: the registered ids are filled in there.",
)
@with_appcontext
def texts_command(as_csv: bool, for_import: bool) -> None:
    """Print the text of every SMS as it is to be registered, with its parts and its variable share."""
    if for_import:
        csv.writer(sys.stdout).writerows([IMPORT_COLUMNS, *_rows_for_import()])
        return
    rows = list(_rows())
    if as_csv:
        csv.writer(sys.stdout).writerows([COLUMNS, *rows])
        return
    for notice, language, part, header, _entity, template_id, text, count, percent in rows:
        known = f"id {template_id}" if template_id else "no id yet"
        about = "" if part == "sms" else " (request)"
        click.echo(
            f"{notice}.{language}{about}  header {header}, {known}, parts: {count}, variable: {percent} %"
        )
        click.echo(f"    {text}")
    missing = sum(not row[5] for row in rows)
    if missing:
        click.echo(
            f"{missing} of {len(rows)} have no id yet: fill in `template_id` in what "
            "`flask --app app texts --for-import` prints, and store it with `flask --app app import texts FILE`, "
            "or at /admin.",
            err=True,
        )


def _rows() -> Iterator[Row]:
    config = current_app.extensions["wss"].config
    with reading():
        tables = reference()
    for template in sms_templates(config.public_url, tables.texts):
        template_id = tables.template_ids.get(template.key, "")
        yield (
            *template.key,
            config.sms_sender,
            config.sms_entity_id,
            template_id,
            template.tagged,
            *measures(template),
        )


def _rows_for_import() -> Iterator[Row]:
    """Yield the texts with their ids as the extract has them, with names of values instead of tags."""
    with reading():
        tables = reference()
    for template in sms_templates(instead=tables.texts):
        yield (*template.key, template.text, tables.template_ids.get(template.key, ""))


def measures(template: SmsTemplate) -> tuple[str, str]:
    """Return how many parts a text has at its longest, and how many percent of it are variable then."""
    return str(len(parts(template.longest))), f"{float(template.share * 100):.0f}"
