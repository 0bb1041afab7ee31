"""Staff at the door: password, second factor, and what keeps an account safe."""

from wss.web.staff import security, views
from wss.web.staff.blueprint import staff

__all__ = ["security", "staff", "views"]
