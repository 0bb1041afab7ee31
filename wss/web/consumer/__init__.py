"""The pages of a logged-in consumer."""

from wss.web.consumer import (
    account,
    actions,
    alerts,
    call_backs,
    consumption,
    draft_handler,
    explained_bills,
    held_request,
    my_data,
    new_request,
    payments,
    petitions,
    self_bills,
    settings,
    timeline,
    tips,
)
from wss.web.consumer.blueprint import consumer

__all__ = [
    "account",
    "actions",
    "alerts",
    "call_backs",
    "consumer",
    "consumption",
    "draft_handler",
    "explained_bills",
    "held_request",
    "my_data",
    "new_request",
    "payments",
    "petitions",
    "self_bills",
    "settings",
    "timeline",
    "tips",
]
