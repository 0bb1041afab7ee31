"""The pages of offices: To-Do, the request page, pending requests, revised bills."""

from wss.web.officer import (
    actions,
    lists,
    mobile_reveal,
    office_revisions,
    requests,
    revisions,
    saved_filters,
)
from wss.web.officer.blueprint import officer

__all__ = [
    "actions",
    "lists",
    "mobile_reveal",
    "office_revisions",
    "officer",
    "requests",
    "revisions",
    "saved_filters",
]
