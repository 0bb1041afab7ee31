"""`flask outbox deliver`: the worker."""

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from wss.services.housekeeping import keep_house


@click.group("outbox")
def outbox_commands() -> None:
    """Messages that wait to be sent."""


@outbox_commands.command("deliver")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def deliver(once: bool) -> None:
    """Send messages and clean up, until told to stop."""
    worker = current_app.extensions["wss"].worker
    if once:
        click.echo(f"Messages tried: {worker.deliver_due()}")
        keep_house(worker.gateways)
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.run(stop)
