"""`python -m bench.serve KIND PORT …`: the site, or a barer application to compare it with, in the site's server."""

import sys
from collections.abc import Callable

from flask import Flask

from bench.load import HOST
from wss.config import Config
from wss.serve import GunicornServer


def constant(*_: str) -> Flask:
    """Return a Flask application that answers every URL with one short string."""
    app = Flask("constant", static_folder=None)

    @app.get("/")
    @app.get("/<path:_path>")
    def answer(_path: str = "") -> str:
        return "ok"

    return app


def site(*_: str) -> Flask:
    """Return the site with the settings of the environment."""
    from wss import create_app

    return create_app(Config.from_env())


def template(address: str, session_id: str) -> Flask:
    """Return a Flask application that renders the template of one page of the site with the same values every time."""
    from bench.bare_application import frozen_page, template_app

    whole = site()
    return template_app(whole, frozen_page(whole, address, session_id))


KINDS: dict[str, Callable[..., Flask]] = {"site": site, "constant": constant, "template": template}


def main() -> None:
    """Serve until terminated."""
    kind, port, *arguments = sys.argv[1:]
    app = KINDS[kind](*arguments)
    if "wss" in app.extensions:
        # The process that answers is forked: it must not share a connection.
        app.extensions["wss"].database.dispose()
    # One process, so that kinds and machines can be compared.
    GunicornServer(app, "", bind=f"{HOST}:{port}", workers=1).run()


if __name__ == "__main__":
    main()
