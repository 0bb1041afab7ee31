"""`flask audit verify`: checks the audit trail entry by entry."""

import re

import click
from flask.cli import with_appcontext

from wss.domain.audit_chain import ChainFault, ChainFaultKind, ChainHead
from wss.services.operations import audit_chain
from wss.services.operations.audit_chain import AuditTrailState

LISTED = 1_000
_NOTED = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_SAID = {
    ChainFaultKind.MISSING: "Missing: {place}.",
    ChainFaultKind.CHANGED: "Changed: {place}.",
    ChainFaultKind.INSERTED: "Put in beside the chain: {place}.",
    ChainFaultKind.CUT_OFF: "Cut off at the end: {place}.",
    ChainFaultKind.NOT_AS_NOTED: "Not as it was noted: {place}.",
    ChainFaultKind.NO_HEAD: "The end of the chain is not kept any more.",
}


@click.group("audit")
def audit_commands() -> None:
    """Audit trail."""


@audit_commands.command("verify")
@click.option(
    "--noted",
    multiple=True,
    metavar="NUMBER:HASH",
    help="An end of the chain as it was printed earlier; the trail must still lead through it. May be repeated.",
)
@with_appcontext
def verify(noted: tuple[str, ...]) -> None:
    """Check every entry; print what was changed, removed or inserted, and exit with 1 if anything was."""
    faults = 0
    for one in audit_chain.verify([_head(text) for text in noted]):
        if isinstance(one, AuditTrailState):
            _print_state(one)
            continue
        faults += 1
        if faults <= LISTED:
            click.echo(_words(one))
    if faults:
        raise click.ClickException(f"The audit trail is not as it was written: {faults} places differ.")
    click.echo("The audit trail is as it was written.")


def _head(text: str) -> ChainHead:
    found = _NOTED.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter("give it as it was printed: NUMBER:HASH", param_hint="--noted")
    return ChainHead(int(found[1]), found[2])


def _words(wrong: ChainFault) -> str:
    place = (
        f"entry {wrong.number}" if wrong.last <= wrong.number else f"entries {wrong.number} to {wrong.last}"
    )
    row = f" (row {wrong.entry_id})" if wrong.entry_id is not None else ""
    return _SAID[wrong.fault].format(place=place + row)


def _print_state(trail: AuditTrailState) -> None:
    click.echo(f"Entries in the chain: {trail.end.number}")
    click.echo(f"Not in it yet: {trail.loose}")
    if trail.overdue:
        click.echo(
            f"Of these, older than an hour: {trail.overdue}. Does the worker run? Otherwise they were put in later."
        )
    if trail.end.number:
        click.echo(f"The end, to be noted elsewhere: {trail.end.number}:{trail.end.chain}")
