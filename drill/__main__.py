"""`python -m drill`: try failures of a whole site; `python -m drill NAME` runs another drill.

The exit status is 1 when a goal is missed.
"""

import sys
from collections.abc import Callable, Sequence

from drill import failures, former_release, large_migrations

DRILLS: dict[str, Callable[[Sequence[str]], int]] = {
    "failures": failures.main,
    "migrations": large_migrations.main,
    "release": former_release.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run the named drill with the other arguments; without a name the failures."""
    if not arguments or arguments[0].startswith("-"):
        return failures.main(arguments)
    name, *others = arguments
    if name not in DRILLS:
        print(f"python -m drill [NAME], one of: {', '.join(DRILLS)}", file=sys.stderr)
        return 2
    return DRILLS[name](others)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
