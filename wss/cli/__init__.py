"""The commands of the house: `flask --app app …`."""

from flask import Flask

from wss.cli.audit import audit_commands
from wss.cli.database import database_commands
from wss.cli.demo import demo_commands
from wss.cli.escalate import escalate_command
from wss.cli.importing import import_command
from wss.cli.mis import mis_commands
from wss.cli.outbox import outbox_commands
from wss.cli.staff import staff_commands
from wss.cli.texts import texts_command


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (
        import_command,
        demo_commands,
        database_commands,
        outbox_commands,
        escalate_command,
        mis_commands,
        audit_commands,
        staff_commands,
        texts_command,
    ):
        app.cli.add_command(command)
    if app.extensions["wss"].config.is_development:
        from wss.cli.dev import dev_commands

        app.cli.add_command(dev_commands)
