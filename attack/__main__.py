"""`python -m attack`: scanners and crawlers against our own site on loopback, and a table of their findings."""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attack import parts
from attack.environments import ToolMissing
from attack.parts import RunContext
from attack.report import Outcome, shown

_IN_MEMORY = Path("/dev/shm")  # noqa: S108  where there is no such folder, the ordinary one is taken


def main() -> int:
    """Run the chosen parts; return 0 only if nothing was found and every tool has found the seeded faults."""
    asked = _asked()
    # Ending the run must also end the programs it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed} ({'quick' if asked.quick else 'full'}): {', '.join(asked.parts)}", flush=True)
    outcomes: list[Outcome] = []
    began = time.monotonic()
    with _folder() as folder:
        context = RunContext(folder, is_quick=asked.quick, seed=seed)
        for name in asked.parts:
            outcomes += _timed(parts.PARTS[name], context)
    print(shown(outcomes))
    good = all(outcome.is_good for outcome in outcomes)
    minutes = (time.monotonic() - began) / 60
    print(
        f"\n{'No findings.' if good else 'Findings, or seeded faults that a tool missed.'} {minutes:.1f} minutes."
    )
    return 0 if good else 1


def _timed(part: Callable[[RunContext], Iterator[Outcome]], context: RunContext) -> Iterator[Outcome]:
    """Yield the outcomes of a part, each with its duration, and print them as they come."""
    began = time.monotonic()
    try:
        for outcome in part(context):
            outcome.seconds, began = time.monotonic() - began, time.monotonic()
            print(f"{outcome.tool}: {outcome.tries:,} attempts, {len(outcome.found)} found", flush=True)
            yield outcome
    except ToolMissing as error:
        yield Outcome(part.__name__, wrong=[str(error)])


@contextmanager
def _folder() -> Iterator[Path]:
    """Create a temporary folder for this run."""
    where = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="attack-", dir=where, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m attack", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"parts to run: {', '.join(parts.PARTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", default=os.environ.get("ATTACK") == "quick")
    parser.add_argument("--seed", type=int, help="seed of an earlier run, to repeat it")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(parts.PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    asked.parts = asked.parts or list(parts.PARTS)
    return asked


if __name__ == "__main__":
    sys.exit(main())
