"""The site as a WSGI object, and `python app.py`: one command that sets up, fills in demo data and serves."""

import json
import logging
import os
import sys

import click
from flask import Flask

from wss import create_app, start_checks
from wss.config import Config, ConfigError
from wss.db import reading
from wss.file_permissions import remove_rights_of_others
from wss.logs.log_lines import configure_logs
from wss.queries.database_state import database_state
from wss.start_checks import DataUse

# Commands of Flask itself, which have no check of their own (wss/cli); the last one only lists the addresses of pages.
_SERVING = {"run", "shell"}
_LISTING = {"routes"}


def main() -> int:
    """Serve a development site on this machine; returns the exit status."""
    from wss.serve import serve

    os.environ.setdefault("WSS_ENV", "development")
    return serve()


def site() -> Flask:
    """The site for a server; `flask` commands check by themselves what they need (wss/cli)."""
    os.umask(0o077)
    config = Config.from_env()
    is_served = not os.environ.get("FLASK_RUN_FROM_CLI") or not _SERVING.isdisjoint(sys.argv)
    configure_logs(config, "web" if is_served else "command")
    refusals = config.refusals() if is_served else []
    if refusals:
        raise ConfigError("; ".join(refusals))
    remove_rights_of_others(config)
    for warning in config.warnings():
        logging.getLogger("wss").warning("%s", warning)
    made = create_app(config, has_pages=is_served or not _LISTING.isdisjoint(sys.argv))
    if is_served:
        _check_data(made)
    # A server may fork from here: two processes must never read answers from one connection.
    made.extensions["wss"].database.dispose()
    return made


def _check_data(made: Flask) -> None:
    refusals = start_checks.refusals(made.extensions["wss"], DataUse.SERVICE)
    if refusals:
        raise ConfigError("; ".join(refusals))
    for warning in start_checks.service_warnings(made.extensions["wss"]):
        logging.getLogger("wss").warning("%s", warning)
    if not made.extensions["wss"].config.is_development:
        with reading():
            # Before a server forks, so that all its processes notice when another database takes its place.
            made.extensions["wss"].database.identity = database_state().identity


def _site_or_sentence() -> Flask:
    """The site; `flask` commands and gunicorn print a refusal as one sentence, without a stack trace."""
    try:
        return site()
    except ConfigError as refused:
        if os.environ.get("FLASK_RUN_FROM_CLI"):
            if {"doctor", "--json"} <= set(sys.argv):
                print(json.dumps([{"check": "settings", "weight": "error", "text": str(refused)}]))
            raise click.ClickException(f"WSS does not start: {refused}") from None
        raise ConfigError(f"WSS does not start: {refused}") from None


if __name__ == "__main__":
    sys.exit(main())

app = _site_or_sentence()
