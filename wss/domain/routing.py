"""Which office and post a request goes to, and which one is next above."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.domain.actor import HANDLING_ROLES, Role, rank


class Level(StrEnum):
    """The floors of the office tree, lowest first."""

    SUBDIVISION = "subdivision"
    DIVISION = "division"
    CIRCLE = "circle"
    ZONE = "zone"
    DISCOM = "discom"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Desk:
    """An office of the chain above a connection, with the posts that somebody fills there."""

    office_code: str
    level: Level
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a request: an office and a post; `instead_of` names the post asked for when another had to take it."""

    office_code: str
    role: Role
    instead_of: Role | None = None


def holder(role: Role, level: Level, chain: Sequence[Desk]) -> Holder:
    """The office at this level, or the nearest above, that has the post; failing that the next senior post.

    `chain` runs from the sub-division upwards. A chain without any post at all leaves the request with its own
    office, so that it is never lost: the post is then filled by whoever comes.
    """
    reach = [desk for desk in chain if LEVELS.index(desk.level) >= LEVELS.index(level)] or list(chain[-1:])
    for desk in reach:
        senior = [one for one in HANDLING_ROLES if rank(one) >= rank(role) and one in desk.roles]
        if senior:
            return Holder(desk.office_code, senior[0], None if senior[0] is role else role)
    return Holder(reach[0].office_code, role)


def next_above(at: Holder, chain: Sequence[Desk]) -> Holder | None:
    """The next senior post in the same office or above it; None at the top."""
    codes = [desk.office_code for desk in chain]
    start = codes.index(at.office_code) if at.office_code in codes else 0
    for role in (one for one in HANDLING_ROLES if rank(one) > rank(at.role)):
        for desk in chain[start:]:
            if role in desk.roles:
                return Holder(desk.office_code, role)
    return None
