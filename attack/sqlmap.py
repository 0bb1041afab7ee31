"""Runs sqlmap on forms and queries of the site with real sessions and tokens, and counts what its requests reached."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from attack.environments import tool
from attack.exchange import encoded
from attack.report import Outcome
from attack.site_target import SiteTarget
from attack.targets import Person, Place, Target

# Who is tried where, the worthiest first. A quick run takes the first few.
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
# In the path: a star says where sqlmap puts its values.
_IN_PATH = (("visitor", "/t/*"), ("consumer", "/requests/*"), ("clerk", "/todo/*"))
_NOT_TRIED = "csrf_token"
_RESPONSE = re.compile(r"^HTTP response \[#\d+\] \((\d+)", re.MULTILINE)
_TO_SIGN_IN = re.compile(r"^Location: \S*/login\b", re.MULTILINE | re.IGNORECASE)
_POINT = re.compile(r"^Parameter: (.+)$", re.MULTILINE)
_REFUSALS = {400, 403, 419, 429}
MOST_REFUSED = 0.2
_SMALLEST = 20


@dataclass(frozen=True, slots=True)
class Aim:
    """One address for one run of sqlmap; `data` is the form, `names` are the parameters that are tried."""

    person: Person
    address: str
    data: str = ""
    names: tuple[str, ...] = ()


def aims(target: SiteTarget, *, is_quick: bool) -> Iterator[Aim]:
    """What is tried on the site."""
    places = {(place.method, place.rule): place for place in target.places}
    for who, method, rule in _AIMS[: QUICK if is_quick else None]:
        if (method, rule) in places:
            yield _aim(target, target.residents.named(who), places[method, rule])
    for who, path in () if is_quick else _IN_PATH:
        yield Aim(target.residents.named(who), target.base + path)


def _aim(target: Target, person: Person, place: Place) -> Aim:
    path = place.path(place.usual(person.things))
    names = place.names or place.perhaps
    if place.method == "GET":
        pairs = [(name, person.things.get(name, "1").encode()) for name in names]
        return Aim(person, f"{target.base}{path}?{encoded(pairs)}", names=names)
    form = [(n, v) for n, v in person.forms.get(place.rule, []) if n != _NOT_TRIED] or [
        (n, b"") for n in names
    ]
    filled = [(name, raw or person.things.get(name, "1").encode()) for name, raw in form]
    token = [(_NOT_TRIED, person.token.encode())]
    return Aim(person, target.base + path, encoded([*filled, *token]), tuple(dict(filled)))


def run_on_site(target: SiteTarget, folder: Path, *, is_quick: bool) -> Outcome:
    """Try the aims one after another."""
    outcome = Outcome("sqlmap")
    statuses: Counter[str] = Counter()
    for number, aim in enumerate(aims(target, is_quick=is_quick)):
        target.residents.sign_in(aim.person)
        fresh = _with_token(aim, target)
        found, seen = scan(fresh, folder / f"sqlmap-{number}", is_quick=is_quick)
        outcome.targets += max(1, len(aim.names))
        outcome.tries += seen.total()
        outcome.found += [f"{aim.address}: {point}" for point in found]
        outcome.wrong += unreached(aim.address, seen)
        statuses += seen
    outcome.notes.append(
        "sqlmap's answers: " + ", ".join(f"{kind} {n:,}" for kind, n in sorted(statuses.items()))
    )
    return outcome


def _with_token(aim: Aim, target: SiteTarget) -> Aim:
    """The same aim with the token of the session of the moment."""
    pairs = [pair for pair in aim.data.split("&") if pair and not pair.startswith(f"{_NOT_TRIED}=")]
    token = f"{_NOT_TRIED}={aim.person.token}"
    return Aim(aim.person, aim.address, "&".join([*pairs, token]) if aim.data else "", aim.names)


def run_on_weak(base: str, folder: Path) -> Outcome:
    """Try the weak application, where an injection has to be found."""
    found, seen = scan(
        Aim(Person("visitor"), f"{base}/search?q=1", names=("q",)), folder / "sqlmap-weak", is_quick=True
    )
    outcome = Outcome(
        "sqlmap on the weak application", 1, seen.total(), found, wanted=f"{min(1, len(found))} of 1"
    )
    outcome.wrong += [] if found else ["the seeded SQL injection was not found"]
    return outcome


def scan(aim: Aim, folder: Path, *, is_quick: bool) -> tuple[list[str], Counter[str]]:
    """One run: the injection points it names, and how many answers of each kind its requests got."""
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
    said = _run(command, 45 if is_quick else 90)
    points = _POINT.findall(said) if "identified the following injection point" in said else []
    written = traffic.read_text(encoding="utf-8", errors="replace") if traffic.exists() else ""
    return points, kinds_of(written)


def kinds_of(traffic: str) -> Counter[str]:
    """How many answers there were of each kind, out of what sqlmap has noted of its traffic."""
    seen: Counter[str] = Counter()
    for status in _RESPONSE.findall(traffic):
        seen["refused" if int(status) in _REFUSALS else f"{status[0]}xx"] += 1
    to_sign_in = len(_TO_SIGN_IN.findall(traffic))
    seen["sent to sign in"] += to_sign_in
    seen["3xx"] -= to_sign_in
    return +seen


def unreached(address: str, seen: Counter[str]) -> Sequence[str]:
    """Why a run says nothing: it hardly asked, or most of what it asked was refused before the code saw it."""
    if seen.total() < _SMALLEST:
        return [f"{address}: only {seen.total()} requests"]
    refused = seen["refused"] + seen["sent to sign in"]
    share = refused / seen.total()
    return [f"{address}: {share:.0%} of {seen.total()} requests were refused"] if share > MOST_REFUSED else []


def _run(command: Sequence[str], seconds: int) -> str:
    """What a command says; what is not over by then is ended."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode("utf-8", "replace")
    return done.stdout
