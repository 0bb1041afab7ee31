"""The processes of a server add their metrics up in a folder of their own."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.project.tree import ROOT
from wss import metrics

# Two processes count, one of which ends with a request under way; the third asks.
TWO_PROCESSES = """
import os
from wss import metrics
metrics.start()
for number in (1, 2):
    child = os.fork()
    if not child:
        metrics.count_progress(1)
        metrics.count_request("/login", "GET", "200", 0.3)
        os._exit(0)
    os.waitpid(child, 0)
    if number == 1:
        metrics.forget_process(child)
print(metrics.process_figures())
"""


def test_processes_add_up_and_an_ended_one_keeps_its_counts_but_holds_nothing_open(tmp_path: Path):
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", TWO_PROCESSES]
    ended = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)

    lines = ended.stdout.splitlines()
    assert 'wss_requests_total{method="GET",rule="/login",status="200"} 2.0' in lines
    assert 'wss_request_duration_seconds_bucket{le="0.5",rule="/login"} 2.0' in lines
    assert "wss_requests_in_progress 1.0" in lines


def test_the_folder_is_new_private_and_never_the_working_folder(tmp_path: Path):
    folders = [Path(metrics.make_folder(["", str(tmp_path / "missing"), str(tmp_path)])) for _ in range(2)]

    assert folders[0] != folders[1] and {folder.parent for folder in folders} == {tmp_path}
    assert stat.S_IMODE(folders[0].stat().st_mode) == 0o700
    metrics.remove_folder(str(folders[0]))
    assert not folders[0].exists()
