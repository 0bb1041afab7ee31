"""`python -m drill NAME`: run a drill; its exit status is 1 when a goal is missed."""

import sys
from collections.abc import Callable, Sequence

from drill import former_release, large_migrations

DRILLS: dict[str, Callable[[Sequence[str]], int]] = {
    "migrations": large_migrations.main,
    "release": former_release.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run the named drill with the other arguments."""
    name, *others = arguments or [""]
    if name not in DRILLS:
        print(f"python -m drill NAME, one of: {', '.join(DRILLS)}", file=sys.stderr)
        return 2
    return DRILLS[name](others)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
