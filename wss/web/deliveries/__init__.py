"""The room of those who see to messages that do not get out."""

from wss.web.deliveries import views
from wss.web.deliveries.blueprint import deliveries

__all__ = ["deliveries", "views"]
