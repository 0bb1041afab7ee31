"""A small disk of its own for a folder (tmpfs), which can be filled."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

# Above what /readyz asks for.
SIZE_MB = 128
_BLOCK = b"\0" * 4096


class SmallDisk:
    """A folder that may become a small disk, where the kernel allows to mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = False

    def mount(self) -> bool:
        """Mount the disk; return whether the kernel allowed it."""
        options = f"size={SIZE_MB}m,mode=0700"
        words = ["mount", "-t", "tmpfs", "-o", options, "drill", str(self.folder)]
        with contextlib.suppress(FileNotFoundError):
            self.is_mounted = subprocess.run(words, check=False, capture_output=True).returncode == 0
        return self.is_mounted

    def unmount(self) -> None:
        """Unmount it, with what is on it."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
            self.is_mounted = False

    @contextlib.contextmanager
    def full(self, seconds: float) -> Iterator[None]:
        """Fill the disk for so many seconds."""
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(_BLOCK)
        time.sleep(seconds)
        yield
        filler.unlink()
