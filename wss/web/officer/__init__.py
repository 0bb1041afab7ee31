"""The pages of offices: To-Do, the request page, pending requests, revised bills."""

from wss.web.officer import (
    actions,
    explained_bills,
    lists,
    mobile_reveal,
    office_revisions,
    requests,
    revisions,
)
from wss.web.officer.blueprint import officer

__all__ = [
    "actions",
    "explained_bills",
    "lists",
    "mobile_reveal",
    "office_revisions",
    "officer",
    "requests",
    "revisions",
]
