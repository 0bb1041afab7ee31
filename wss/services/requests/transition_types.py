"""What somebody wants done to a request, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wss.domain.lifecycle import Action, Resolution, Status
from wss.domain.uploads import ReadyDocument, RefusedDocument


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """What somebody wants done: the action with what it needs, and the version of the request that they saw.
    `change_paise` is by how much proposed figures change the bills. A `quiet` move is told on the timeline alone: of
    several at once the consumer hears by one message. What a consumer tells the help-desk names the call."""

    action: Action
    remark: str = ""
    resolution: Resolution | None = None
    office_code: str | None = None
    assignee_id: str | None = None
    version: int | None = None
    rating: int | None = None
    documents: Sequence[ReadyDocument] = ()
    quiet: bool = False
    call_id: int | None = None
    change_paise: int | None = None


@dataclass(frozen=True, slots=True)
class ActionResult:
    """Where the request stands now, the request that follows a third refusal, the documents, and as what action the
    move has been counted."""

    status: Status
    version: int
    following: str | None = None
    kept: Sequence[ReadyDocument] = ()
    refused: Sequence[RefusedDocument] = ()
    action: Action | None = None
