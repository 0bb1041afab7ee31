"""The words for the levels of offices, several together."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.routing import Level

LEVEL: dict[str, LazyString] = {
    Level.DISCOM: _l("Discoms"),
    Level.ZONE: _l("Zones"),
    Level.CIRCLE: _l("Circles"),
    Level.DIVISION: _l("Divisions"),
    Level.SUBDIVISION: _l("Sub-divisions"),
}


def level_words(level: str) -> LazyString | str:
    """Return the offices of a level in words."""
    return LEVEL.get(level, level)
