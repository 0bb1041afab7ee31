"""The site as a WSGI object, and `python app.py`: one command that sets up, fills in demo data and serves."""

import os
import sys

from flask import Flask

from wss import create_app
from wss.config import Config, ConfigError


def main() -> int:
    """Serve a development site on this machine; returns the exit status."""
    from wss.serve import serve

    os.environ.setdefault("WSS_ENV", "development")
    return serve()


def site() -> Flask:
    """The site for a server; the `flask` commands may do with less than it takes to serve people."""
    config = Config.from_env()
    refusals = config.refusals()
    if refusals and not os.environ.get("FLASK_RUN_FROM_CLI"):
        raise ConfigError("; ".join(refusals))
    return create_app(config)


if __name__ == "__main__":
    sys.exit(main())

app = site()
