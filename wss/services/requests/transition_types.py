"""The requested action on a service request, and its result."""

from collections.abc import Sequence
from dataclasses import dataclass

from wss.domain.lifecycle import Action, Resolution, Status
from wss.domain.uploads import ReadyDocument, RefusedDocument


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """An action with its parameters, and the version of the request that the actor saw.

    `change_paise` is by how much proposed figures change the bills; figures like those that
    were drawn for a check by the EE are `sampled`. A `quiet` action appears on the timeline only:
    of several at once the consumer gets one message. `call_id` names the call on which a consumer gave the action.
    `suggestion`: what the step makes of a sure suggestion, as `SuggestionOutcome`; empty without one.
    """

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
    suggestion: str = ""
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The request's new status and version, its successor after a third refusal, the documents, and the action as
    which the request was counted."""

    status: Status
    version: int
    following: str | None = None
    kept: Sequence[ReadyDocument] = ()
    refused: Sequence[RefusedDocument] = ()
    action: Action | None = None
