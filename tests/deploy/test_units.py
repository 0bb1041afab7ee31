"""The units of systemd and the script of the nightly import, as they are shipped."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wss import PROJECT
from wss.config import SETTINGS
from wss.domain.extracts import EXTRACTS

RELEASE = "/srv/wss/current"
DEPLOY = PROJECT / "deploy"
UNITS = sorted([*DEPLOY.glob("systemd/*"), *DEPLOY.glob("backup/wss-backup.*")])
SERVICES = [path for path in UNITS if path.suffix == ".service"]
# Of 10, by `systemd-analyze security`: below 2 is "OK", a unit without hardening has 9.6.
MOST_EXPOSED = 20


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with the units, in which every program that they start exists."""
    release, units = tmp_path / "release", tmp_path / "units"
    units.mkdir()
    for program in (".venv/bin/gunicorn", ".venv/bin/flask", "deploy/import-extracts.sh"):
        (release / program).parent.mkdir(parents=True, exist_ok=True)
        (release / program).write_text("#!/bin/sh\n")
        (release / program).chmod(0o755)
    for path in UNITS:
        (units / path.name).write_text(path.read_text().replace(RELEASE, str(release)))
    return units


def test_every_unit_is_valid(installed: Path):
    units = sorted(str(path) for path in installed.iterdir())

    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_service_is_hardened(service: Path):
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}"]

    checked = subprocess.run([*command, str(service)], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout[-300:]


def test_services_do_not_share_a_folder_that_ends_with_one_of_them():
    folders = re.findall(r"^RuntimeDirectory=(.+)", "\n".join(path.read_text() for path in SERVICES), re.M)

    assert len(folders) == len(set(folders))


def test_two_backups_within_a_minute_have_names_of_their_own():
    name = re.search(r"\$\$\(date -u \+(\S+)\)", (DEPLOY / "backup/wss-backup.service").read_text())

    assert name and "%S" in name[1].replace("%%", "%")


def test_systemd_listens_where_nginx_asks():
    address = re.search(r"^ListenStream=(.+)", (DEPLOY / "systemd/wss-web.socket").read_text(), re.M)

    assert address and f"server {address[1]};" in (DEPLOY / "nginx.conf").read_text()


def test_every_name_in_the_example_of_settings_is_a_setting():
    lines = (DEPLOY / "wss.env").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}

    assert names <= {name for each in SETTINGS.values() for name in (each.name, each.file_name)}


@pytest.fixture
def nightly(tmp_path: Path) -> list[Path]:
    """Return the command of the nightly import; `imported` lists the tables that its `flask` was asked to import."""
    release, incoming = tmp_path / "release", tmp_path / "incoming"
    for folder in (release / "deploy", release / ".venv" / "bin", incoming):
        folder.mkdir(parents=True)
    script = shutil.copy(PROJECT / "deploy" / "import-extracts.sh", release / "deploy")
    flask = release / ".venv" / "bin" / "flask"
    flask.write_text(f'#!/bin/sh\necho "$4" >>{tmp_path}/imported\ncase "$5" in *refused*) exit 1; esac\n')
    flask.chmod(0o755)
    return [script, incoming, tmp_path / "done"]


def run_with_extracts(nightly: list[Path], *names: str) -> tuple[int, list[str], list[str]]:
    """Return the status of the import, the tables that it imported, and the files that stay."""
    _script, incoming, done = nightly
    for name in names:
        (incoming / name).write_text("code\n")
    ended = subprocess.run(nightly, check=False, capture_output=True)
    imported = (done.parent / "imported").read_text().split()
    return ended.returncode, imported, sorted(path.name for path in incoming.iterdir())


def test_the_nightly_import_takes_extracts_in_their_order(nightly: list[Path]):
    assert run_with_extracts(nightly, "bills-1.csv", "connections.csv") == (0, ["connections", "bills"], [])


def test_the_nightly_import_leaves_a_refused_extract_and_what_follows(nightly: list[Path]):
    names = ("bills.csv", "connections-1.csv", "connections-2-refused.csv")

    assert run_with_extracts(nightly, *names) == (1, ["connections"] * 2, [names[0], names[2]])


def test_the_nightly_import_leaves_tables_that_give_rights_and_says_so(nightly: list[Path]):
    others = sorted(f"{table}.csv" for table in EXTRACTS if table not in ("connections", "bills"))

    assert run_with_extracts(nightly, "connections.csv", *others) == (1, ["connections"], others)


def test_the_nightly_import_follows_no_link(nightly: list[Path]):
    (nightly[1] / "bills.csv").symlink_to(nightly[0])

    assert run_with_extracts(nightly, "connections.csv") == (1, ["connections"], ["bills.csv"])
