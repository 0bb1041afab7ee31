"""`flask --app app escalate`: runs only the escalation."""

import logging
import signal
import threading

import click
from flask.cli import with_appcontext

from wss.cli.worker import HOUSEKEEPING_EVERY_S
from wss.domain.worker_duties import Duty
from wss.logs.outages import note_failure, note_success
from wss.services.operations.worker_duties import DutyRunner
from wss.services.requests.escalation import escalate_due

log = logging.getLogger(__name__)


@click.command("escalate")
@click.option("--once", is_flag=True, help="Escalate what is due, then exit.")
@with_appcontext
def escalate_command(once: bool) -> None:
    """Escalate requests that were not settled in time, until stopped."""
    stop = threading.Event()
    if not once:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
    duties = DutyRunner()
    while not stop.is_set():
        try:
            click.echo(f"Requests escalated: {duties.run(Duty.ESCALATE, escalate_due)}")
            note_success(log, "escalation")
        except Exception as error:
            if once:
                raise
            # The next round may succeed.
            note_failure(log, "escalation", error)
        if once:
            return
        stop.wait(HOUSEKEEPING_EVERY_S)
    duties.flush()
