"""The room of the offices: To-Do, the request page, pending requests, revised bills."""

from wss.web.officer import acting, lists, requests, revealing
from wss.web.officer.room import officer

__all__ = ["acting", "lists", "officer", "requests", "revealing"]
