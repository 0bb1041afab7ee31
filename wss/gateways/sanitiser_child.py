"""The child process of the sanitiser: parses one document within narrow limits of memory and time.

The document comes by standard input; a line of JSON and the sanitised document go to standard output.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from types import ModuleType

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 5


def main() -> None:
    """Read a document; write its harmless copy or the reason of its refusal."""
    _set_limits()
    _skip_the_application()
    content = sys.stdin.buffer.read()
    header, clean = _cleaned(content)
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + clean)


def _set_limits() -> None:
    """Limit memory, time, files and core dumps to what a normal document needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forbid_opening() -> None:
    """Prevent the opening of files and connections; open ones stay open.

    Without the machine's fonts, a PDF also looks the same on every machine.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _skip_the_application() -> None:
    """Make `wss.…` importable without its __init__ files, which would load the whole site for one document."""
    here = Path(__file__).parent
    for name, folder in (("wss", here.parent), ("wss.gateways", here)):
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package


def _cleaned(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """Return the header line and the sanitised document; every error becomes a refusal."""
    from wss.domain.uploads import DocumentKind, Refusal, UploadRefused, kind_of

    try:
        # Each library is loaded only for its own type: starting is most of the work.
        if kind_of(content) is DocumentKind.PDF:
            from wss.gateways.sanitiser_pdf import clean_pdf as clean
        else:
            from wss.gateways.sanitiser_image import clean_image as clean
        _forbid_opening()
        return clean(content)
    except UploadRefused as error:
        return {"refusal": error.code}, b""
    except (MemoryError, RecursionError):
        return {"refusal": Refusal.TOO_COMPLEX}, b""
    except Exception:
        # A decoder may fail in any way on a malicious file; for the sender all errors are one: damaged.
        return {"refusal": Refusal.DAMAGED}, b""


if __name__ == "__main__":
    main()
