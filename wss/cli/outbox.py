"""`flask outbox deliver`: the worker."""

import signal
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from wss.cli.worker import tidy, work
from wss.logs.log_lines import name_process
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.messages.bounces import LARGEST_MAIL, apply_bounce
from wss.services.revisions.billing_posts import BillingPosts
from wss.services.revisions.triage_updates import update_triage


@click.group("outbox")
def outbox_commands() -> None:
    """Messages that wait to be sent."""


@outbox_commands.command("bounced")
@with_appcontext
def bounced() -> None:
    """Read a bounced e-mail from standard input.

    One that is not about a message of ours is no error, since the mail server would return it again.
    """
    has_changed = apply_bounce(sys.stdin.buffer.read(LARGEST_MAIL))
    click.echo(
        "The bounce was recorded."
        if has_changed
        else "Nothing to record: not a new bounce of a message of this site."
    )


@outbox_commands.command("deliver")
@click.option("--once", is_flag=True, help="Process what is due, then exit.")
@with_appcontext
def deliver(once: bool) -> None:
    """Send messages and clean up, until stopped."""
    name_process("worker")
    parts = current_app.extensions["wss"]
    stop = parts.outbox.stop
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if once:
        # First the daily tasks, so that their messages are sent in the same run.
        tidy(parts.gateways, close_on_silence=parts.config.close_on_silence)
        while send_due_batch() and not stop.is_set():
            pass
        click.echo(f"Messages attempted: {parts.outbox.deliver_due()}")
        posts = BillingPosts(parts.gateways.billing, stop)
        click.echo(f"Revised bills attempted: {posts.deliver_due()}")
        while update_triage():
            pass
        return
    work(parts.outbox, parts.gateways, close_on_silence=parts.config.close_on_silence)
