"""The commands and settings that the documentation names exist, and all that exist are documented."""

import re
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest
from flask import Flask

from tests.project.tree import ROOT, none_of
from wss.config import SETTINGS, Config, settings_table

SETTING = re.compile(r"\b(WSS_[A-Z0-9_]+|PORT)\b")
# Variables between the Makefile and the tests are no settings of the site.
FOR_TESTS = {"WSS_SOAK", "WSS_STEPS", "WSS_SEED", "WSS_CHROMIUM"}


def undocumented(page: str, named: set[str]) -> list[str]:
    """Return the names that a page does not mention in backquotes."""
    return sorted(name for name in named if f"`{name}`" not in page)


def read(name: str) -> str:
    """Return the content of a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_make_command_is_documented():
    commands = {f"make {name}" for name in re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE)}

    none_of(undocumented(read("docs/commands.md"), commands - {"make help"}))


def flask_commands(group: click.Group, *words: str) -> Iterator[str]:
    """Yield every command below a group, with the names of its groups."""
    for name in group.list_commands(click.Context(group)):
        each = group.get_command(click.Context(group), name)
        if isinstance(each, click.Group):
            yield from flask_commands(each, *words, name)
        else:
            yield " ".join((*words, name))


@pytest.mark.sqlite_only("the commands do not depend on the database")
def test_every_flask_command_is_documented(app: Flask):
    page = read("docs/commands.md")

    none_of(
        [name for name in flask_commands(app.cli) if not re.search(rf"`(flask --app app )?{name}\b", page)]
    )


def test_every_setting_is_documented():
    none_of(undocumented(read("docs/settings.md"), {name for name, _default, _meaning in settings_table()}))


def test_no_page_names_a_setting_that_does_not_exist():
    settings = {name for each in SETTINGS.values() for name in (each.name, each.file_name)} | FOR_TESTS
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]

    named = {name for page in pages for name in SETTING.findall(page.read_text(encoding="utf-8"))}

    none_of(sorted(named - settings))


def test_every_setting_has_a_meaning_that_fits_into_a_cell():
    none_of(
        [name for name, default, meaning in settings_table() if not default or not meaning or "|" in meaning]
    )


def test_every_field_of_the_configuration_is_a_setting_but_for_what_the_code_sets():
    assert {each.name for each in fields(Config)} - set(SETTINGS) == {
        "secret_files",
        "unknown",
    }


def test_a_setting_without_a_word_is_seen():
    assert undocumented("`WSS_ENV`", {"WSS_ENV", "WSS_NEW"}) == ["WSS_NEW"]


def test_the_run_of_ci_skips_nothing():
    ci = read(".ci/run")

    assert "set -euo pipefail" in ci
    assert "make check" in ci
    assert "make test" in ci
    assert "||" not in ci
