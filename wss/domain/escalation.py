"""Escalation: who gets a request that was not settled in time, and when. Rows of data say after how many working hours.

The clock goes in the offices' working hours while an office has the request, and stands while it waits for its
consumer, is settled or frozen. It begins anew when another post gets the request or it is opened again. The maker of a
proposal and the post that decides have a clock each, which goes on whenever the request comes back to them. Assigning,
taking up, or forwarding to the same post of another office leave it as it is: otherwise a request could be handed
round for ever without anybody senior hearing of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wss.domain.actor import HANDLING_ROLES, Role
from wss.domain.calendar import Calendar
from wss.domain.lifecycle import APPROVERS, AT_WORK, Status
from wss.domain.routing import Desk, Holder, Level, holder

EVERY_KIND = "*"


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """After so many working hours with anybody junior, a request moves to this post at this level."""

    level: int
    role: Role
    office_level: Level
    working_hours: int


@dataclass(frozen=True, slots=True)
class NextEscalation:
    """The row that applies next, and who gets the request by it; `instead_of` names a post that is not filled."""

    row: EscalationRule
    holder: Holder


@dataclass(frozen=True, slots=True)
class EscalationClock:
    """Working time at this holder: so many seconds before `since`, from when on it goes (None: it stands)."""

    since: datetime | None = None
    used_s: int = 0


@dataclass(frozen=True, slots=True)
class EscalationLadder:
    """The rows of a kind, the offices above the request, and the hours in which its clock goes."""

    rows: Sequence[EscalationRule]
    chain: Sequence[Desk]
    calendar: Calendar

    def above(self, held_by: Role) -> NextEscalation | None:
        """The lowest row above a post; rows that lead to nobody above it are skipped, None when none is left."""
        for row in self.rows:
            if _rank(row.role) <= _rank(held_by):
                continue
            to = holder(row.role, row.office_level, self.chain)
            desk = next(desk for desk in self.chain if desk.office_code == to.office_code)
            if to.role in desk.roles:
                is_elsewhere = to.role is not row.role or desk.level is not row.office_level
                return NextEscalation(
                    row, Holder(to.office_code, to.role, row.role if is_elsewhere else None)
                )
        return None

    def due_at(self, held_by: Role, clock: EscalationClock) -> datetime | None:
        """When the request moves up; None while the clock stands, or where nobody is above."""
        rung = self.above(held_by)
        if rung is None or clock.since is None:
            return None
        left = timedelta(hours=rung.row.working_hours, seconds=-clock.used_s)
        # Rules that were made stricter meanwhile are not held against the time before the clock went.
        return self.calendar.add_working_time(clock.since, left) if left > timedelta() else clock.since

    def climb(self, held_by: Role, clock: EscalationClock, now: datetime) -> Iterator[NextEscalation]:
        """Every rung that is due by now, one after the other: after an outage more than one can be."""
        while (rung := self.above(held_by)) is not None:
            due = self.due_at(held_by, clock)
            if due is None or due > now:
                return
            yield rung
            held_by, clock = rung.holder.role, EscalationClock(due)


def can_handle(held_by: Role, ladder: EscalationLadder, *, was_at_top: bool) -> bool:
    """Whether a request that a post holds can be settled from the office at the foot of this ladder.

    A post that proposes and decides has to be filled there or above; and the request has to move up from the post that
    gets it when it is late, unless nothing was above it before.
    """
    is_decided = any(desk.roles & APPROVERS for desk in ladder.chain)
    gets_it = holder(held_by, ladder.chain[0].level, ladder.chain)
    return is_decided and (was_at_top or ladder.above(gets_it.role) is not None)


def rows_for(kind: str, matrix: Mapping[str, Sequence[EscalationRule]]) -> Sequence[EscalationRule]:
    """The rows of a kind, else those of every kind: a kind with rows of its own goes by these alone."""
    return matrix.get(kind) or matrix.get(EVERY_KIND) or ()


def goes(status: Status, *, frozen: bool) -> bool:
    """Whether the clock of a request goes."""
    return status in AT_WORK and not frozen


def moved_on(clock: EscalationClock, *, goes: bool, at: datetime, calendar: Calendar) -> EscalationClock:
    """The clock after a step that keeps the holder: let go, stopped, or left alone."""
    if goes:
        return clock if clock.since is not None else EscalationClock(at, clock.used_s)
    if clock.since is None:
        return clock
    gone = calendar.working_hours_between(clock.since, at)
    return EscalationClock(None, clock.used_s + int(gone.total_seconds()))


def _rank(role: Role) -> int:
    return HANDLING_ROLES.index(role)
