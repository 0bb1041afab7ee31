"""`flask doctor`: looks for problems of the installation that must be fixed before the site is opened."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from wss.cli import doctor_connections, doctor_data
from wss.cli.worker_check import worker_findings
from wss.file_permissions import readable_by_others
from wss.start_checks import database_fault


@dataclass(frozen=True)
class CheckResult:
    """A result of a check: `error` must be fixed, `warning` is probably a mistake, `ok` is as it should be."""

    check: str
    weight: str
    text: str


Check = Callable[[Any], Iterator[tuple[str, str]]]


def _settings(parts: Any) -> Iterator[tuple[str, str]]:
    refusals, warnings = parts.config.refusals(), parts.config.warnings()
    yield from (("error", refusal) for refusal in refusals)
    yield from (("warning", warning) for warning in warnings)
    if not refusals and not warnings:
        yield "ok", f"{parts.config.env}, served at {parts.config.public_url}"


def _files(parts: Any) -> Iterator[tuple[str, str]]:
    for path in readable_by_others(parts.config):
        yield "error", f"{path} is open to other users of this machine: chmod go-rwx"


# Each check yields its results; it finds the tables as they are.
CHECKS: dict[str, Check] = {
    "settings": _settings,
    "files": _files,
    "database": doctor_data.check_server,
    "migrations": doctor_data.check_migrations,
    "archive": doctor_data.check_archive,
    "secret": doctor_data.check_secret,
    "rights": doctor_data.check_rights,
    "clock": doctor_data.check_clock,
    "demo data": doctor_data.check_demo_data,
    "documents": doctor_data.check_documents,
    "reference data": doctor_data.check_reference_data,
    "SMS texts": doctor_data.check_sms_texts,
    "extracts": doctor_data.check_extracts,
    "worker": worker_findings,
    "gateways": doctor_connections.check_gateways,
    "site": doctor_connections.check_site,
}
# What comes after one of these in vain: without a server no table is there to be looked at.
_NEEDED_BY = {
    "database": {"migrations", "archive", "rights", "clock"},
    "migrations": {"secret", "demo data", "documents", "reference data", "SMS texts", "extracts", "worker"},
}


def findings(parts: Any) -> Iterator[CheckResult]:
    """Yield the results of all checks, each as soon as it is known."""
    in_vain: set[str] = set()
    for name, check in CHECKS.items():
        if name in in_vain:
            in_vain |= _NEEDED_BY.get(name, set())
            continue
        for result in _results(name, check, parts):
            if result.weight == "error":
                in_vain |= _NEEDED_BY.get(name, set())
            yield result


def _results(name: str, check: Check, parts: Any) -> Iterator[CheckResult]:
    try:
        for weight, text in check(parts):
            yield CheckResult(name, weight, text)
    except SQLAlchemyError as error:
        yield CheckResult(name, "error", database_fault(error))


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def doctor_command(as_json: bool) -> None:
    """Check settings, database, documents, gateways, tables and worker; exit with 1 when something must be fixed."""
    found = []
    for each in findings(current_app.extensions["wss"]):
        found.append(each)
        if not as_json:
            click.echo(f"{each.weight}: {each.check}: {each.text}")
    counts = {weight: sum(each.weight == weight for each in found) for weight in ("error", "warning")}
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
    else:
        click.echo(f"{len(CHECKS)} checks: {counts['error']} errors, {counts['warning']} warnings.")
    if counts["error"]:
        raise SystemExit(1)
