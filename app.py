"""The site as a WSGI object, and `python app.py`: one command that sets up, fills in demo data and serves."""

import os
import sys

from wss import create_app


def main() -> int:
    """Serve a development site on this machine; returns the exit status."""
    from wss.serve import serve

    os.environ.setdefault("WSS_ENV", "development")
    return serve()


if __name__ == "__main__":
    sys.exit(main())

app = create_app()
