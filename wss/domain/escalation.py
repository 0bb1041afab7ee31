"""Escalation: to which post and when a request that was not settled in time is passed.

Rows of data name the working hours. The clock runs in the offices' working hours while an office has to act, and
stops while the request waits for its consumer, is settled or frozen. It is reset when another post becomes the
holder or the request is reopened. The maker of a proposal and the post that decides have a clock each, which
continues whenever the request returns to them. Assigning, taking up, or forwarding to the same post of another
office does not reset it: otherwise a request could be passed around for ever without a senior post noticing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wss.domain.actor import Role, rank
from wss.domain.calendar import Calendar
from wss.domain.lifecycle import APPROVERS, AT_WORK, Status
from wss.domain.routing import Desk, Holder, Level, holder

EVERY_KIND = "*"


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """A row of escalation: after so many working hours with a junior post, the request goes to this post and level."""

    level: int
    role: Role
    office_level: Level
    working_hours: int


@dataclass(frozen=True, slots=True)
class NextEscalation:
    """The row that applies next, and who becomes the holder; `instead_of` names a post that is not filled."""

    row: EscalationRule
    holder: Holder


@dataclass(frozen=True, slots=True)
class EscalationClock:
    """The working time at this holder: `used_s` seconds before `since`, when the clock was started (None: stopped)."""

    since: datetime | None = None
    used_s: int = 0


@dataclass(frozen=True, slots=True)
class EscalationLadder:
    """The rows of a kind, the offices above the request, and the hours in which its clock runs."""

    rows: Sequence[EscalationRule]
    chain: Sequence[Desk]
    calendar: Calendar

    def above(self, held_by: Role) -> NextEscalation | None:
        """Return the lowest row above a post; None if no row is left.

        Rows that lead to no filled post above it are skipped.
        """
        for row in self.rows:
            if rank(row.role) <= rank(held_by):
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
        """Return when the request is escalated; None while the clock is stopped, or at the top."""
        step = self.above(held_by)
        if step is None or clock.since is None:
            return None
        left = timedelta(hours=step.row.working_hours, seconds=-clock.used_s)
        # Rules that have become stricter do not apply to the time before the clock was started.
        return self.calendar.add_working_time(clock.since, left) if left > timedelta() else clock.since

    def due_steps(self, held_by: Role, clock: EscalationClock, now: datetime) -> Iterator[NextEscalation]:
        """Yield every escalation that is due by now, in order: after an outage it can be more than one."""
        while (step := self.above(held_by)) is not None:
            due = self.due_at(held_by, clock)
            if due is None or due > now:
                return
            yield step
            held_by, clock = step.holder.role, EscalationClock(due)


def can_handle(held_by: Role, ladder: EscalationLadder, *, was_at_top: bool) -> bool:
    """Return whether a request of this holder can be settled from the office at the foot of this ladder.

    A post that proposes and decides must be filled there or above; and the request must be escalated from the post
    that gets it when it is late, unless there was no post above it before.
    """
    is_decided = any(desk.roles & APPROVERS for desk in ladder.chain)
    new_holder = holder(held_by, ladder.chain[0].level, ladder.chain)
    return is_decided and (was_at_top or ladder.above(new_holder.role) is not None)


def rows_for(kind: str, matrix: Mapping[str, Sequence[EscalationRule]]) -> Sequence[EscalationRule]:
    """Return the rows of a kind; a kind without rows of its own has those of every kind."""
    return matrix.get(kind) or matrix.get(EVERY_KIND) or ()


def clock_runs(status: Status, *, frozen: bool) -> bool:
    """Return whether the clock of a request runs."""
    return status in AT_WORK and not frozen


def clock_from_then(
    clock: EscalationClock, *, runs: bool, at: datetime, calendar: Calendar
) -> EscalationClock:
    """Return the clock after an action that keeps the holder: started, stopped, or unchanged."""
    if runs:
        return clock if clock.since is not None else EscalationClock(at, clock.used_s)
    if clock.since is None:
        return clock
    elapsed = calendar.working_hours_between(clock.since, at)
    return EscalationClock(None, clock.used_s + int(elapsed.total_seconds()))
