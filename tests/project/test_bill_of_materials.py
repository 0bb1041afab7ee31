"""The packages that production installs, and their list."""

import hashlib
import re

from devtools.sbom import bill
from tests.project.tree import ROOT


def test_the_bill_of_materials_names_what_production_installs_with_hashes():
    lock = (ROOT / "requirements-production.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^(\S+)==([^\s;]+)", lock, re.MULTILINE))
    listed = [each for each in bill()["components"] if each.get("purl", "").startswith("pkg:pypi/")]

    assert {(each["name"], each["version"]) for each in listed} == pinned
    assert sum(len(each["hashes"]) for each in listed) == lock.count("--hash=sha256:")


def test_the_bill_of_materials_names_vendored_files_by_their_checksum():
    files = {
        each["properties"][0]["value"]: each["hashes"][0]["content"]
        for each in bill()["components"]
        if "properties" in each
    }
    vendored = [*(ROOT / "static/vendor").glob("*.js"), *(ROOT / "wss/gateways/fonts").glob("*.ttf")]

    assert files == {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in vendored
    }


def test_the_bill_of_materials_says_what_needs_each_component():
    document = bill()
    needs = {each["ref"]: set(each["dependsOn"]) for each in document["dependencies"]}
    names = {ref.partition("@")[0].rpartition("/")[2]: ref for ref in needs}

    assert set().union(*needs.values()) == {each["bom-ref"] for each in document["components"]}
    assert names["jinja2"] in needs[names["flask"]] and names["jinja2"] not in needs["wss"]


def test_production_installs_nothing_for_tests():
    lock = (ROOT / "requirements-production.txt").read_text(encoding="utf-8")

    assert [name for name in ("pytest", "aiosmtpd", "pluggy") if f"\n{name}==" in lock] == []
