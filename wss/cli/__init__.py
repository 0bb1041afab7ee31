"""The commands of the project: `flask --app app …`."""

import copy
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from wss import start_checks
from wss.start_checks import DataUse

# The module and the name of each command.
_COMMANDS = {
    "db": ("database", "database_commands"),
    "doctor": ("doctor", "doctor_command"),
    "import": ("imports", "import_command"),
    "demo": ("demo", "demo_commands"),
    "outbox": ("outbox", "outbox_commands"),
    "escalate": ("escalate", "escalate_command"),
    "mis": ("mis", "mis_commands"),
    "audit": ("audit", "audit_commands"),
    "backup": ("backup", "backup_command"),
    "documents": ("backup", "documents_commands"),
    "restore": ("backup", "restore_command"),
    "secret": ("secret", "secret_commands"),
    "staff": ("staff", "staff_commands"),
    "texts": ("texts", "texts_command"),
}
_DEVELOPMENT_COMMANDS = {"dev": ("dev", "dev_commands")}
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


class SiteCommands(AppGroup):
    """The commands of the site: the module of one is loaded when it is asked for, which web processes never do."""

    def __init__(self, app: Flask, places: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(app.name)
        self._app, self._places = app, places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*self._places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its checks."""
        if cmd_name in self._places and cmd_name not in self.commands:
            module, name = self._places[cmd_name]
            command = getattr(import_module(f"wss.cli.{module}"), name)
            self.add_command(_with_check(command, self._app, cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)


def register(app: Flask) -> None:
    """Register the commands of the application."""
    is_development = app.extensions["wss"].config.is_development
    app.cli = SiteCommands(app, _COMMANDS | (_DEVELOPMENT_COMMANDS if is_development else {}))


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
