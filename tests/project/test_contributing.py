"""The lists of CONTRIBUTING.md, followed on a copy of the project: all steps pass, and none can be left out."""

import importlib
import inspect
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.project.tree import ROOT, files

COPIED = (
    "wss",
    "templates",
    "tests/project",
    "tests/fixtures",
    "tests/web",
    "devtools",
    "migrations",
    "docs",
    ".ci",
)
OURS = {"wss", "tests", "devtools"}
PAGE = '''"""Opening hours."""

from flask import Response

from wss.web.pages import render
from wss.web.public.views import public


@public.get("/opening-hours")
def opening_hours() -> Response:
    """Show when the help-desk answers calls."""
    return render("public/opening_hours.html")
'''


@dataclass(frozen=True)
class Step:
    """One step of a list: texts that are inserted before or after others in a file, or a new file."""

    path: str
    # Pairs of the text to look for, and its replacement; of a new file the pair is an empty text and its content.
    edits: tuple[tuple[str, str], ...]

    def done(self, text: str) -> str:
        """Return the content of the file after the step."""
        for old, new in self.edits:
            assert not old or text.count(old) == 1, f"{self.path}: {old!r} is there {text.count(old)} times"
            text = text.replace(old, new) if old else new
        return text


@dataclass(frozen=True)
class Walk:
    """A list of CONTRIBUTING.md with an example, the tests that hold it, and a program that uses the result."""

    title: str
    steps: tuple[Step, ...]
    tests: tuple[str, ...]
    proof: str


REGISTRIES, SPENDING = "tests/project/test_registries.py", "tests/project/test_spending.py"
WALKS = (
    Walk(
        "A field of the request form",
        (
            Step(
                "wss/domain/catalogue.py",
                (
                    ('    REMARKS = "remarks"\n', '    EXAMPLE = "example"\n    REMARKS = "remarks"\n'),
                    (
                        "    RequestField.REMARKS: FieldSpec(",
                        "    RequestField.EXAMPLE: FieldSpec(_offered, Widget.SELECT, is_required=True),\n"
                        "    RequestField.REMARKS: FieldSpec(",
                    ),
                ),
            ),
            Step(
                "wss/web/labels/form_fields.py",
                (
                    (
                        "    RequestField.REMARKS: FieldText(",
                        "    RequestField.EXAMPLE: FieldText(\n"
                        '        _l("Network"),\n'
                        '        spoken=_l("The category should be %(words)s."),\n'
                        '        missing=_l("Choose a reason"),\n'
                        '        options={"one": _l("urban"), "three": _l("rural")},\n'
                        "    ),\n"
                        "    RequestField.REMARKS: FieldText(",
                    ),
                ),
            ),
            Step("wss/demo/catalogue.csv", (("new_load_kw ", "new_load_kw example "),)),
        ),
        ("tests/web/test_form_fields.py", REGISTRIES),
        "from wss.domain.catalogue import CLAIM, FIELDS, RequestField; assert FIELDS[RequestField.EXAMPLE].is_required",
    ),
    Walk(
        "A status",
        (
            Step(
                "wss/domain/lifecycle.py",
                (
                    ('    PROPOSED = "proposed"\n', '    PROPOSED = "proposed"\n    VISITED = "visited"\n'),
                    (
                        "    Status.PROPOSED: NextToAct.OFFICE,\n",
                        "    Status.PROPOSED: NextToAct.OFFICE,\n    Status.VISITED: NextToAct.OFFICE,\n",
                    ),
                    (
                        "    (Status.IN_REVIEW, Action.ASSIGN):",
                        "    (Status.VISITED, Action.TAKE_UP): Transition(Status.IN_REVIEW, HANDLERS),\n"
                        "    (Status.REGISTERED, Action.ASSIGN): Transition(Status.VISITED, HANDLERS),\n"
                        "    (Status.IN_REVIEW, Action.ASSIGN):",
                    ),
                ),
            ),
            Step(
                "wss/web/labels/requests.py",
                (
                    (
                        "    Status.REOPENED: StatusLabel(",
                        '    Status.VISITED: StatusLabel(_l("In review"), _l("In review"), next_step=_l("Next")),\n'
                        "    Status.REOPENED: StatusLabel(",
                    ),
                ),
            ),
        ),
        (REGISTRIES,),
        "from wss.web.labels.requests import status_tone; assert status_tone('visited') == ''",
    ),
    Walk(
        "An SMS notice",
        (
            Step(
                "wss/domain/notices.py",
                (
                    (
                        '        _otp("hold_otp"),\n',
                        '        _otp("hold_otp"),\n'
                        '        Notice("meter_tested", _SMS, _OFFICE, ("complaint_no",), is_of_complaints=True),\n',
                    ),
                ),
            ),
            Step(
                "templates/messages/NAME/hi/sms.txt",
                (("", "WSS: शिकायत {#complaint_no#} के मीटर की जाँच हो गई है। -UPPCL\n"),),
            ),
            Step(
                "templates/messages/NAME/en/sms.txt",
                (("", "WSS: The meter of complaint {#complaint_no#} was tested. -UPPCL\n"),),
            ),
            Step(
                "wss/web/labels/deliveries.py",
                (
                    (
                        '    "hold_otp": _l(',
                        '    "meter_tested": _l("Complaint resolved"),\n    "hold_otp": _l(',
                    ),
                ),
            ),
            Step(
                "wss/services/…",
                (
                    (
                        "\n\ndef _own_id(",
                        '\n        queue_notice("meter_tested", anonymisation.recipient(owner), {})\n\n\ndef _own_id(',
                    ),
                ),
            ),
        ),
        (REGISTRIES, SPENDING),
        "from wss.gateways.message_texts import message_of; "
        "assert '7' in message_of('meter_tested', 'sms', 'en', {'complaint_no': '7', 'site': 'https://x.in'}).text",
    ),
    Walk(
        "A staff role",
        (
            Step(
                "wss/domain/actor.py",
                (('    ADMIN = "admin"\n', '    ADMIN = "admin"\n    AUDITOR = "auditor"\n'),),
            ),
            Step(
                "wss/web/access_table.py",
                (
                    (
                        '    "mis": frozenset(HANDLING_ROLES),\n',
                        '    "mis": frozenset({*HANDLING_ROLES, Role.AUDITOR}),\n',
                    ),
                ),
            ),
            Step(
                "wss/web/labels/staff.py",
                (("    Role.ADMIN: _l(", '    Role.AUDITOR: _l("Head office"),\n    Role.ADMIN: _l('),),
            ),
        ),
        (REGISTRIES,),
        "from wss.web.access_table import may_enter; assert may_enter('mis.figures', 'auditor')",
    ),
    Walk(
        "A page",
        (
            Step("wss/web/AUDIENCE/MODULE.py", (("", PAGE),)),
            Step(
                "wss/web/AUDIENCE/__init__.py",
                (
                    ("leaflet, unsubscribe", "leaflet, opening_hours, unsubscribe"),
                    ('"leaflet", "public"', '"leaflet", "opening_hours", "public"'),
                ),
            ),
            Step(
                "templates/AUDIENCE/PAGE.html",
                (
                    (
                        "",
                        '{% extends "layouts/base.html" %}\n{% block main %}<h1>{{ _("Help") }}</h1>{% endblock %}\n',
                    ),
                ),
            ),
        ),
        ("tests/project/test_views.py",),
        "from pathlib import Path; from wss import create_app; from wss.config import Config; "
        "site = create_app(Config(env='development', instance=Path('instance').resolve(), demo=False)); "
        "assert b'<h1>' in site.test_client().get('/opening-hours').data",
    ),
    Walk(
        "A setting",
        (
            Step(
                "wss/config.py",
                (
                    (
                        "    demo: bool = setting(",
                        '    footer_note: str = setting("", "a line of text below each page")\n'
                        "    demo: bool = setting(",
                    ),
                ),
            ),
            Step(
                "docs/settings.md",
                (
                    (
                        "| `WSS_DEMO` |",
                        "| `WSS_FOOTER_NOTE` | none | a line of text below each page |\n| `WSS_DEMO` |",
                    ),
                ),
            ),
        ),
        ("tests/project/test_commands.py",),
        "from wss.config import Config; "
        "assert Config.from_env({'WSS_FOOTER_NOTE': 'Hello'}).footer_note == 'Hello'",
    ),
)
# The names that the examples use for the placeholders of the lists.
NAMES = {
    "/NAME/": "/meter_tested/",
    "wss/services/…": "wss/services/my_data/erasure.py",
    "AUDIENCE": "public",
    "MODULE": "opening_hours",
    "PAGE": "opening_hours",
}


