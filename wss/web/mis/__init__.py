"""The room of the figures: what is open, late and solved, per office."""

from wss.web.mis.room import mis

__all__ = ["mis"]
