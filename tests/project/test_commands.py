"""The commands and settings that README names are there, and the other way round."""

import re
from dataclasses import fields

from tests.project.tree import ROOT, none_of
from wss.config import SETTINGS, Config, settings_table

SETTING = re.compile(r"\b(WSS_[A-Z0-9_]+|PORT)\b")
# What the tests and the Makefile say to each other is no setting of the site.
FOR_TESTS = {"WSS_SOAK", "WSS_STEPS", "WSS_CHROMIUM"}


def undocumented(readme: str, named: set[str]) -> list[str]:
    """Names that README does not mention in backquotes."""
    return sorted(name for name in named if f"`{name}`" not in readme)


def read(name: str) -> str:
    """A file in the project's folder."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_make_command_is_in_readme():
    commands = {f"make {name}" for name in re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE)}

    none_of(undocumented(read("README.md"), commands - {"make help"}))


def test_every_setting_is_in_readme():
    none_of(undocumented(read("README.md"), {name for name, _default, _meaning in settings_table()}))


def test_readme_names_no_setting_that_is_not_there():
    settings = {setting.name for setting in SETTINGS.values()} | FOR_TESTS

    none_of(sorted(set(SETTING.findall(read("README.md"))) - settings))


def test_every_setting_has_a_meaning_that_fits_into_a_cell():
    none_of(
        [name for name, default, meaning in settings_table() if not default or not meaning or "|" in meaning]
    )


def test_every_field_of_the_configuration_is_a_setting_but_for_what_the_code_sets():
    assert {each.name for each in fields(Config)} - set(SETTINGS) == {"trusted_hosts", "unknown"}


def test_a_setting_without_a_word_is_seen():
    assert undocumented("`WSS_ENV`", {"WSS_ENV", "WSS_NEW"}) == ["WSS_NEW"]


def test_the_run_of_ci_skips_nothing():
    ci = read(".ci/run")

    assert "set -euo pipefail" in ci
    assert "make check" in ci
    assert "make test" in ci
    assert "||" not in ci
