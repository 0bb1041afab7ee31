"""`flask --app app dev gateway`: starts the fake gateways of devtools, which are not part of the product."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

_PROJECT = Path(__file__).resolve().parents[2]


@click.group("dev")
def dev_commands() -> None:
    """Commands for development."""


@dev_commands.command("gateway", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def gateway(options: tuple[str, ...]) -> None:
    """Start a fake SMS gateway and mail server on this machine; --help lists the options."""
    if not (_PROJECT / "devtools").is_dir() or find_spec("aiosmtpd") is None:
        raise click.ClickException(
            "the fake gateways are not installed here: they need the project's folder devtools/ and the packages of "
            "requirements-dev.txt (.venv/bin/pip install --require-hashes -r requirements-dev.txt)"
        )
    # Replaces this process, so that signals reach the program.
    os.chdir(_PROJECT)
    os.execv(sys.executable, [sys.executable, "-m", "devtools.fake_gateway", *options])  # noqa: S606  no shell is meant
