"""`flask --app app escalate`: runs only the escalation."""

import signal
import threading

import click
from flask.cli import with_appcontext

from wss.cli.worker import HOUSEKEEPING_EVERY_S
from wss.services.requests.escalation import escalate_due


@click.command("escalate")
@click.option("--once", is_flag=True, help="Escalate what is due, then exit.")
@with_appcontext
def escalate_command(once: bool) -> None:
    """Escalate requests that were not settled in time, until stopped."""
    stop = threading.Event()
    if not once:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        click.echo(f"Requests escalated: {escalate_due()}")
        if once:
            return
        stop.wait(HOUSEKEEPING_EVERY_S)
