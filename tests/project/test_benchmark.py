"""The benchmark compares the site with programs that share no code with it and show and write the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from bench.baselines import applications
from bench.baselines.page_template import generated
from tests.factories import Household, sign_in
from tests.fixtures import complaint_handling
from tests.fixtures.site import Visitor
from tests.project.test_imports import imports
from tests.project.tree import ROOT, sources


@pytest.mark.sqlite_only("the page does not depend on the database")
def test_the_generated_page_is_the_page_of_the_site(
    app: Flask,
    complainant: Household,
    visitor: Visitor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    sign_in(visitor, complainant.consumer)
    body = visitor.get(f"/requests/{complaint_handling.NUMBER}").response.data
    monkeypatch.setenv(applications.FOLDER, str(tmp_path))

    page = generated(body.decode())
    page.write(tmp_path)

    assert applications.page().test_client().get("/").data == body
    assert min(page.variables / 20, page.loops, page.includes) >= 1


def test_baselines_import_nothing_of_the_site():
    found = {
        target.split(".")[0]
        for source in sources("bench/baselines", "bench/peer")
        for _node, target in imports(source)
        if not target.startswith("bench.baselines")
    }

    assert found & {"wss", "bench", "tests", "devtools", "attack"} == set()


def test_a_goal_is_measured_at_its_smallest():
    completed = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "P3"], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert completed.stdout.startswith("| P3 | refresh of a timeline without news, ")
