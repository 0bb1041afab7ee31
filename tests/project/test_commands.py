"""The commands and settings that README names are there, and the other way round."""

import re

from tests.project.tree import ROOT, none_of, sources

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
    commands = {f"make {name}" for name in re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE)}

    none_of(undocumented(read("README.md"), commands - {"make help"}))


def test_every_setting_is_in_readme():
    config = next(source for source in sources("wss") if source.path == "wss/config.py")

    none_of(undocumented(read("README.md"), set(SETTING.findall(config.text))))


def test_readme_names_no_setting_that_is_not_there():
    settings = set(SETTING.findall(read("wss/config.py"))) | FOR_TESTS

    none_of(sorted(set(SETTING.findall(read("README.md"))) - settings))


def test_a_setting_without_a_word_is_seen():
    assert undocumented("`WSS_ENV`", {"WSS_ENV", "WSS_NEW"}) == ["WSS_NEW"]


def test_the_run_of_ci_skips_nothing():
    ci = read(".ci/run")

    assert "set -euo pipefail" in ci
    assert "make check" in ci
    assert "make test" in ci
    assert "||" not in ci
