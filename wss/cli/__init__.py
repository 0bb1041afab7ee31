"""The commands of the project: `flask --app app …`."""

import copy
from typing import Any

import click
from flask import Flask

from wss import start_checks
from wss.cli.audit import audit_commands
from wss.cli.backup import backup_command, documents_commands, restore_command
from wss.cli.database import database_commands
from wss.cli.demo import demo_commands
from wss.cli.doctor import doctor_command
from wss.cli.escalate import escalate_command
from wss.cli.imports import import_command
from wss.cli.mis import mis_commands
from wss.cli.outbox import outbox_commands
from wss.cli.secret import secret_commands
from wss.cli.staff import staff_commands
from wss.cli.texts import texts_command
from wss.start_checks import DataUse

_COMMANDS = (
    database_commands,
    doctor_command,
    import_command,
    demo_commands,
    outbox_commands,
    escalate_command,
    mis_commands,
    audit_commands,
    backup_command,
    documents_commands,
    restore_command,
    secret_commands,
    staff_commands,
    texts_command,
)
# A command that is not listed uses tables. None: the command checks what it needs by itself.
_USES: dict[str, DataUse | None] = {
    "db": DataUse.SET_UP,
    "doctor": None,
    # A backup is made before an upgrade, also with the new code; a restore migrates by itself.
    "backup": DataUse.SET_UP,
    "restore": DataUse.SET_UP,
    "secret": DataUse.SET_UP,
    "outbox deliver": DataUse.SERVICE,
}
_FOR_DEVELOPMENT = {"demo", "dev"}


def register(app: Flask) -> None:
    """Register the commands of the application."""
    for command in _COMMANDS:
        app.cli.add_command(command)
    if app.extensions["wss"].config.is_development:
        from wss.cli.dev import dev_commands

        app.cli.add_command(dev_commands)
    for name, command in app.cli.commands.items():
        app.cli.commands[name] = _with_check(command, app, name)


def _with_check(command: click.Command, app: Flask, words: str) -> click.Command:
    """Return the command with a check of settings and data, and a group with all its commands checked.

    It refuses to run with what the site refuses to serve with, since data written with other keys cannot be read.
    """
    checked = copy.copy(command)
    if isinstance(checked, click.Group):
        checked.commands = {
            name: _with_check(each, app, f"{words} {name}") for name, each in checked.commands.items()
        }
        return checked

    def invoke(ctx: click.Context) -> Any:
        reasons = _refusals(app, words)
        if reasons:
            raise click.ClickException("; ".join(reasons))
        return command.invoke(ctx)

    checked.invoke = invoke  # type: ignore[method-assign]
    return checked


def _refusals(app: Flask, words: str) -> list[str]:
    components, group = app.extensions["wss"], words.split()[0]
    use = _USES.get(words, _USES.get(group, DataUse.TABLES))
    if use is None:
        return []
    reasons = start_checks.refusals(components, DataUse.SET_UP)
    if not reasons and group in _FOR_DEVELOPMENT and not components.config.is_development:
        return ["demo data are a development part: WSS_ENV=development"]
    return reasons or start_checks.refusals(components, use)
