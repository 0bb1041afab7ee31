"""The room of the figures: what is open, late and solved, per office."""

from wss.web.mis import exports, views
from wss.web.mis.blueprint import mis

__all__ = ["exports", "mis", "views"]
