"""Pages for development, absent in production."""

from wss.web.dev import tour, views
from wss.web.dev.blueprint import dev

__all__ = ["dev", "tour", "views"]
