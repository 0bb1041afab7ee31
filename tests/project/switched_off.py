"""A plugin for pytest: runs each control's test with the control switched off, and writes down what became of it.

`python -m pytest -p tests.project.switched_off --switched-off RESULTS.json <tests>`: all in one process, as starting
one for each control would take longer than the tests.
"""

import json
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.project.controls import CONTROLS, Control

# These tell of a switch that does not fit any more, not of a test that has noticed.
BROKEN = ("AttributeError", "NameError", "ImportError", "TypeError", "KeyError")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--switched-off", help="run with one control after the other switched off; results go here"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """In place of the tests: the controls."""
    results = session.config.getoption("--switched-off")
    if not results:
        return None
    told = {control.name: tried(control, session.items) for control in CONTROLS}
    Path(results).write_text(json.dumps(told), encoding="utf-8")
    # The last test takes the shared fixtures down.
    _run(session.items[-1], None)
    return True


def tried(control: Control, items: list[pytest.Item]) -> str:
    """ "red" when one of the tests noticed, otherwise what happened."""
    own = [
        item
        for item in items
        if item.nodeid.partition("[")[0] == control.test and "postgresql" not in item.nodeid
    ]
    said = "no such test"
    for item in own:
        with pytest.MonkeyPatch.context() as patch:
            control.switch_off(patch)
            # A following test of another folder keeps the fixtures of the session, and no others.
            said = _run(item, next(other for other in items if other.path.parent != item.path.parent))
        if said != "green":
            break
    return said


def _run(item: pytest.Item, following: pytest.Item | None) -> str:
    item._initrequest()  # type: ignore[attr-defined]
    for report in runtestprotocol(item, log=False, nextitem=following):
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(crash.message if crash else report.longrepr)
            return (
                "red"
                if report.when == "call" and not message.startswith(BROKEN)
                else f"{report.when}: {message}"
            )
    return "green"
