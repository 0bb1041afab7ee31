"""Runs sqlmap on forms and queries of the site with real sessions and tokens, and counts what its requests reached."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from attack.environments import tool
from attack.exchange import encoded
from attack.report import Outcome
from attack.site_target import SiteTarget
from attack.targets import Person, Place, Target

# The persons and endpoints to scan, the most important first. A quick run takes the first few.
_AIMS = (
    ("visitor", "POST", "/track"),
    ("clerk", "GET", "/todo"),
    ("consumer", "GET", "/account/<account_no>/bills"),
    ("visitor", "POST", "/login"),
    ("head office", "GET", "/mis/requests"),
    ("help-desk", "POST", "/helpdesk"),
    ("visitor", "POST", "/login/otp"),
    ("visitor", "POST", "/register"),
    ("visitor", "POST", "/staff/login"),
    ("clerk", "GET", "/mis"),
    ("clerk", "GET", "/pending"),
    ("consumer", "POST", "/account/<account_no>/requests/new"),
    ("consumer", "POST", "/account/settings"),
    ("consumer", "GET", "/account/access"),
    ("supervisor", "GET", "/helpdesk/supervisor"),
    ("administrator", "GET", "/admin/<table>"),
    ("administrator", "GET", "/messages"),
    ("clerk", "POST", "/todo/<complaint_no>/actions"),
)
QUICK = 3
AT_ONCE = 2
LONGEST_S, QUICK_S = 60, 45
# Valid values of forms and filters, so that the code reaches its queries.
_USUAL = {
    "type": "BILL_CORRECTION",
    "user": "all",
    "user_id": "E20005",
    "start": "2026-01-01T00:00",
    "end": "2027-12-31T00:00",
    "status": "registered",
    "late": "1",
    "escalated": "1",
    "from": "2026-11-01",
    "to": "2026-11-30",
    "day": "2026-11-30",
    "kind": "BILL_CORRECTION",
    "request": "BILL_CORRECTION",
    "figure": "registered",
    "own": "1",
    "call_reason": "bill",
    # Not 999999: sqlmap takes that for the remains of an earlier attempt, and stops.
    "before": "100000",
    "own_before": "100000",
    "login": "urban",
    "password": "not the password",
    "employee_id": "E20005",
}
_LEFT_OUT = {
    "lang",
    "done",
    "csrf_token",
    "reload_captcha",
    "captcha",
    "captcha_id",
    "after",
    "next",
    "remove",
}
# In the path: an asterisk marks where sqlmap inserts its values.
_IN_PATH = (("visitor", "GET", "/t/<code>"), ("consumer", "GET", "/requests/<complaint_no>"))
_NOT_TRIED = "csrf_token"
_RESPONSE = re.compile(r"^HTTP response \[#\d+\] \((\d+)", re.MULTILINE)
_TO_SIGN_IN = re.compile(r"^Location: \S*/login\b", re.MULTILINE | re.IGNORECASE)
_POINT = re.compile(r"^Parameter: (.+)$", re.MULTILINE)
_REFUSALS = {400, 403, 419, 429}
MOST_REFUSED = 0.2
_SMALLEST = 20


@dataclass(frozen=True, slots=True)
class Aim:
    """One address for one run of sqlmap; `data` is the form, `names` are the parameters to scan."""

    person: Person
    address: str
    data: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The findings of a run, how many responses of each kind it got, and whether it ran out of time."""

    points: list[str]
    seen: Counter[str]
    is_cut_short: bool


def aims(target: SiteTarget, *, is_quick: bool) -> Iterator[Aim]:
    """Yield the targets on the site."""
    places = {(place.method, place.rule): place for place in target.places}
    for who, method, rule in _AIMS[: QUICK if is_quick else None]:
        if (method, rule) in places:
            yield _aim(target, target.residents.named(who), places[method, rule])
    for who, method, rule in () if is_quick else _IN_PATH:
        person = target.residents.named(who)
        path = places[method, rule].path(places[method, rule].usual(person.things))
        yield Aim(person, f"{target.base}{path}*")


def _aim(target: Target, person: Person, place: Place) -> Aim:
    path = place.path(place.usual(person.things))
    usual = {**person.things, **_USUAL}
    names = tuple(name for name in place.names or place.perhaps if name not in _LEFT_OUT)
    if place.method == "GET":
        known = [(name, usual[name].encode()) for name in names if name in usual]
        return Aim(person, f"{target.base}{path}?{encoded(known)}", names=tuple(dict(known)))
    form = [(name, raw) for name, raw in person.forms.get(place.rule, []) if name not in _LEFT_OUT]
    held = dict(form or [(name, b"") for name in names])
    filled = [(name, raw or usual.get(name, "1").encode()) for name, raw in held.items()]
    token = [(_NOT_TRIED, person.token.encode())]
    return Aim(person, target.base + path, encoded([*filled, *token]), tuple(dict(filled)))


