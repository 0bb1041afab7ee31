"""The result of one attempt to send a claimed message, and the row that stores it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wss.clock import now
from wss.domain.delivery import DeliveryState
from wss.gateways.senders import Accepted
from wss.queries import outbox
from wss.queries.outbox import Claimed


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The result of a claimed message: sent (`accepted`), attempted with other changes, or released."""

    message: Claimed
    changes: dict[str, Any]
    accepted: Accepted | None = None
    is_tried: bool = True
    empties: bool = False

    def row(self, at: datetime) -> dict[str, Any]:
        """Return the result as parameters of the statement that stores it."""
        row = {"of": self.message.id, "lease": self.message.leased_until, "empties": self.empties}
        if self.accepted is not None:
            row["at"] = at
            row["gateway"], row["provider_id"] = self.accepted.gateway[:16], self.accepted.provider_id[:64]
            return row
        then = {name: getattr(self.message, name) for name in outbox.SETTLED} | self.changes
        return row | {f"then_{name}": value for name, value in then.items()}


def released(message: Claimed) -> AttemptResult:
    """Return a message to the queue, not attempted."""
    return AttemptResult(message, {"state": DeliveryState.WAITING}, is_tried=False)


def settled(message: Claimed, *, empties: bool = False, **changes: Any) -> AttemptResult:
    """End the delivery of a message with these changes."""
    return AttemptResult(message, {"settled_at": now(), **changes}, empties=empties)
