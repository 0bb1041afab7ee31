"""One pass of the worker over all alert choices, in a process of its own: `python -m bench.alert_pass`."""

import json
import os
import resource
import time
from datetime import UTC, datetime

from bench.databases import configured
from wss.clock import frozen_at
from wss.services.alerts.due_alerts import send_due_batch

NOON = datetime(2026, 6, 20, 6, 30, tzinfo=UTC)


def main() -> None:
    """Check every choice that is due and print how many, the seconds, and the peak of memory."""
    with configured(os.environ["WSS_DATABASE_URL"]), frozen_at(NOON):
        began, checked = time.perf_counter(), 0
        while batch := send_due_batch():
            checked += batch
        seconds = time.perf_counter() - began
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"checked": checked, "seconds": seconds, "peak_mib": peak_mib}))


if __name__ == "__main__":
    main()
