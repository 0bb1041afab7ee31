"""What web, worker and commands refuse to start with, in production."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from tests.factories import given
from tests.fixtures.production import NO_SERVER, a_registered_text, production_settings
from tests.fixtures.site_process import environment
from tests.project.tree import ROOT, none_of
from wss import clock, start_checks
from wss.config import Config
from wss.db import transaction
from wss.domain.errors import StoreAway
from wss.models import Document
from wss.queries.reference import bump_reference_version
from wss.services.operations.installation import note_demo_data
from wss.start_checks import DataUse

MakeApp = Callable[[Config], Flask]
# It looks for what is wrong, and so runs with anything.
CHECKS_BY_ITSELF = {"doctor"}


@pytest.fixture
def app(make_app: MakeApp, settings: Config) -> Flask:
    """Return the application with settings of production."""
    return make_app(production_settings(settings))


def commands(group: Any, *words: str) -> Iterator[tuple[str, ...]]:
    """Yield every command with a value for each argument and option that it needs."""
    for name in group.list_commands(click.Context(group)):
        each = group.get_command(click.Context(group), name)
        if isinstance(each, click.Group):
            yield from commands(each, *words, name)
        else:
            needed = [each for each in each.params if each.required]
            options = [
                option
                for each in needed
                if isinstance(each, click.Option)
                for option in (each.opts[0], "0001")
            ]
            arguments = [_example(each.type) for each in needed if isinstance(each, click.Argument)]
            yield (*words, name, *options, *arguments)


def _example(kind: click.ParamType) -> str:
    return str(kind.choices[0]) if isinstance(kind, click.Choice) else __file__


def refusals(app: Flask, use: DataUse = DataUse.SERVICE) -> str:
    return "; ".join(start_checks.refusals(app.extensions["wss"], use))


def test_every_command_is_refused_with_settings_that_the_site_refuses(make_app: MakeApp, settings: Config):
    app = make_app(dataclasses.replace(production_settings(settings), secret_key="short"))
    run = app.test_cli_runner().invoke
    ended = {words: run(args=list(words)) for words in commands(app.cli)}

    none_of(
        [
            f"{words}: {each.exit_code} {each.output}"
            for words, each in ended.items()
            if words[0] not in CHECKS_BY_ITSELF
            and (each.exit_code == 0 or "WSS_SECRET_KEY" not in each.output)
        ]
    )
    assert len(ended) > 10


def test_a_command_that_is_added_is_checked_without_being_listed(make_app: MakeApp, settings: Config):
    from wss import cli

    app = make_app(dataclasses.replace(production_settings(settings), secret_key="short"))
    added = cli._with_check(click.Command("new", callback=lambda: click.echo("has run")), app, "new")

    ended = app.test_cli_runner().invoke(added)
    assert (ended.exit_code, "has run" in ended.output) == (1, False)


def test_nothing_but_migrations_uses_a_database_without_tables(
    make_app: MakeApp, settings: Config, empty_database_url: str
):
    app = make_app(dataclasses.replace(production_settings(settings), database_url=empty_database_url))

    assert "flask --app app db upgrade" in refusals(app, DataUse.TABLES)
    assert refusals(app, DataUse.SET_UP) == ""


def test_a_database_that_does_not_answer_is_refused_in_a_sentence(make_app: MakeApp, settings: Config):
    app = make_app(dataclasses.replace(production_settings(settings), database_url=NO_SERVER))

    assert "does not answer" in refusals(app) and "hunter2" not in refusals(app)


def test_production_does_not_start_with_demo_data(app: Flask):
    given(a_registered_text())
    assert refusals(app) == ""
    note_demo_data()

    assert "demo data" in refusals(app) and "demo data" in refusals(app, DataUse.TABLES)


def test_without_a_registered_text_nothing_is_served_or_sent_but_texts_can_be_imported(app: Flask):
    assert "TRAI DLT" in refusals(app) and "import texts" in refusals(app)
    assert refusals(app, DataUse.TABLES) == ""


def test_some_texts_without_an_id_are_warned_about(app: Flask):
    given(a_registered_text())
    with transaction():
        bump_reference_version()

    assert ["SMS texts" in warning for warning in start_checks.service_warnings(app.extensions["wss"])] == [
        True
    ]


def a_document(key: str) -> Document:
    """Return a document with this key, which belongs to no one."""
    about = {"label": "meter", "media_type": "application/pdf", "scan": "not_scanned"}
    return Document(id="0" * 32, size=5, storage_key=key, created_at=clock.now(), **about)


def mark_of(app: Flask) -> Path:
    root: Path = app.extensions["wss"].gateways.documents.root
    return root / ".wss-installation"


def store_fault(app: Flask) -> str:
    return "; ".join(start_checks.store_refusals(app.extensions["wss"]))


def test_the_folder_of_documents_is_marked_when_the_site_first_starts(app: Flask):
    assert store_fault(app) == ""

    assert len(mark_of(app).read_text().strip()) == 32 and mark_of(app).stat().st_mode & 0o077 == 0


def test_a_development_site_marks_its_folder_too(make_app: MakeApp, settings: Config):
    app = make_app(settings)

    assert (refusals(app), mark_of(app).exists()) == ("", True)


def test_a_folder_is_not_used_after_it_has_lost_its_mark(app: Flask):
    assert store_fault(app) == ""
    mark_of(app).unlink()

    with pytest.raises(StoreAway):
        app.extensions["wss"].gateways.documents.put(b"%PDF-", "pdf")


def test_a_folder_of_another_installation_is_refused(app: Flask):
    mark_of(app).parent.mkdir(parents=True)
    mark_of(app).write_text("0" * 32)

    assert "another installation" in store_fault(app)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_without_the_documents_of_the_database_is_refused_and_not_marked(app: Flask, is_there: bool):
    store = app.extensions["wss"].gateways.documents
    key = store.put(b"%PDF-", "pdf") if is_there else f"00/{'0' * 32}.pdf"
    given(a_document(key))

    assert ("mount or restore" in store_fault(app)) is not is_there
    assert mark_of(app).exists() is is_there


def test_a_folder_that_cannot_be_written_is_refused(app: Flask):
    mark_of(app).parent.parent.mkdir(parents=True, exist_ok=True)
    mark_of(app).parent.write_text("a file, not a folder")

    assert "check WSS_DOCUMENTS_URL" in store_fault(app)


def test_a_malformed_setting_ends_a_command_with_one_sentence(tmp_path: Path):
    environ = environment(tmp_path, WSS_ENV="development", WSS_SMTP_URL="foo")
    command = [sys.executable, "-m", "flask", "--app", "app", "doctor", "--json"]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)

    assert ended.returncode == 1 and not list(tmp_path.iterdir())
    assert [each["weight"] for each in json.loads(ended.stdout)] == ["error"]
    assert ended.stderr.startswith("Error: WSS does not start: WSS_SMTP_URL must be smtp://")


def test_a_command_loads_none_of_the_pages(tmp_path: Path):
    environ = environment(tmp_path, WSS_ENV="development", FLASK_RUN_FROM_CLI="true")
    program = (
        "import app, sys; print([name for name in sys.modules if name.startswith(('wss.web', 'flask_wtf'))])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True
    )

    assert ended.stdout == "[]\n"
