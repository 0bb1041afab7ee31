"""`flask --app app staff enrol`: credentials of an employee, printed once."""

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from wss.domain.errors import NotFound
from wss.services.login.staff_credentials import enrol


@click.group("staff")
def staff_commands() -> None:
    """Employees and their credentials."""


@staff_commands.command("enrol")
@click.argument("employee_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def enrol_command(employee_id: str, *, as_json: bool) -> None:
    """Give an employee a first password and an authenticator's secret; former ones and sessions end."""
    try:
        credentials = asdict(enrol(employee_id))
    except NotFound:
        raise click.ClickException(f"No employee {employee_id} is in the table, or they have left.") from None
    if as_json:
        click.echo(json.dumps(credentials))
        return
    click.echo(f"Employee ID: {credentials['employee_id']}")
    click.echo(f"First password, to be changed at the first login: {credentials['password']}")
    click.echo(f"Key for the authenticator app: {credentials['totp_secret']}")
