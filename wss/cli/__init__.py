"""The commands of the project: `flask --app app …`."""

import copy
from typing import Any

import click
from flask import Flask

from wss import schema
from wss.cli.audit import audit_commands
from wss.cli.backup import backup_command, documents_commands, restore_command
from wss.cli.database import database_commands
from wss.cli.demo import demo_commands
from wss.cli.doctor import doctor_command
from wss.cli.escalate import escalate_command
from wss.cli.imports import import_command
from wss.cli.mis import mis_commands
from wss.cli.outbox import outbox_commands
from wss.cli.staff import staff_commands
from wss.cli.texts import texts_command

# These run without `_refusals`: they check what they need themselves.
_FOR_SETTING_UP = (database_commands, doctor_command)
_WITH_DATA = (
    import_command,
    demo_commands,
    outbox_commands,
    escalate_command,
    mis_commands,
    audit_commands,
    backup_command,
    documents_commands,
    restore_command,
    staff_commands,
    texts_command,
)


def register(app: Flask) -> None:
    """Register the commands of the application."""
    for command in _FOR_SETTING_UP:
        app.cli.add_command(command)
    for command in _WITH_DATA:
        app.cli.add_command(_with_settings_check(command, app))
    if app.extensions["wss"].config.is_development:
        from wss.cli.dev import dev_commands

        app.cli.add_command(dev_commands)


def _with_settings_check(command: click.Command, app: Flask) -> click.Command:
    """Return the command with a check of the settings.

    It refuses to run with settings that the site refuses to serve with, since data written with other keys cannot
    be read.
    """
    checked = copy.copy(command)

    def invoke(ctx: click.Context) -> Any:
        reasons = _refusals(app, command)
        if reasons:
            raise click.ClickException("; ".join(reasons))
        return command.invoke(ctx)

    checked.invoke = invoke  # type: ignore[method-assign]
    return checked


def _refusals(app: Flask, command: click.Command) -> list[str]:
    parts = app.extensions["wss"]
    reasons: list[str] = list(parts.config.refusals())
    if parts.config.is_development or reasons:
        return reasons
    if command is demo_commands:
        return ["demo data are a development part: WSS_ENV=development"]
    # A backup is made before an upgrade, also with the new code; a restore migrates by itself.
    if command in (backup_command, restore_command):
        return []
    refusal = schema.refusal(parts.database)
    return [refusal] if refusal else []
