"""Runs Wapiti on the site as different people, and reads its report."""

import json
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from attack.environments import tool
from attack.report import Outcome
from attack.site_target import SiteTarget
from attack.targets import Person

# No module that contacts another machine or guesses thousands of passwords or file names.
_QUICK_MODULES = "crlf,http_headers,permanentxss,redirect,sql,xss"
_MODULES = f"{_QUICK_MODULES},cookieflags,csp,exec,file,htaccess,methods,shellshock,timesql"
_PEOPLE = ("visitor", "consumer", "clerk", "administrator", "help-desk")
_QUICK_PEOPLE = ("visitor", "clerk")
# Logging out would end the scan.
_LEFT_OUT = ("/logout", "/staff/logout", "/account/sessions/end", "/account/data/erase")
# The faults that Wapiti has to find in the weak application.
WANTED = ("Reflected Cross Site Scripting", "Open Redirect", "SQL Injection")
# Findings checked by hand that do not apply to this site, each with the reason.
_EXPLAINED = {
    "Secure Flag cookie": "the site is served over http on loopback; over https the flag is set",
    "HTTP Strict Transport Security (HSTS)": "sent over https only, as the standard wants it",
    "Unencrypted Channels": "the site is served over http on loopback",
}
_FEWEST_PAGES = 5
_LONGEST_S = 400
AT_ONCE = 2
# At its second level of verbosity Wapiti prints each request, crawled or mutated.
_ASKED = re.compile(r"^\[[+¨]\] (?:GET|POST|\w+) ", re.MULTILINE)


def run_on_site(target: SiteTarget, *, is_quick: bool) -> Outcome:
    """Scan the site as each person."""
    people = [target.residents.named(name) for name in (_QUICK_PEOPLE if is_quick else _PEOPLE)]
    for person in people:
        target.residents.sign_in(person)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        reports = list(pool.map(partial(scan, target.base, is_quick=is_quick), people))
    outcome = Outcome("wapiti")
    for person, report in zip(people, reports, strict=True):
        pages = _pages(report)
        outcome.targets += pages
        outcome.tries += report["tries"]
        found, explained = findings(report)
        outcome.found += [f"as {person.name}: {one}" for one in found]
        outcome.notes += [f"wapiti as {person.name}: {one}" for one in explained]
        if pages < _FEWEST_PAGES:
            outcome.wrong.append(f"as {person.name} only {pages} pages were seen")
    return outcome


def _pages(report: dict[str, Any]) -> int:
    return int(report.get("infos", {}).get("crawled_pages_nbr", 0))


def run_on_weak(base: str) -> Outcome:
    """Scan the weak application, where the seeded faults have to be found."""
    report = scan(base, Person("visitor"), is_quick=True)
    found = set(_kinds(report))
    here = [kind for kind in WANTED if kind in found]
    outcome = Outcome("wapiti on the weak application", wanted=f"{len(here)} of {len(WANTED)}")
    outcome.targets, outcome.tries = _pages(report), report["tries"]
    outcome.found = sorted(found)
    outcome.wrong = [f"the seeded fault was not found: {kind}" for kind in WANTED if kind not in found]
    return outcome


def scan(base: str, person: Person, *, is_quick: bool) -> dict[str, Any]:
    """Run one scan; return Wapiti's report."""
    with tempfile.TemporaryDirectory(prefix="attack-wapiti-") as folder:
        report = Path(folder) / "report.json"
        command = [
            *tool("wapiti"), "-u", f"{base}/", "--scope", "domain", "-m", _QUICK_MODULES if is_quick else _MODULES,
            "--flush-session", "--store-session", folder, "--store-config", folder, "-d", "4",
            "--max-links-per-page", "40", "--max-parameters", "14", "--max-scan-time", "10" if is_quick else "20",
            "--max-attack-time", "5" if is_quick else "8", "--skip", "csrf_token", "-l", "1", "-v", "2",
            "-f", "json", "-o", str(report), "--no-bugreport",
        ]  # fmt: skip
        for path in _LEFT_OUT:
            command += ["-x", base + path]
        command += ["-C", person.cookie, "--drop-set-cookie"] if person.cookie else []
        said = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False).stdout
        found = dict(json.loads(report.read_text(encoding="utf-8"))) if report.exists() else {}
        return {**found, "tries": len(_ASKED.findall(said.decode("utf-8", "replace")))}


def findings(report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return its findings, and separately those that are explained."""
    found, explained = [], []
    for kind, one in _named(report):
        reason = _EXPLAINED.get(kind)
        line = f"{kind}: {one.get('method')} {one.get('path')} {one.get('info')} {one.get('parameter') or ''}"
        if reason is None:
            found.append(line)
        elif f"{kind}: {reason}" not in explained:
            explained.append(f"{kind}: {reason}")
    return found, explained


def _named(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parts = (report.get("vulnerabilities", {}), report.get("anomalies", {}))
    return [(kind, one) for part in parts for kind, listed in part.items() for one in listed]


def _kinds(report: dict[str, Any]) -> list[str]:
    return [kind for kind, _ in _named(report)]
