"""Which post may approve a change of bills, and which office and post a proposal waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wss.domain.actor import Role, rank
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import APPROVERS
from wss.domain.routing import Desk, Holder, Level, holder

# Lowest first: whose limit is too narrow is told who is next.
_UPWARDS = (Role.SDO, Role.EE)
_LEVEL_OF = {Role.SDO: Level.SUBDIVISION, Role.EE: Level.DIVISION}

# Up to which change in paise each post may approve; None is without limit, and a post that is not here has none.
Limits = Mapping[Role, int | None]


class ApprovalLimitExceeded(Forbidden):
    """The change is above the limit of this post; `role` is the lowest post that may, if any."""

    def __init__(self, role: Role | None) -> None:
        super().__init__("over_limit")
        self.role = role


def may_approve(role: Role, change_paise: int, limits: Limits) -> bool:
    """Whether this post may approve a change of so many paise."""
    if role not in APPROVERS or role not in limits:
        return False
    limit = limits[role]
    return limit is None or change_paise <= limit


def who_may_approve(change_paise: int, limits: Limits) -> Role | None:
    """The lowest post that may; None where no limit of the tables is wide enough."""
    return next((role for role in _UPWARDS if may_approve(role, change_paise, limits)), None)


def post_to_decide(change_paise: int | None, limits: Limits, maker: Role, held_by: Role) -> Role:
    """The post that a proposal waits for; `change_paise` is None for a proposal without figures.

    It is the lowest post whose limit is wide enough, the most senior where none is. It is not the maker's own post
    where another one can decide, and not below the post that already holds the request.
    """
    able = [role for role in _UPWARDS if change_paise is None or may_approve(role, change_paise, limits)]
    able = able or [_UPWARDS[-1]]
    others = [role for role in able if role is not maker] or able
    lowest = min(rank(held_by), rank(_UPWARDS[-1]))
    return next((role for role in others if rank(role) >= lowest), others[0])


def desk_to_decide(role: Role, chain: Sequence[Desk]) -> Holder | None:
    """The office and post that a proposal for this post goes to; None where neither it nor a senior one that decides
    is filled: the proposal then stays where it was made."""
    deciding = [replace(desk, roles=desk.roles & APPROVERS) for desk in chain]
    to = holder(role, _LEVEL_OF[role], deciding)
    is_filled = any(desk.office_code == to.office_code and to.role in desk.roles for desk in deciding)
    return to if is_filled else None


def desk_that_decided(decided_by: Holder, held_by: Holder) -> Holder:
    """Who holds what is decided: the office and post that decided it, or the more senior one that held it already, as
    nothing comes down again by a decision."""
    return decided_by if rank(decided_by.role) >= rank(held_by.role) else held_by
