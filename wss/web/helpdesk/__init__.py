"""The pages of the helpdesk 1912: calls, requests on behalf of callers, and the supervisor's page."""

from wss.web.helpdesk import (
    call_actions,
    call_backs,
    calls,
    desk,
    draft_handler,
    explained_bills,
    requests,
    supervisor,
)
from wss.web.helpdesk.blueprint import helpdesk

__all__ = [
    "call_actions",
    "call_backs",
    "calls",
    "desk",
    "draft_handler",
    "explained_bills",
    "helpdesk",
    "requests",
    "supervisor",
]
