"""`flask --app app dev gateway`: gateways on this machine for trying messages. Only in development."""

import hashlib
import hmac
import signal
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext


@click.group("dev")
def dev_commands() -> None:
    """Parts for trying."""


@dev_commands.command("gateway")
@click.option(
    "--port", default=5001, show_default=True, type=click.IntRange(0, 65535), help="SMS and the page."
)
@click.option("--smtp-port", default=5025, show_default=True, type=click.IntRange(0, 65535), help="E-mail.")
@click.option("--slow", default=3.0, show_default=True, help="Seconds that the mood slow takes to answer.")
@click.option("--receipts-after", default=1.0, show_default=True, help="Seconds until receipts are told.")
@click.option("--settings", is_flag=True, help="Only print the settings of a site that sends to here.")
@with_appcontext
def gateway(port: int, smtp_port: int, slow: float, receipts_after: float, settings: bool) -> None:
    """Take SMS and e-mail on this machine, show them on a page, and misbehave when told to there."""
    # Here, as only this command needs an SMTP server.
    from devtools.fake_gateway.server import FakeGateway, FakeGatewaySettings, export_lines, settings_of

    wishes = FakeGatewaySettings(_secret("token"), _secret("callback"), port, smtp_port, slow, receipts_after)
    if settings:
        click.echo(export_lines(settings_of(wishes)))
        return
    try:
        opened = FakeGateway(wishes)
    except OSError as taken:
        raise click.ClickException(f"port {port} or {smtp_port} cannot be had: {taken.strerror}") from taken
    click.echo(f"What arrives, and moods: {opened.url}")
    click.echo("A site that sends to here has these settings:")
    click.echo(export_lines(opened.settings))
    _serve_until_stopped(opened)


def _serve_until_stopped(opened: Any) -> None:
    """Serve until the terminal or the system says that it is enough."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=opened.serve, name="gateway", daemon=True).start()
    stop.wait()
    opened.close()


def _secret(what: str) -> str:
    """The same at each start, and another on each machine: it follows from the site's own secret."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"gateway for trying: {what}".encode(), hashlib.sha256).hexdigest()
