"""The pages of the MIS figures: what is pending, late and resolved, per office."""

from wss.web.mis import exports, month_sheets, officers, owed_sums, request_lists, views
from wss.web.mis.blueprint import mis

__all__ = ["exports", "mis", "month_sheets", "officers", "owed_sums", "request_lists", "views"]
