"""Approval: which post may approve a change of bills, and which office and post a proposal waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wss.domain.actor import Role, rank
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import APPROVERS
from wss.domain.routing import Desk, Holder, Level, holder

# Lowest first: a proposal above an officer's limit goes to the next post.
_UPWARDS = (Role.SDO, Role.EE)
_LEVEL_OF = {Role.SDO: Level.SUBDIVISION, Role.EE: Level.DIVISION}

# The largest change in paise that each post may approve; None is no limit, and a missing post approves nothing.
Limits = Mapping[Role, int | None]


class ApprovalLimitExceeded(Forbidden):
    """The change is above the limit of this post; `role` is the lowest post that may approve it, if any."""

    def __init__(self, role: Role | None) -> None:
        super().__init__("over_limit")
        self.role = role


def may_approve(role: Role, change_paise: int, limits: Limits) -> bool:
    """Return whether a post may approve a change of this many paise."""
    if role not in APPROVERS or role not in limits:
        return False
    limit = limits[role]
    return limit is None or change_paise <= limit


def who_may_approve(change_paise: int, limits: Limits) -> Role | None:
    """Return the lowest post that may approve a change; None if no limit is high enough."""
    return next((role for role in _UPWARDS if may_approve(role, change_paise, limits)), None)


def post_to_decide(change_paise: int | None, limits: Limits, maker: Role, held_by: Role) -> Role:
    """Return the post that a proposal waits for; `change_paise` is None for a proposal without figures.

    It is the lowest post whose limit is high enough, or the most senior post. It is not the maker's own post if
    another one can decide, and not below the post that already holds the request.
    """
    able = [role for role in _UPWARDS if change_paise is None or may_approve(role, change_paise, limits)]
    able = able or [_UPWARDS[-1]]
    others = [role for role in able if role is not maker] or able
    lowest = min(rank(held_by), rank(_UPWARDS[-1]))
    return next((role for role in others if rank(role) >= lowest), others[0])


def desk_to_decide(role: Role, chain: Sequence[Desk]) -> Holder | None:
    """Return the office and post that a proposal goes to, or None.

    None if neither the post nor a senior one that decides is filled: the proposal then stays with its maker's
    office.
    """
    deciding = [replace(desk, roles=desk.roles & APPROVERS) for desk in chain]
    to = holder(role, _LEVEL_OF[role], deciding)
    is_filled = any(desk.office_code == to.office_code and to.role in desk.roles for desk in deciding)
    return to if is_filled else None


def desk_that_decided(decided_by: Holder, held_by: Holder) -> Holder:
    """Return the holder after a decision.

    This is the office and post that decided, or the more senior holder before, as a decision never moves a request
    down.
    """
    return decided_by if rank(decided_by.role) >= rank(held_by.role) else held_by
