"""The site as a WSGI object, and `python app.py`: one command that sets up, fills in demo data and serves."""

import os
import sys

from flask import Flask

from wss import create_app, schema
from wss.config import Config, ConfigError
from wss.db import reading
from wss.file_permissions import remove_rights_of_others
from wss.queries.database_state import database_state


def main() -> int:
    """Serve a development site on this machine; returns the exit status."""
    from wss.serve import serve

    os.environ.setdefault("WSS_ENV", "development")
    return serve()


def site() -> Flask:
    """The site for a server; of `flask` commands each says for itself what it needs (wss/cli)."""
    os.umask(0o077)
    config = Config.from_env()
    remove_rights_of_others(config)
    is_served = "run" in sys.argv or not os.environ.get("FLASK_RUN_FROM_CLI")
    refusals = config.refusals() if is_served else []
    if refusals:
        raise ConfigError("; ".join(refusals))
    for warning in config.warnings():
        print(f"WSS: {warning}", file=sys.stderr)
    made = create_app(config)
    database = made.extensions["wss"].database
    if is_served and not config.is_development:
        if not schema.is_current(database):
            raise ConfigError("the database is not migrated: run `flask --app app db upgrade`")
        with reading():
            # Before a server forks, so that all its processes notice when another database takes its place.
            database.identity = database_state().identity
    # A server may fork from here: two processes must never read answers from one connection.
    database.dispose()
    return made


if __name__ == "__main__":
    sys.exit(main())

app = site()
