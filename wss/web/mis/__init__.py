"""The room of the figures: what is open, late and solved, per office."""

from wss.web.mis import exporting, views
from wss.web.mis.room import mis

__all__ = ["exporting", "mis", "views"]
