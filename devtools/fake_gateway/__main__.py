"""`python -m devtools.fake_gateway`: start the fake gateways. `flask --app app dev gateway` does the same."""

import hashlib
import hmac
import signal
import threading

import click

from devtools.fake_gateway.server import FakeGateway, FakeGatewaySettings, export_lines, settings_of
from wss.config import Config, development_secret

_PORT = click.IntRange(0, 65535)


@click.command("gateway")
@click.option("--port", default=5001, show_default=True, type=_PORT, help="SMS and the page.")
@click.option("--smtp-port", default=5025, show_default=True, type=_PORT, help="E-mail.")
@click.option("--slow", default=3.0, show_default=True, help="Seconds until an answer in failure mode slow.")
@click.option("--receipts-after", default=1.0, show_default=True, help="Seconds until receipts are sent.")
@click.option(
    "--settings", is_flag=True, help="Only print the settings of a site that sends to these gateways."
)
def main(port: int, smtp_port: int, slow: float, receipts_after: float, settings: bool) -> None:
    """Receive SMS and e-mail on this machine, show them on a page, and simulate failures that are set there."""
    options = FakeGatewaySettings(
        _secret("token"), _secret("callback"), port, smtp_port, slow, receipts_after
    )
    if settings:
        click.echo(export_lines(settings_of(options)))
        return
    try:
        gateway = FakeGateway(options)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on port {port} or {smtp_port}: {error.strerror}"
        ) from error
    click.echo(f"Received messages and failure modes: {gateway.url}")
    click.echo("A site that sends to these gateways has these settings:")
    click.echo(export_lines(gateway.settings))
    _serve_until_stopped(gateway)


def _serve_until_stopped(gateway: FakeGateway) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=gateway.serve, name="gateway", daemon=True).start()
    stop.wait()
    gateway.close()


def _secret(purpose: str) -> str:
    """Return the same secret at each start, another on each machine: derived from the site's own."""
    config = Config.from_env()
    secret = config.secret_key or development_secret(config.instance)
    return hmac.new(secret.encode(), f"fake gateway: {purpose}".encode(), hashlib.sha256).hexdigest()


if __name__ == "__main__":
    main()
