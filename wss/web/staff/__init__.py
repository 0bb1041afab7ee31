"""Login of staff: password, second factor, and account security."""

from wss.web.staff import security, views
from wss.web.staff.blueprint import staff

__all__ = ["security", "staff", "views"]
