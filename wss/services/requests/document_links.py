"""Documents sent by the link of an SMS: they are added to the request, and nothing of it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action
from wss.domain.uploads import NothingStored, ReadyDocument, RefusedDocument
from wss.queries.service_requests import RequestRow, lock_request
from wss.services.requests.request_links import DOCUMENTS, request_behind_link
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.shared import links


@dataclass(frozen=True, slots=True)
class DocumentsResult:
    """The documents that were kept, and those that were refused."""

    kept: Sequence[ReadyDocument]
    refused: Sequence[RefusedDocument]


def is_link_valid(token: str) -> bool:
    """Return whether the link is valid: for a week, while the request is open and not disputed."""
    return _behind(token) is not None


def add_documents_by_link(token: str, ready: Sequence[ReadyDocument]) -> DocumentsResult:
    """Add documents whose files are stored already to the request behind the link; NotFound for an invalid link."""
    try:
        moved = _take_step(token, ActionRequest(Action.ADD_DOCUMENT, documents=tuple(ready)))
    except NothingStored as error:
        return DocumentsResult([], error.refused)
    except (Forbidden, Outdated) as error:
        raise NotFound from error
    return DocumentsResult(moved.kept, moved.refused)


def _take_step(token: str, action_request: ActionRequest) -> ActionResult:
    """Add them under a lock: concurrent uploads wait and cause no conflict."""
    with transaction():
        found = _behind(token)
        if found is not None:
            lock_request(found[1].complaint_no)
            found = _behind(token)
        if found is None:
            raise NotFound
        return apply_transition(*found, action_request)


def _behind(token: str) -> tuple[Actor, RequestRow] | None:
    found = request_behind_link(links.peek_link(token, DOCUMENTS))
    return found if found and not found[1].frozen else None
