"""Third-party files are the ones that docs/third-party.md names, unchanged."""

import hashlib
import re

from tests.project.tree import ROOT, none_of


def checksum_faults(page: str, files: dict[str, bytes]) -> list[str]:
    """Return the vendored files whose checksum the page does not name."""
    named = dict(re.findall(r"`static/vendor/([\w.-]+)`[^\n]*?`([0-9a-f]{64})`", page))
    return [
        f"{name}: the page says {named.get(name)}, the file has {hashlib.sha256(content).hexdigest()}"
        for name, content in files.items()
        if named.get(name) != hashlib.sha256(content).hexdigest()
    ]


def test_vendored_files_are_what_the_page_says():
    page = (ROOT / "docs/third-party.md").read_text(encoding="utf-8")
    files = {
        path.name: path.read_bytes() for path in (ROOT / "static/vendor").iterdir() if path.suffix == ".js"
    }

    assert "htmx.min.js" in files
    none_of(checksum_faults(page, files))


def test_a_changed_file_is_seen():
    page = f"`static/vendor/x.js`: SHA-256 `{hashlib.sha256(b'before').hexdigest()}`"

    assert checksum_faults(page, {"x.js": b"before"}) == []
    assert checksum_faults(page, {"x.js": b"after"})
    assert checksum_faults("", {"x.js": b"before"})
