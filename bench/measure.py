"""Alternating measurements of two things, and statistics of their ratio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

HEAD = "| goal | what | ours | baseline of the same run | ratio: median (min–max) | wanted | |"
RULE = "|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """Sizes and repetitions: from the command line, or the smallest."""

    folder: Path
    requests: int = 2_000_000
    postgresql_requests: int = 2_000_000
    most_requests: int = 5_000_000
    runs: int = 5
    asked: int = 2_000
    connections: int = 100_000
    budgets: int = 1_000_000
    # Sizes that only a quick run changes: stored requests of a small site, shown pages, waiting messages, demo
    # connections, disputes, captchas, passwords, journeys.
    few: int = 20_000
    pages: int = 400
    waiting: int = 100_000
    demo_connections: int = 20_000
    disputes: int = 5_000
    captchas: int = 200
    passwords: int = 200
    journeys: int = 40
    is_quick: bool = False

    def sizes(self, engine: str) -> list[int]:
        """Return how many requests an engine stores where growth is measured, from the fewest to the most."""
        large = {self.requests} if engine == "SQLite" else {self.postgresql_requests, self.most_requests}
        return sorted({self.few} | large)

    @classmethod
    def quick(cls, folder: Path) -> Self:
        """Return the smallest sizes, which show that each goal can be measured, and nothing about its figure."""
        return cls(
            folder,
            is_quick=True,
            **dict.fromkeys(("requests", "postgresql_requests", "most_requests"), 200),
            **dict.fromkeys(("few",), 100),
            **dict.fromkeys(("asked", "connections", "waiting", "demo_connections", "disputes"), 40),
            **dict.fromkeys(("runs", "journeys"), 1),
            budgets=800,
            **dict.fromkeys(("pages", "passwords", "captchas"), 4),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the baseline, measured right after each other."""

    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        """Return ours as a multiple of the baseline."""
        return self.ours / self.baseline


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit for a ratio: at most, or at least; `is_share` formats it as a percentage. None: for information only."""

    name: str
    limit: float | None
    at_least: bool = False
    is_share: bool = False

    def is_met(self, ratio: float) -> bool | None:
        """Return whether a ratio keeps the limit; None when there is none."""
        if self.limit is None:
            return None
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def written(self, ratio: float) -> str:
        """Return a ratio as the table shows it."""
        return f"{100 * ratio:.0f} %" if self.is_share else f"{ratio:.2f}×"

    @property
    def wanted(self) -> str:
        """Return the limit as the table shows it."""
        if self.limit is None:
            return "—"
        sign = "≥" if self.at_least else "≤"
        limit = f"{100 * self.limit:g} %" if self.is_share else f"{self.limit:g}×"
        return f"{sign} {limit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    goal: str
    what: str
    ours: str
    baseline: str
    ratio: str
    wanted: str
    is_met: bool | None
    # Every measured value, in the order of the runs.
    values: tuple[float, ...] = ()
    baseline_values: tuple[float, ...] = ()

    def __str__(self) -> str:
        cells = (self.goal, self.what, self.ours, self.baseline, self.ratio, self.wanted)
        verdict = {True: "met", False: "**not met**", None: "—"}[self.is_met]
        return f"| {' | '.join(cells)} | {verdict} |"


def in_turn(ours: Callable[[], float], baseline: Callable[[], float], runs: int) -> list[Pair]:
    """Measure ours, baseline, ours, baseline …, so that a temporary slowdown of the machine affects both."""
    return [Pair(ours(), baseline()) for _ in range(runs)]


def compared(goal: Goal, what: str, pairs: Sequence[Pair], unit: str) -> Row:
    """Return the line for a goal that is a ratio; the median decides."""
    ratios = sorted(pair.ratio for pair in pairs)
    middle = median(ratios)
    spread = f"{goal.written(middle)} ({goal.written(ratios[0])}–{goal.written(ratios[-1])})"
    ours, baseline = median(p.ours for p in pairs), median(p.baseline for p in pairs)
    return Row(
        goal.name,
        what,
        f"{_rounded(ours)} {unit}",
        f"{_rounded(baseline)} {unit}",
        spread,
        goal.wanted,
        goal.is_met(middle),
        tuple(p.ours for p in pairs),
        tuple(p.baseline for p in pairs),
    )


def limited(name: str, what: str, values: Sequence[float], limit: float, unit: str) -> Row:
    """Return the line for a goal that is an absolute figure; the largest value decides."""
    shown = f"{_spread(values)} {unit}"
    wanted = f"≤ {_rounded(limit)} {unit}"
    return Row(name, what, shown, "—", "—", wanted, max(values) <= limit, tuple(values))


def informative(name: str, what: str, values: Sequence[float], unit: str) -> Row:
    """Return the line for a figure for information only."""
    return Row(name, what, f"{_spread(values)} {unit}", "—", "—", "—", None, tuple(values))


def _spread(values: Sequence[float]) -> str:
    """Return the median of figures, with the least and the most."""
    least, most = min(values), max(values)
    if least == most:
        return _rounded(most)
    return f"{_rounded(median(values))} ({_rounded(least)}–{_rounded(most)})"


def _rounded(value: float) -> str:
    """Return three significant digits, with thousands separated."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
