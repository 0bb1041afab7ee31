"""The pages of the MIS figures: what is pending, late and resolved, per office."""

from wss.web.mis import exports, owed_sums, views
from wss.web.mis.blueprint import mis

__all__ = ["exports", "mis", "owed_sums", "views"]
