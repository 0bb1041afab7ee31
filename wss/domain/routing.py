"""Routing: which office and post a request goes to, and which is the next senior one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wss.domain.actor import HANDLING_ROLES, Role, rank


class Level(StrEnum):
    """The levels of the office tree, lowest first."""

    SUBDIVISION = "subdivision"
    DIVISION = "division"
    CIRCLE = "circle"
    ZONE = "zone"
    DISCOM = "discom"


LEVELS = tuple(Level)


def is_in_subtree(path: str, top: str) -> bool:
    """Return whether the office with this path is the office of the path `top` or below it."""
    return f"{path}/".startswith(f"{top}/")


@dataclass(frozen=True, slots=True)
class Desk:
    """An office in the chain above a connection, and the posts that are filled there."""

    office_code: str
    level: Level
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a request: an office and a post; `instead_of` names the requested post if it is not filled."""

    office_code: str
    role: Role
    instead_of: Role | None = None


def holder(role: Role, level: Level, chain: Sequence[Desk]) -> Holder:
    """Return the office at this level, or the nearest above, that has the post; failing that the next senior post.

    `chain` runs from the sub-division upwards. Without any post in the chain the request stays with its own
    office, so that it is never lost: it waits there until the post is filled.
    """
    reach = [desk for desk in chain if LEVELS.index(desk.level) >= LEVELS.index(level)] or list(chain[-1:])
    for desk in reach:
        senior = [one for one in HANDLING_ROLES if rank(one) >= rank(role) and one in desk.roles]
        if senior:
            return Holder(desk.office_code, senior[0], None if senior[0] is role else role)
    return Holder(reach[0].office_code, role)


def next_above(at: Holder, chain: Sequence[Desk]) -> Holder | None:
    """Return the next senior post in the same office or above it; None at the top."""
    codes = [desk.office_code for desk in chain]
    start = codes.index(at.office_code) if at.office_code in codes else 0
    for role in (one for one in HANDLING_ROLES if rank(one) > rank(at.role)):
        for desk in chain[start:]:
            if role in desk.roles:
                return Holder(desk.office_code, role)
    return None
