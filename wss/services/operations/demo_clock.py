"""The clock of a demo: moved ahead for every process together, while everyone stays logged in."""

from datetime import timedelta

from wss import clock
from wss.db import reading, transaction
from wss.domain.errors import NotFound
from wss.queries.installation import clock_ahead, lock_demo_data, set_clock_ahead
from wss.queries.sessions import postpone_sessions


def follow_demo_clock() -> int:
    """Set the clock of this process to that of the demo; return 0, as a duty of the worker with nothing more to do."""
    with reading():
        clock.move_ahead(clock_ahead())
    return 0


def move_demo_clock(span: timedelta) -> None:
    """Move the clock of the demo ahead, with the sessions. Raises NotFound for a site without demo data."""
    with transaction():
        if not lock_demo_data():
            raise NotFound
        ahead = clock_ahead() + span
        set_clock_ahead(ahead)
        postpone_sessions(span)
    clock.move_ahead(ahead)
