"""Steps that do not depend on each other: one that fails must not stop those after it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

# So many failures in a row have one cause, such as an outage of the database: the rest is left to the next round.
FAILURES_IN_A_ROW = 20
Result = TypeVar("Result")


class Attempts:
    """Runs steps and collects their errors, which `finish` raises together."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self._in_a_row = 0

    def run(self, step: Callable[..., Result], *arguments: object) -> Result | None:
        """Return the result of a step, or None if it fails; raise what was collected after too many failures."""
        try:
            result = step(*arguments)
        except Exception as error:
            self.errors.append(error)
            self._in_a_row += 1
            if self._in_a_row >= FAILURES_IN_A_ROW:
                self.finish()
            return None
        self._in_a_row = 0
        return result

    def finish(self) -> None:
        """Raise the error, or several of them together."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            raise ExceptionGroup("some steps failed", self.errors)


def attempt_all(steps: Iterable[Callable[[], object]]) -> None:
    """Run every step; raise the errors together at the end."""
    attempts = Attempts()
    for step in steps:
        attempts.run(step)
    attempts.finish()


def attempted_sum(steps: Iterable[Callable[[], int]]) -> int:
    """Run every step and return the sum of their results; raise the errors together at the end."""
    attempts = Attempts()
    total = sum(attempts.run(step) or 0 for step in steps)
    attempts.finish()
    return total
