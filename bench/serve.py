"""`python -m bench.serve PORT PROCESSES`: the site in its own server, with the settings of the environment."""

import sys

from bench.load import HOST
from wss import create_app
from wss.config import Config
from wss.serve import GunicornServer


def main() -> None:
    """Serve until terminated."""
    port, processes = (int(word) for word in sys.argv[1:])
    app = create_app(Config.from_env())
    # The processes that answer are forked: they must not share a connection.
    app.extensions["wss"].database.dispose()
    GunicornServer(app, "", bind=f"{HOST}:{port}", workers=processes).run()


if __name__ == "__main__":
    main()
