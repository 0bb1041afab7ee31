"""The one-command run: secret, tables, demo data, worker and server in one process."""

import logging
import threading

import click
from flask import Flask
from waitress import create_server

from wss import Parts, create_app, schema
from wss.cli.rounds import work
from wss.config import Config, ConfigError
from wss.db import reading
from wss.queries.reference import office_count

HOST = "127.0.0.1"
THREADS = 8


def serve() -> int:
    """Set up what is missing and serve until stopped; returns the exit status."""
    try:
        config = Config.from_env()
    except ConfigError as mistake:
        return _refuse([str(mistake)])
    refusals = config.refusals()
    if refusals:
        return _refuse(refusals)
    config.instance.mkdir(parents=True, exist_ok=True)
    # Its queue fills and empties by the second; that is not news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = create_app(config)
    parts: Parts = app.extensions["wss"]
    prepare(parts)
    worker = threading.Thread(
        target=work,
        args=(parts.outbox, parts.gateways),
        kwargs={"close_on_silence": config.close_on_silence},
        name="worker",
        daemon=True,
    )
    worker.start()
    try:
        _answer(app, config)
    finally:
        parts.outbox.stop.set()
        worker.join(timeout=10)
        parts.database.dispose()
    return 0


def prepare(parts: Parts) -> None:
    """Bring the tables up to date, and fill an empty development site with demo data unless WSS_DEMO=0."""
    if not schema.is_current(parts.database):
        schema.upgrade(parts.database)
    with reading():
        is_empty = office_count() == 0
    if is_empty and parts.config.is_development and parts.config.demo:
        from wss.cli.demo import load_demo
        from wss.cli.demo_staff import give_staff_logins

        click.echo("Loading demo data …")
        load_demo()
        give_staff_logins()


def _answer(app: Flask, config: Config) -> None:
    server = create_server(app, host=HOST, port=config.port, threads=THREADS, ident="")
    click.echo(_welcome(config))
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        server.close()


def _welcome(config: Config) -> str:
    """What whoever started it wants to know."""
    lines = [f"WSS serves on {config.public_url}"]
    if config.is_development:
        lines.append(f"Every SMS and e-mail: {config.public_url}/dev/outbox")
        if config.demo:
            from wss.cli.demo import demo_logins
            from wss.cli.demo_staff import staff_logins

            lines += [*demo_logins(), *staff_logins(config.public_url)]
    return "\n".join(lines)


def _refuse(reasons: list[str]) -> int:
    for reason in reasons:
        click.echo(f"WSS does not start: {reason}", err=True)
    return 2
