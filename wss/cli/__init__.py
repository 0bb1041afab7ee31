"""The commands of the house: `flask --app app …`."""

from flask import Flask

from wss.cli.database import database_commands
from wss.cli.demo import demo_commands
from wss.cli.importing import import_command
from wss.cli.mis import mis_commands
from wss.cli.outbox import outbox_commands


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (import_command, demo_commands, database_commands, outbox_commands, mis_commands):
        app.cli.add_command(command)
