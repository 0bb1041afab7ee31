"""The commands of the house: `flask --app app …`."""

from flask import Flask

from wss.cli.importing import import_command


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (import_command,):
        app.cli.add_command(command)
