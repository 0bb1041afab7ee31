"""Outcomes of the parts, and the table at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_HEADS = ("tool", "targets", "tries", "found", "wrong", "seconds")
_SHOWN = 40


@dataclass
class Outcome:
    """The outcome of one tool.

    `found` are faults, `wrong` says why an empty result would be meaningless, `notes` are informative. In the weak
    application faults are expected: `wanted` says how many of the seeded ones were found.
    """

    tool: str
    targets: int = 0
    tries: int = 0
    found: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wanted: str = ""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Return whether nothing was found and the tool has proved that it works."""
        return not self.wrong and (bool(self.wanted) or not self.found)


def shown(outcomes: Sequence[Outcome]) -> str:
    """Return the findings as sentences, and the table."""
    lines = []
    for outcome in outcomes:
        if not outcome.wanted:
            lines += [f"FOUND by {outcome.tool}: {one}" for one in outcome.found[:_SHOWN]]
        lines += [f"WRONG with {outcome.tool}: {one}" for one in outcome.wrong[:_SHOWN]]
        lines += [f"note of {outcome.tool}: {one}" for one in outcome.notes[:_SHOWN]]
    rows = [_HEADS, *(_cells(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines += [
        "",
        *(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows),
    ]
    return "\n".join(lines)


def _cells(outcome: Outcome) -> tuple[str, ...]:
    found = outcome.wanted or str(len(outcome.found))
    numbers = (f"{outcome.targets:,}", f"{outcome.tries:,}", found, str(len(outcome.wrong)))
    return (outcome.tool, *numbers, f"{outcome.seconds:.0f}")
