"""The address at which people to whom a consumer sends it read the status of a request."""

from flask import current_app

from wss.queries.service_requests import RequestRow
from wss.services.requests.tracking import shared_path


def share_link(own: RequestRow) -> str:
    """Return the whole address; its page shows status, dates and office only."""
    return f"{current_app.extensions['wss'].config.public_url}{shared_path(own.id)}"
