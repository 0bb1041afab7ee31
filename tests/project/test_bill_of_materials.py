"""The packages that production installs, and their list."""

import re

from devtools.sbom import bill
from tests.project.tree import ROOT


def test_the_bill_of_materials_names_what_production_installs_with_hashes():
    lock = (ROOT / "requirements-production.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^(\S+)==([^\s;]+)", lock, re.MULTILINE))
    listed = bill()["components"]

    assert {(each["name"], each["version"]) for each in listed} == pinned
    assert sum(len(each["hashes"]) for each in listed) == lock.count("--hash=sha256:")


def test_production_installs_nothing_for_tests():
    lock = (ROOT / "requirements-production.txt").read_text(encoding="utf-8")

    assert [name for name in ("pytest", "aiosmtpd", "pluggy") if f"\n{name}==" in lock] == []
