"""The pages for messages that cannot be delivered."""

from wss.web.deliveries import views
from wss.web.deliveries.blueprint import deliveries

__all__ = ["deliveries", "views"]
