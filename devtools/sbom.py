"""`python -m devtools.sbom`: print the bill of materials (CycloneDX 1.5): packages of production and vendored files."""

import hashlib
import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from wss.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-production.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# uv writes below each package which ones need it.
_VIA = re.compile(r"^    #(?:   | via )([A-Za-z0-9._-]+)$", re.MULTILINE)
_VENDORED = re.compile(r"`(static/vendor/[\w.-]+)`: ([\w.-]+) ([\w.]+), ([^,]+),.*npm package `([\w.-]+)`")
_FONTS = ROOT / "wss/gateways/fonts"
_WSS = "wss"
_LONGEST_NAME = 60


def bill() -> dict[str, Any]:
    """Return the whole document; the same files make the same text."""
    lock = LOCK.read_text(encoding="utf-8")
    packages, needed_by = _packages(lock)
    files = [*_vendored_scripts(), *_fonts()]
    refs = {each["name"]: each["bom-ref"] for each in packages}
    needs: dict[str, list[str]] = {_WSS: [each["bom-ref"] for each in files]} | {
        ref: [] for ref in refs.values()
    }
    for name, parents in needed_by.items():
        for parent in parents:
            needs[refs.get(parent, _WSS)].append(refs[name])
    about = {"type": "application", "bom-ref": _WSS, "name": "wss", "version": VERSION}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": about},
        "components": [*packages, *files],
        "dependencies": [{"ref": ref, "dependsOn": found} for ref, found in needs.items()],
    }


def _packages(lock: str) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """Return every pinned package, and by its name what needs it; a name that is no package is WSS itself."""
    pins = list(_PIN.finditer(lock))
    ends = [pin.start() for pin in pins[1:]] + [len(lock)]
    rests = {pin[1].lower(): lock[pin.end() : end] for pin, end in zip(pins, ends, strict=True)}
    needed_by = {
        name: [via.lower() for via in _VIA.findall(rest)] + [_WSS] * ("-r requirements" in rest)
        for name, rest in rests.items()
    }
    return [_package(pin[1].lower(), pin[2], rests[pin[1].lower()]) for pin in pins], needed_by


def _package(name: str, version: str, rest: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in _HASH.findall(rest)]
    names = {"bom-ref": purl, "name": name, "version": version, "purl": purl}
    return {"type": "library", **names, "hashes": hashes, "licenses": _licenses(name)}


def _licenses(name: str) -> list[dict[str, Any]]:
    """Return the licence that a package states; empty when it is not installed here or states none."""
    try:
        stated: dict[str, Any] = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return []
    if "license_expression" in stated:
        return [{"expression": stated["license_expression"]}]
    classified = [
        each.rpartition(" :: ")[2] for each in stated.get("classifier", []) if each.startswith("License")
    ]
    # Older packages state it in a field that may also hold the whole text.
    text = stated.get("license", "").strip()
    names = classified or [text] * (0 < len(text) <= _LONGEST_NAME)
    return [{"license": {"name": each}} for each in names]


def _vendored_scripts() -> list[dict[str, Any]]:
    """Return the scripts that docs/third-party.md names."""
    page = (ROOT / "docs/third-party.md").read_text(encoding="utf-8")
    return [
        _file(ROOT / path, name, f"pkg:npm/{package}@{version}", licence, version=version)
        for path, name, version, licence, package in _VENDORED.findall(page)
    ]


def _fonts() -> list[dict[str, Any]]:
    return [
        _file(path, path.name, f"file:{path.name}", "SIL Open Font License 1.1")
        for path in sorted(_FONTS.glob("*.ttf"))
    ]


def _file(path: Path, name: str, ref: str, licence: str, **facts: str) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    purl = {"purl": ref} if ref.startswith("pkg:") else {}
    return {
        "type": "file" if not purl else "library",
        "bom-ref": ref,
        "name": name,
        **facts,
        **purl,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"name": licence}}],
        "properties": [{"name": "path", "value": path.relative_to(ROOT).as_posix()}],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2)
    sys.stdout.write("\n")
