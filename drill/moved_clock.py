"""The site with its own clock (`wss.clock`) ahead by the seconds that a file says; for a drill, in development only.

The clock of the machine belongs to every program on it. This moves what the site's code sees, not the database.
"""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from app import app
from drill.clock_file import VARIABLE
from wss import clock

_PATH = Path(os.environ[VARIABLE])


class MovedDatetime(datetime):
    """The class of dates whose present is moved."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the present moment, moved."""
        return datetime.now(tz) + timedelta(seconds=float(_PATH.read_text(encoding="ascii")))


if not app.extensions["wss"].config.is_development:
    raise SystemExit("the clock of a site in production is not moved")
clock.datetime = MovedDatetime  # type: ignore[attr-defined]
