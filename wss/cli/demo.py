"""`flask --app app demo load`: synthetic data of any size, the same for the same seed."""

import click
from flask import current_app
from flask.cli import with_appcontext

from wss import schema
from wss.cli.progress_bars import ProgressBars
from wss.db import database, reading
from wss.demo.demo_size import CONNECTIONS, DEMO_LOGINS, REQUESTS, SEED
from wss.queries.demo import logins


@click.group("demo")
def demo_commands() -> None:
    """Demo data."""


@demo_commands.command("load")
@click.option(
    "--connections",
    default=CONNECTIONS,
    show_default=True,
    type=click.IntRange(DEMO_LOGINS),
    help="Number of connections.",
)
@click.option(
    "--requests", default=REQUESTS, show_default=True, type=click.IntRange(0), help="Number of requests."
)
@click.option("--seed", default=SEED, show_default=True, help="Seed of the random numbers.")
@with_appcontext
def load(connections: int, requests: int, seed: int) -> None:
    """Fill an empty database with demo data, the same for the same seed."""
    # Here, as the web processes load the commands, but none of this.
    from wss.cli.demo_loading import USER_NAMES, demo_logins, load_demo
    from wss.demo.login_list import enable_staff_logins, staff_logins
    from wss.services.requests.draft_documents import storage_of

    refusal = schema.refusal(database())
    if refusal:
        raise click.ClickException(refusal)
    with reading():
        if logins(USER_NAMES):
            raise click.ClickException("The database already contains demo data.")
    with ProgressBars() as bars:
        gateways = current_app.extensions["wss"].gateways
        load_demo(connections, requests, seed, bars.update, storage_of(gateways))
    config = current_app.extensions["wss"].config
    if config.is_development:
        enable_staff_logins()
    for line in [*demo_logins(), *staff_logins(config.staff_url or config.public_url)]:
        click.echo(line)
