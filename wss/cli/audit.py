"""`flask audit verify`: checks the audit trail entry by entry."""

import re

import click
from flask.cli import with_appcontext

from wss.domain.audit_chain import ChainFault, ChainFaultKind, ChainHead
from wss.services.operations import audit_chain
from wss.services.operations.audit_chain import AuditTrailState

LISTED = 1_000
_NOTED = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_FAULT_TEXTS = {
    ChainFaultKind.MISSING: "Missing: {place}.",
    ChainFaultKind.CHANGED: "Changed: {place}.",
    ChainFaultKind.INSERTED: "Inserted outside the chain: {place}.",
    ChainFaultKind.CUT_OFF: "Removed from the end: {place}.",
    ChainFaultKind.NOT_AS_NOTED: "Differs from the recorded head: {place}.",
    ChainFaultKind.NO_HEAD: "The head of the chain is missing.",
}


@click.group("audit")
def audit_commands() -> None:
    """Audit trail."""


@audit_commands.command("verify")
@click.option(
    "--noted",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A head of the chain that was printed earlier; the chain must still contain it. May be repeated.",
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
        raise click.ClickException(f"The audit trail has been altered: {faults} faults.")
    click.echo("The audit trail is intact.")


def _head(text: str) -> ChainHead:
    found = _NOTED.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter("expected the printed form NUMBER:HASH", param_hint="--noted")
    return ChainHead(int(found[1]), found[2])


def _words(wrong: ChainFault) -> str:
    place = (
        f"entry {wrong.number}" if wrong.last <= wrong.number else f"entries {wrong.number} to {wrong.last}"
    )
    row = f" (row {wrong.entry_id})" if wrong.entry_id is not None else ""
    return _FAULT_TEXTS[wrong.fault].format(place=place + row)


def _print_state(trail: AuditTrailState) -> None:
    click.echo(f"Chained entries: {trail.end.number}")
    click.echo(f"Not chained yet: {trail.unchained}")
    if trail.overdue:
        click.echo(
            f"Of these, older than an hour: {trail.overdue}. Check the worker; if it runs, they were inserted later."
        )
    if trail.end.number:
        click.echo(f"Head of the chain, to be recorded elsewhere: {trail.end.number}:{trail.end.chain}")
