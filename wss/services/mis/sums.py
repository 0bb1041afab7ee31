"""Sums of the MIS: adds the changes of transitions, rebuilds the sums, and checks them by a recount."""

from collections.abc import Sequence
from datetime import date

from wss.clock import local_date
from wss.db import reading, transaction
from wss.domain.mis import ALL
from wss.queries import mis_sums
from wss.queries.mis_sums import SumCell, SumDifference
from wss.queries.question_waits import mark_question_end, unmarked_question_ends
from wss.queries.reference import Reference, reference

BATCH = 2_000
LISTED = 1_000


def fold() -> int:
    """Add every waiting change to the sums; return how many. Rebuild the sums where they were never built."""
    with reading():
        is_made, is_any_waiting = mis_sums.has_sums(), mis_sums.has_deltas()
    if not is_made:
        rebuild()
        return 0
    done = 0
    while is_any_waiting and (folded := _fold_batch()):
        done += folded
    return done


def rebuild() -> None:
    """Rebuild every sum from the requests and their timelines."""
    with transaction():
        mis_sums.disable_timeouts()
        _mark_old_question_ends()
        mis_sums.recompute()


def _mark_old_question_ends() -> None:
    """Mark the ends of questions that are older than the count of their days, once, by the present calendar."""
    calendar = reference().calendar
    for end in unmarked_question_ends():
        asked_on, ended_on = local_date(end.asked_at), local_date(end.at)
        mark_question_end(end, calendar.working_days_between(asked_on, ended_on))


def check() -> list[SumDifference]:
    """Return where the sums differ from a recount; empty when all are right."""
    with transaction():
        return mis_sums.differences(LISTED)


def _fold_batch() -> int:
    """Add some changes to the sums in one transaction: a killed process has both taken and added them, or neither."""
    with transaction():
        taken = mis_sums.take_deltas(BATCH) if mis_sums.try_lock() else []
        if taken:
            mis_sums.add_to_cells(_spread(taken, reference()))
    return len(taken)


def _spread(taken: Sequence[SumCell], tables: Reference) -> list[SumCell]:
    """Return each change for its office, all offices above and the whole, for its kind and all kinds; sorted."""
    sums: dict[tuple[str, str, str, date], tuple[int, int]] = {}
    for one in taken:
        for office in (*tables.offices[one.office_code].path.split("/"), ALL):
            for kind in (one.kind, ALL):
                key = (office, one.measure, kind, one.day)
                n, paise = sums.get(key, (0, 0))
                sums[key] = (n + one.n, paise + one.paise)
    return [SumCell(*key, *sums[key]) for key in sorted(sums) if any(sums[key])]
