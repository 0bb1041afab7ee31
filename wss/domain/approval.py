"""Who may approve a change of bills: a post whose limit is wide enough; who is next where it is not."""

from collections.abc import Mapping

from wss.domain.actor import Role
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import APPROVERS

# Lowest first: whose limit is too narrow is told who is next.
_UPWARDS = (Role.SDO, Role.EE)

# Up to which change in paise each post may approve; None is without limit, and a post that is not here has none.
Limits = Mapping[Role, int | None]


class OverLimit(Forbidden):
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
