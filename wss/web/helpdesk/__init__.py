"""The room of the help-desk 1912: calls, requests on behalf of callers, and the supervisor's page."""

from wss.web.helpdesk import acting, calls, desk, keeping, requests, supervisor
from wss.web.helpdesk.room import helpdesk

__all__ = ["acting", "calls", "desk", "helpdesk", "keeping", "requests", "supervisor"]