def run_on_site(target: SiteTarget, folder: Path, *, is_quick: bool) -> Outcome:
    """Scan the targets, two at a time."""
    for person in target.people:
        target.residents.sign_in(person)
    tried = [_with_token(aim) for aim in aims(target, is_quick=is_quick)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folders = [folder / f"sqlmap-{number}" for number in range(len(tried))]
        runs = list(pool.map(partial(scan, is_quick=is_quick), tried, folders))
    outcome, statuses = Outcome("sqlmap"), Counter[str]()
    for aim, run in zip(tried, runs, strict=True):
        outcome.targets += max(1, len(aim.names))
        outcome.tries += run.seen.total()
        outcome.found += [f"{aim.address}: {point}" for point in run.points]
        outcome.wrong += unreached(aim.address, run.seen)
        statuses += run.seen
    cut = sum(run.is_cut_short for run in runs)
    answers = ", ".join(f"{kind} {number:,}" for kind, number in sorted(statuses.items()))
    outcome.notes.append(f"{len(runs)} runs, {cut} of them cut short by time; answers: {answers}")
    return outcome


def _with_token(aim: Aim) -> Aim:
    """Return the same target with the current session's token."""
    pairs = [pair for pair in aim.data.split("&") if pair and not pair.startswith(f"{_NOT_TRIED}=")]
    token = f"{_NOT_TRIED}={aim.person.token}"
    return Aim(aim.person, aim.address, "&".join([*pairs, token]) if aim.data else "", aim.names)


def run_on_weak(base: str, folder: Path) -> Outcome:
    """Scan the weak application, where an injection has to be found."""
    aim = Aim(Person("visitor"), f"{base}/search?q=1", names=("q",))
    run = scan(aim, folder / "sqlmap-weak", is_quick=True)
    found = min(1, len(run.points))
    outcome = Outcome(
        "sqlmap on the weak application", 1, run.seen.total(), run.points, wanted=f"{found} of 1"
    )
    outcome.wrong += [] if found else ["the seeded SQL injection was not found"]
    return outcome


def scan(aim: Aim, folder: Path, *, is_quick: bool) -> Run:
    """Run sqlmap once; end it when its time is up."""
    folder.mkdir(parents=True, exist_ok=True)
    traffic = folder / "traffic"
    depth = ["--level=1", "--risk=1"] if is_quick else ["--level=3", "--risk=2"]
    command = [
        *tool("sqlmap"), "-u", aim.address, "--batch", "--disable-coloring", "--flush-session",
        "--output-dir", str(folder), "-t", str(traffic), "--dbms=sqlite", "--technique=BEU",
        "--ignore-redirects", "--drop-set-cookie", "--timeout=10", "--retries=1", *depth,
    ]  # fmt: skip
    command += ["--cookie", aim.person.cookie] if aim.person.cookie else []
    command += ["--data", aim.data] if aim.data else []
    command += ["-p", ",".join(aim.names)] if aim.names else []
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=QUICK_S if is_quick else LONGEST_S, check=False
        )
        said, is_cut_short = done.stdout, False
    except subprocess.TimeoutExpired as error:
        said, is_cut_short = error.stdout or b"", True
    text = said.decode("utf-8", "replace")
    points = _POINT.findall(text) if "identified the following injection point" in text else []
    written = traffic.read_text(encoding="utf-8", errors="replace") if traffic.exists() else ""
    return Run(points, kinds_of(written), is_cut_short)


def kinds_of(traffic: str) -> Counter[str]:
    """Count the responses of each kind in sqlmap's log of its traffic."""
    seen: Counter[str] = Counter()
    for status in _RESPONSE.findall(traffic):
        seen["refused" if int(status) in _REFUSALS else f"{status[0]}xx"] += 1
    to_sign_in = len(_TO_SIGN_IN.findall(traffic))
    seen["sent to sign in"] += to_sign_in
    seen["3xx"] -= to_sign_in
    return +seen


def unreached(address: str, seen: Counter[str]) -> Sequence[str]:
    """Return why a run is meaningless: it sent hardly any requests, or most were refused before the code ran."""
    if seen.total() < _SMALLEST:
        return [f"{address}: only {seen.total()} requests"]
    refused = seen["refused"] + seen["sent to sign in"]
    share = refused / seen.total()
    return [f"{address}: {share:.0%} of {seen.total()} requests were refused"] if share > MOST_REFUSED else []
