"""The room of the offices: To-Do, the request page, pending requests, revised bills."""

from wss.web.officer import acting, lists, own_revising, requests, revealing, revising
from wss.web.officer.room import officer

__all__ = ["acting", "lists", "officer", "own_revising", "requests", "revealing", "revising"]
