"""The actor of a request: a role, an identity and an office, independent of the web."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Every role; the staff roles are those of staff.csv."""

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


@dataclass(frozen=True, slots=True)
class HandlingPost:
    """A post that can hold a request: its rank (1 is the lowest), and its short name in an SMS in both languages."""

    rank: int
    sms_name: str
    sms_name_hi: str

    def sms_name_in(self, language: str) -> str:
        """Return the short name in a language."""
        return self.sms_name_hi if language == "hi" else self.sms_name


# Requests are routed and escalated upwards by rank. The names are short enough that an SMS in Hindi stays one part.
HANDLING_POSTS: dict[Role, HandlingPost] = {
    Role.BILLING_CLERK: HandlingPost(1, "the billing clerk", "बिलिंग लिपिक"),
    Role.SDO: HandlingPost(2, "the SDO", "उपखण्ड अधिकारी"),
    Role.EE: HandlingPost(3, "the executive engineer", "अधिशासी अभियन्ता"),
    Role.SE: HandlingPost(4, "the superintending engineer", "अधीक्षण अभियन्ता"),
    Role.CE: HandlingPost(5, "the chief engineer", "मुख्य अभियन्ता"),
    Role.HEAD_OFFICE: HandlingPost(6, "the head office", "मुख्यालय"),
}
# Lowest rank first.
HANDLING_ROLES = tuple(sorted(HANDLING_POSTS, key=lambda role: HANDLING_POSTS[role].rank))


def rank(role: Role) -> int:
    """Return the rank of a handling post; a greater one is senior."""
    return HANDLING_POSTS[role].rank


# These roles see which messages are not delivered, and resend them.
DELIVERY_ROLES = frozenset({Role.HELPDESK_SUPERVISOR, Role.HEAD_OFFICE, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or system that acts: `id` is the consumer's id or the employee id, empty for a visitor."""

    role: Role
    id: str = ""
    office_code: str = ""

    @property
    def consumer_id(self) -> int | None:
        """Return the consumer's id; None for every other role, and for a consumer who is known by a link only."""
        return int(self.id) if self.role is Role.CONSUMER and self.id else None


VISITOR = Actor(Role.VISITOR)
SYSTEM = Actor(Role.SYSTEM, "system")
