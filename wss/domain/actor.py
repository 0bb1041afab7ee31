"""Who is asking: a role, an identity and an office, without the web."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Every role that can do something here; the staff roles are those of staff.csv."""

    VISITOR = "visitor"
    CONSUMER = "consumer"
    HELPDESK = "helpdesk"
    HELPDESK_SUPERVISOR = "helpdesk_supervisor"
    BILLING_CLERK = "billing_clerk"
    SDO = "sdo"
    EE = "ee"
    SE = "se"
    CE = "ce"
    HEAD_OFFICE = "head_office"
    ADMIN = "admin"
    SYSTEM = "system"


STAFF_ROLES = frozenset(Role) - {Role.VISITOR, Role.CONSUMER, Role.SYSTEM}

# The posts a request can be with, lowest first; whoever stands further right is senior.
HANDLING_ROLES = (
    Role.BILLING_CLERK,
    Role.SDO,
    Role.EE,
    Role.SE,
    Role.CE,
    Role.HEAD_OFFICE,
)

# Who sees which messages do not get out, and has them sent again.
DELIVERY_ROLES = frozenset({Role.HELPDESK_SUPERVISOR, Role.HEAD_OFFICE, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `id` is the consumer's id or the employee id, empty for a visitor."""

    role: Role
    id: str = ""
    office_code: str = ""

    @property
    def consumer_id(self) -> int | None:
        """The consumer's id, or None for everybody else, also for who is known by a link only."""
        return int(self.id) if self.role is Role.CONSUMER and self.id else None


VISITOR = Actor(Role.VISITOR)
SYSTEM = Actor(Role.SYSTEM, "system")
