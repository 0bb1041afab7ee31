"""The version is written in one place, and the changelog begins with it."""

import re
import tomllib

from tests.project.tree import ROOT
from wss.version import VERSION


def sections() -> dict[str, str]:
    """Return the changelog's text of each version, newest first."""
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\d+\.\d+\.\d+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_changelog_begins_with_the_version_and_says_what_an_upgrade_needs():
    assert next(iter(sections())) == VERSION and "### Upgrade notes" in sections()[VERSION]


def test_the_package_takes_its_version_from_the_code():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "wss.version.VERSION"}
    assert "version" in project["project"]["dynamic"]
