"""Serves the site with raised limits, so that scanners reach the code behind them.

Run `python -m attack.raised_site`. The limits are raised in the memory of this process only: the product has no
switch for it.
"""

import os
import sys
from dataclasses import replace

from wss.domain.rate_limits import ALLOWANCES, Limit

# Marks and alarms instead of limits: raised values would change their meaning.
_LEFT_ALONE = {"PUMPING", "ALARM", "STAFF_CODE_SEEN", "SEND_NOTHING"}
_NEVER_REACHED = 10**9


def raise_limits() -> int:
    """Raise every limit beyond reach; return how many there are."""
    raised = [limit for limit in Limit if limit.name not in _LEFT_ALONE and limit in ALLOWANCES]
    for limit in raised:
        ALLOWANCES[limit] = replace(ALLOWANCES[limit], times=_NEVER_REACHED)
    return len(raised)


def main() -> int:
    """Serve with the command that `make run` uses."""
    from wss.serve import serve

    os.environ["WSS_ENV"] = "development"
    print(f"{raise_limits()} limits are raised for scanners")
    return serve()


if __name__ == "__main__":
    sys.exit(main())
