"""`flask mis`: checks the sums of the MIS by a recount, or computes them again."""

import click
from flask.cli import with_appcontext

from wss.services.mis import sums


@click.group("mis")
def mis_commands() -> None:
    """Sums of the MIS."""


@mis_commands.command("check")
@with_appcontext
def check() -> None:
    """Recount everything and print each sum that differs."""
    wrong = sums.check()
    for one in wrong:
        place = f"{one.office_code} {one.measure} {one.kind} {one.day:%Y-%m-%d}"
        click.echo(f"{place}: stored {one.kept}, recounted {one.counted}")
    if wrong:
        more = " or more" if len(wrong) >= sums.LISTED else ""
        raise click.ClickException(f"{len(wrong)}{more} sums differ: run `flask --app app mis rebuild`.")
    click.echo("All sums match the recount.")


@mis_commands.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Compute every sum again from the requests and their timelines."""
    sums.rebuild()
    click.echo("All sums have been recomputed.")
