"""`flask outbox deliver`: the worker."""

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from wss.cli.rounds import work
from wss.services.housekeeping import keep_house
from wss.services.mobile_change import change_due_mobiles


@click.group("outbox")
def outbox_commands() -> None:
    """Messages that wait to be sent."""


@outbox_commands.command("deliver")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def deliver(once: bool) -> None:
    """Send messages and clean up, until told to stop."""
    parts = current_app.extensions["wss"]
    if once:
        click.echo(f"Messages tried: {parts.outbox.deliver_due()}")
        keep_house(parts.gateways)
        change_due_mobiles()
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    work(parts.outbox, parts.gateways, stop)
