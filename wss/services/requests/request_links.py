"""Links in the SMS about a request: their purposes, their validity, and the actors who use them."""

from wss.clock import now
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.deadlines import ANSWER_LINK_LIFE, DISPUTE_LINK_LIFE, DOCUMENTS_LINK_LIFE
from wss.domain.errors import NotFound
from wss.domain.lifecycle import OPEN
from wss.queries.service_requests import RequestRow, request_of_link, visible_request
from wss.services.shared import links

ANSWER, DISPUTE, DOCUMENTS = "answer", "dispute", "documents"


def dispute_path(request_id: int) -> str:
    """Return a new link by which the consumer disputes, once, that a request was made for them."""
    return f"/dispute/{links.new_link(DISPUTE, f'request:{request_id}', DISPUTE_LINK_LIFE)}"


def documents_path(request_id: int) -> str:
    """Return a new link by which documents can be sent for a request, without showing it."""
    return f"/d/{links.new_link(DOCUMENTS, f'request:{request_id}', DOCUMENTS_LINK_LIFE)}"


def answer_path(request_id: int) -> str:
    """Return a new link by which an open question is answered once, and documents are sent after the answer."""
    return f"/answer/{links.new_link(ANSWER, f'request:{request_id}', ANSWER_LINK_LIFE)}"


def request_behind_link(subject: str | None) -> tuple[Actor, RequestRow] | None:
    """Return the actor of a link and the request, while that is open and still theirs."""
    request_id = links.row_id_of(subject)
    found = request_of_link(request_id) if request_id is not None else None
    if found is None:
        return None
    complaint_no, consumer_id = found
    asked = Actor(Role.CONSUMER, str(consumer_id) if consumer_id else "")
    try:
        seen = visible_request(asked if consumer_id else SYSTEM, complaint_no, now())
    except NotFound:
        return None
    return (asked, seen) if seen.status in OPEN else None
