"""The pages of a logged-in consumer."""

from wss.web.consumer import (
    account,
    actions,
    alerts,
    consumption,
    draft_handler,
    held_request,
    my_data,
    new_request,
    petitions,
    settings,
    timeline,
)
from wss.web.consumer.blueprint import consumer

__all__ = [
    "account",
    "actions",
    "alerts",
    "consumer",
    "consumption",
    "draft_handler",
    "held_request",
    "my_data",
    "new_request",
    "petitions",
    "settings",
    "timeline",
]
