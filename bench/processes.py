"""Data of Linux about a process: its processor time and memory."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12


def tree(pid: int) -> list[int]:
    """Return a process and everything it has started that is still alive."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            # A child may end while this looks, as a worker of PostgreSQL does.
            with suppress(FileNotFoundError, ProcessLookupError):
                found += tree(int(child))
    return found


def computed(pid: int) -> float:
    """Return the seconds of processor time that a process and its descendants have used."""
    ticks = _ticks(pid)
    for one in tree(pid)[1:]:
        with suppress(FileNotFoundError, ProcessLookupError):
            ticks += _ticks(one)
    return ticks / _TICKS


def resident_mib(pid: int) -> float:
    """Return the memory that a process uses now."""
    return _status_kib(pid, "VmRSS") / 1024


def proportional_mib(pid: int) -> float:
    """Return the memory of a process, of what it shares only its share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} has no Pss")


def _ticks(pid: int) -> int:
    # The name of the program is in brackets and may contain anything; the figures follow it.
    figures = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(figures[_USER]) + int(figures[_SYSTEM])


def _status_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(f"process {pid} has no {name}")
