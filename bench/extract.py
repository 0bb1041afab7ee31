"""`python -m bench.extract TABLE FILE`: an import as the site does it, with its time and its peak of memory."""

import json
import resource
import sys
import time
from pathlib import Path

from bench.databases import configured
from wss.config import Config
from wss.services.reference.imports import ImportOrder, import_extract


def main() -> None:
    """Import, and print the seconds (without the start of the program) and the peak of memory in MiB."""
    table, path = sys.argv[1:]
    with configured(Config.from_env().database):
        began = time.perf_counter()
        outcome = import_extract(ImportOrder(table, Path(path)))
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "new": outcome.new, "refused": outcome.refused}))


if __name__ == "__main__":
    main()
