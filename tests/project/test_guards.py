"""Tests bite: with a control switched off, the test that holds it turns red."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.controls import CONTROLS
from tests.project.tree import ROOT, none_of


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each control's test, all in one run of its own."""
    told = tmp_path_factory.mktemp("guards") / "results.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command += ["-p", "tests.project.switched_off", "--switched-off", str(told)]
    tests = sorted({control.test for control in CONTROLS})
    # A worker's name would have the run share this worker's databases.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "WSS_TEST_"))}
    run = subprocess.run([*command, *tests], cwd=ROOT, env=own, capture_output=True, text=True)
    assert told.exists(), run.stdout[-3000:] + run.stderr[-3000:]
    answers: dict[str, str] = json.loads(told.read_text(encoding="utf-8"))
    print(f"\n{len(answers)} controls switched off, {list(answers.values()).count('red')} noticed")
    return answers


def test_every_control_that_is_switched_off_turns_a_test_red(results: dict[str, str]):
    none_of([f"{name}: {said}" for name, said in results.items() if said != "red"])


def test_every_control_has_a_name_of_its_own():
    names = [control.name for control in CONTROLS]

    assert sorted(names) == sorted(set(names))


def test_what_a_control_names_is_there():
    none_of([c.test for c in CONTROLS if not (ROOT / Path(c.test.partition("::")[0])).is_file()])
