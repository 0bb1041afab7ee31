"""`flask outbox deliver`: the worker."""

import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from wss.cli.worker import retention_periods, tidy, work
from wss.domain.retention import RetentionPeriods
from wss.domain.worker_duties import Duty, error_name
from wss.logs.log_lines import name_process
from wss.services.alerts.due_alerts import send_due_batch
from wss.services.messages.bounces import LARGEST_MAIL, apply_bounce
from wss.services.messages.outbox import Outbox
from wss.services.operations.worker_duties import DutyRunner
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
    keep = retention_periods(parts.config)
    stop = parts.outbox.stop
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if once:
        _deliver_once(parts, keep)
        return
    work(
        parts.outbox,
        parts.gateways,
        close_on_silence=parts.config.close_on_silence,
        keep=keep,
        has_demo_clock=parts.config.has_demo_clock,
    )


def _deliver_once(parts: Any, keep: RetentionPeriods) -> None:
    """Do what is due, whichever duties fail; exit with 1 if one did."""
    stop, duties = parts.outbox.stop, DutyRunner()
    # First the daily tasks, so that their messages are sent in the same run.
    errors = tidy(duties, parts.gateways, close_on_silence=parts.config.close_on_silence, keep=keep)

    def repeat(once: Callable[[], int]) -> None:
        while once() and not stop.is_set():
            pass

    attempted: list[int] = []

    def deliver_all(outbox: Outbox) -> None:
        attempted.append(outbox.deliver_due())

    def post_bills() -> None:
        click.echo(f"Revised bills attempted: {BillingPosts(parts.gateways.billing, stop).deliver_due()}")

    errors |= duties.run_all(
        {
            Duty.SEND_ALERTS: partial(repeat, send_due_batch),
            Duty.DELIVER_MESSAGES: partial(deliver_all, parts.outbox.part(all_but=["email"])),
            Duty.DELIVER_EMAIL: partial(deliver_all, parts.outbox.part(only=["email"])),
            # Those of unknown channels have had their turn with the messages.
            Duty.END_UNDELIVERABLE: lambda: click.echo(f"Messages attempted: {sum(attempted)}"),
            Duty.POST_BILLS: post_bills,
            Duty.UPDATE_TRIAGE: partial(repeat, update_triage),
        }
    )
    if errors:
        failed = ", ".join(f"{duty} ({error_name(error)})" for duty, error in errors.items())
        raise click.ClickException(f"Failed: {failed}. The log has the reasons; all other duties were done.")
