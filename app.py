"""The site as a WSGI object, and `python app.py`: one command that sets up, fills in demo data and serves."""

import logging
import os
import sys

from flask import Flask

from wss import create_app, schema
from wss.config import Config, ConfigError
from wss.file_permissions import remove_rights_of_others
from wss.logs.log_lines import configure_logs


def main() -> int:
    """Serve a development site on this machine; returns the exit status."""
    from wss.serve import serve

    os.environ.setdefault("WSS_ENV", "development")
    return serve()


def site() -> Flask:
    """The site for a server; of `flask` commands each says for itself what it needs (wss/cli)."""
    os.umask(0o077)
    config = Config.from_env()
    is_served = "run" in sys.argv or not os.environ.get("FLASK_RUN_FROM_CLI")
    configure_logs(config, "web" if is_served else "command")
    remove_rights_of_others(config)
    refusals = config.refusals() if is_served else []
    if refusals:
        raise ConfigError("; ".join(refusals))
    for warning in config.warnings():
        logging.getLogger("wss").warning("%s", warning)
    made = create_app(config)
    if is_served and not config.is_development and not schema.is_current(made.extensions["wss"].database):
        raise ConfigError("the database is not migrated: run `flask --app app db upgrade`")
    # A server may fork from here: two processes must never read answers from one connection.
    made.extensions["wss"].database.dispose()
    return made


if __name__ == "__main__":
    sys.exit(main())

app = site()
