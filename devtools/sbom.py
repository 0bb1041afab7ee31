"""`python -m devtools.sbom`: print the bill of materials (CycloneDX 1.5) of requirements-production.txt."""

import json
import re
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements-production.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, Any]]:
    """Return every pinned package with the hashes of its files, in the order of the lock."""
    pins = list(_PIN.finditer(lock))
    ends = [pin.start() for pin in pins[1:]] + [len(lock)]
    return [_component(pin, lock[pin.end() : end]) for pin, end in zip(pins, ends, strict=True)]


def _component(pin: re.Match[str], rest: str) -> dict[str, Any]:
    name, version = pin[1].lower(), pin[2]
    purl = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in _HASH.findall(rest)]
    names = {"bom-ref": purl, "name": name, "version": version, "purl": purl}
    return {"type": "library", **names, "hashes": hashes}


def bill() -> dict[str, Any]:
    """Return the whole document; the same lock makes the same text."""
    found = components(LOCK.read_text(encoding="utf-8"))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "wss", "name": "wss"}},
        "components": found,
        "dependencies": [{"ref": "wss", "dependsOn": [each["bom-ref"] for each in found]}],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2)
    sys.stdout.write("\n")