def listed(title: str) -> list[str]:
    """Return the files that the numbered steps of a list name, in their order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [section] = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\d\. `([^`]+)`", section, re.MULTILINE)


def file_of(step: Step) -> str:
    """Return the file that the example edits for a step."""
    path = step.path
    for placeholder, name in NAMES.items():
        path = path.replace(placeholder, name)
    return path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide a copy of the project, as far as the fast tests of its tables need it."""
    folder = tmp_path_factory.mktemp("contributing")
    for path in (*files(*COPIED), *(path for path in ROOT.iterdir() if path.is_file())):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for linked in ("static", "translations"):
        (folder / linked).symlink_to(ROOT / linked)
    (folder / "instance").mkdir()
    return folder


@contextmanager
def followed(copy: Path, steps: Sequence[Step]) -> Iterator[None]:
    """Carry out steps on the copy, and undo them afterwards."""
    before: dict[Path, str | None] = {}
    try:
        for step in steps:
            path = copy / file_of(step)
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            before.setdefault(path, text or None)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.done(text), encoding="utf-8")
        yield
    finally:
        for path, old in before.items():
            if old is None:
                path.unlink()
            else:
                path.write_text(old, encoding="utf-8")


def run(copy: Path, tests: Sequence[str], proof: str) -> None:
    """Run test modules of the copy, which need no fixtures, and then a program that uses the result."""
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    for path in tests:
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        for name, test in vars(module).items():
            if name.startswith("test_") and not inspect.signature(test).parameters:
                test()
    exec(proof, {})  # noqa: S102  a text of this module


def passes(copy: Path, walk: Walk, proof: str = "") -> bool:
    """Return whether the tests of a list pass in the copy, in a process that imports only the copy's modules.

    The process is forked, because importing the libraries takes most of the time of a new process.
    """
    process = get_context("fork").Process(target=run, args=(copy, walk.tests, proof))
    process.start()
    process.join()
    return process.exitcode == 0


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.title)
def test_the_example_edits_the_files_that_the_list_names(walk: Walk):
    assert [step.path for step in walk.steps] == listed(walk.title)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.title)
def test_nothing_but_the_steps_of_a_list_is_needed(walk: Walk, copy: Path):
    with followed(copy, walk.steps):
        assert passes(copy, walk, walk.proof)


@pytest.mark.parametrize(
    ("walk", "step"),
    [(walk, step) for walk in WALKS for step in walk.steps],
    ids=lambda each: each.title if isinstance(each, Walk) else each.path,
)
def test_no_step_of_a_list_can_be_left_out(walk: Walk, step: Step, copy: Path):
    with followed(copy, [each for each in walk.steps if each is not step]):
        assert not passes(copy, walk)
