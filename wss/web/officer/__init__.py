"""The pages of offices: To-Do, the work page, the request page, pending requests, revised bills, the approval queue."""

from wss.web.officer import (
    actions,
    approval_decisions,
    approval_queue,
    batch_approvals,
    clusters,
    explained_bills,
    lists,
    mobile_reveal,
    office_revisions,
    requests,
    revisions,
    saved_filters,
    several,
    work_page,
    work_steps,
)
from wss.web.officer.blueprint import officer

__all__ = [
    "actions",
    "approval_decisions",
    "approval_queue",
    "batch_approvals",
    "clusters",
    "explained_bills",
    "lists",
    "mobile_reveal",
    "office_revisions",
    "officer",
    "requests",
    "revisions",
    "saved_filters",
    "several",
    "work_page",
    "work_steps",
]
