"""The pages of offices: To-Do, the work page, the request page, pending requests, revised bills."""

from wss.web.officer import (
    actions,
    lists,
    mobile_reveal,
    office_revisions,
    requests,
    revisions,
    work_page,
    work_steps,
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
    "work_page",
    "work_steps",
]
