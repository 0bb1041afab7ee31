"""P18: suggested revisions of disputes whose explanation is known: how many are suggested, right, and wrong."""

from collections.abc import Sequence
from random import Random

from bench.dispute_kinds import KINDS, DisputeCase, dispute_case
from bench.measure import BenchmarkOptions, Row, limited
from wss.domain.suggestion.suggest import suggest

CASES = 5_000


def measure(_options: BenchmarkOptions) -> list[Row]:
    """Return a row for each kind of dispute, and one for all of them."""
    chance = Random(18)
    cases = [dispute_case(chance) for _each in range(CASES)]
    kinds = {kind: [case for case in cases if case.kind == kind] for kind in KINDS}
    rows = [_row(kind, each) for kind, each in kinds.items()]
    return [*rows, _row("all", cases), _wrong(cases)]


def _row(kind: str, cases: Sequence[DisputeCase]) -> Row:
    sure = [case for case in cases if suggest(case.evidence).is_sure]
    right = sum(case.is_right(suggest(case.evidence)) for case in sure)
    suggested = f"{len(sure):,} suggested ({100 * len(sure) / len(cases):.0f} %)"
    return Row("P18", f"{kind}: {len(cases):,} disputes", suggested, "—", f"{right:,} right", "—", None)


def _wrong(cases: Sequence[DisputeCase]) -> Row:
    answers = [(case, suggest(case.evidence)) for case in cases]
    wrong = sum(each.is_sure and not case.is_right(each) for case, each in answers)
    return limited("P18", "wrong suggestions", [wrong], 0, f"of {len(cases):,} disputes")
