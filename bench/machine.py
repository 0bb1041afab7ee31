"""Description of the machine, for readers of the figures."""

import os
import platform
import sqlite3
from pathlib import Path

_KIB_PER_GIB = 1024 * 1024


def describe(postgresql: str | None) -> str:
    """Return cores, memory and versions in one line; PostgreSQL's only if a goal has used it."""
    parts = [
        f"{os.cpu_count()} cores",
        f"{_memory_kib() / _KIB_PER_GIB:.0f} GiB memory",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    if postgresql:
        parts.append(f"PostgreSQL {postgresql}")
    return ", ".join(parts)


def load_before() -> float:
    """Return the load average of the last minute: figures of a busy machine are less reliable."""
    return os.getloadavg()[0]


def _memory_kib() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1])
    return 0
