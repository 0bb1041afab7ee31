"""The commands of the project: `flask --app app …`."""

import copy
from typing import Any

import click
from flask import Flask

from wss import schema
from wss.cli.audit import audit_commands
from wss.cli.database import database_commands
from wss.cli.demo import demo_commands
from wss.cli.doctor import doctor_command
from wss.cli.escalate import escalate_command
from wss.cli.imports import import_command
from wss.cli.mis import mis_commands
from wss.cli.outbox import outbox_commands
from wss.cli.secret import secret_commands, secret_refusal
from wss.cli.staff import staff_commands
from wss.cli.texts import texts_command

# These run without `_refusals`: they check what they need themselves.
_FOR_SETTING_UP = (database_commands, doctor_command, secret_commands)
_WITH_DATA = (
    import_command,
    demo_commands,
    outbox_commands,
    escalate_command,
    mis_commands,
    audit_commands,
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
    if reasons:
        return reasons
    if command is demo_commands and not parts.config.is_development:
        return ["demo data are a development part: WSS_ENV=development"]
    if not schema.is_current(parts.database):
        # A development site is migrated by its next start.
        is_migrated_later = parts.config.is_development
        return [] if is_migrated_later else ["the database is not migrated: run `flask --app app db upgrade`"]
    refusal = secret_refusal()
    return [refusal] if refusal else []
