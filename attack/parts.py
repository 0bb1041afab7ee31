"""The parts of an attack by name: each tool runs on the weak application first, then on the site."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attack import front, slow_clients, sqlmap, wapiti
from attack.accounts import ELSEWHERE, OWNER, STRANGER
from attack.crawl import Crawl, crawl, summary
from attack.odd_values import ODD_VALUES
from attack.report import Outcome
from attack.site_target import SiteTarget, site_program
from attack.sweeps import Claim, Sweep, strangers, without_token
from attack.targets import Person
from attack.weak_target import WeakTarget, missed, weak_program

# The number of odd values for each parameter in a quick run.
QUICK_VALUES = 3
# A crawl of one person stops at these limits, and reports it.
MOST, QUICK_MOST = 20_000, 600


@dataclass(frozen=True)
class RunContext:
    """The folder, depth and seed of a run."""

    folder: Path
    is_quick: bool
    seed: int

    def part(self, name: str) -> Path:
        """Create a folder for a part."""
        found = self.folder / name
        found.mkdir(exist_ok=True)
        return found


@contextmanager
def raised_site(context: RunContext, name: str) -> Iterator[SiteTarget]:
    """Run the site with its limits raised, with all people of the demo data."""
    folder = context.part(name)
    with site_program(folder, is_raised=True) as program:
        target = SiteTarget(program, folder / "instance")
        if target.has_limits():
            raise RuntimeError(
                "the limits are not raised where the site is served: scanners would meet 429 only"
            )
        yield target


def crawl_part(context: RunContext) -> Iterator[Outcome]:
    """Send odd values to every parameter."""
    with weak_program(context.part("crawl")) as program:
        weak = crawl(WeakTarget(program), len(ODD_VALUES), context.seed)
        yield _seen_in_weak("crawler on the weak application", weak)
    with raised_site(context, "crawl") as target:
        values, most = (QUICK_VALUES, QUICK_MOST) if context.is_quick else (len(ODD_VALUES), MOST)
        done = crawl(target, values, context.seed, most)
        outcome = Outcome("crawler", len(done.places), done.tried.total())
        outcome.found = [f"{faults[0]} ({len(faults)} times)" for faults in summary(done.faults).values()]
        outcome.notes = [*_counts(done), *(f"slow: {line}" for line in done.slow)]
        never = {str(place) for place in target.places} - done.places
        outcome.wrong = [] if context.is_quick else [f"never asked: {place}" for place in sorted(never)]
        yield outcome


def sweep_part(context: RunContext) -> Iterator[Outcome]:
    """Request other people's data, and send forms without tokens."""
    with weak_program(context.part("sweep")) as program:
        weak = WeakTarget(program)
        seen = strangers(weak, [Claim(weak.people[1], Person("owner", things={"account_no": "2"}))])
        yield _seen("strangers in the weak application", seen, "1 of 1" if seen.faults else "")
        seen = without_token(weak)
        yield _seen("no tokens in the weak application", seen, "1 of 1" if seen.faults else "")
    with raised_site(context, "sweep") as target:
        named = target.residents.named
        pairs = [(STRANGER, OWNER), (OWNER, STRANGER), (ELSEWHERE, "clerk"), ("supervisor", "help-desk")]
        outcome = _seen(
            "strangers", strangers(target, [Claim(named(one), named(other)) for one, other in pairs])
        )
        yield outcome
        before = target.residents.kept()
        outcome = _seen("forms without tokens", without_token(target))
        outcome.found += [f"{table} has changed" for table in target.residents.kept() ^ before]
        yield outcome


def sqlmap_part(context: RunContext) -> Iterator[Outcome]:
    """Run sqlmap (SQL injection)."""
    with weak_program(context.part("sqlmap")) as program:
        yield sqlmap.run_on_weak(program.base, context.part("sqlmap"))
    with raised_site(context, "sqlmap") as target:
        yield sqlmap.run_on_site(target, context.part("sqlmap"), is_quick=context.is_quick)


def wapiti_part(context: RunContext) -> Iterator[Outcome]:
    """Run Wapiti."""
    with weak_program(context.part("wapiti")) as program:
        yield wapiti.run_on_weak(program.base)
    with raised_site(context, "wapiti") as target:
        yield wapiti.run_on_site(target, is_quick=context.is_quick)


def slow_clients_part(context: RunContext) -> Iterator[Outcome]:
    """Hold slow connections."""
    with weak_program(context.part("slow")) as program:
        yield slow_clients.run_on_weak(program.base)
    with site_program(context.part("slow"), is_raised=False) as program:
        is_bare = not front.SHIPPED.exists()
        yield slow_clients.run(
            "the site", program.base, "/login", is_quick=context.is_quick, is_judged=is_bare
        )
        if not is_bare:
            with front.front_program(context.part("front"), program.port) as nginx:
                yield slow_clients.run("nginx", nginx.base, "/login", is_quick=context.is_quick)


PARTS: dict[str, Callable[[RunContext], Iterator[Outcome]]] = {
    "crawl": crawl_part,
    "sweep": sweep_part,
    "sqlmap": sqlmap_part,
    "wapiti": wapiti_part,
    "slow": slow_clients_part,
}


def _seen_in_weak(tool: str, weak: Crawl) -> Outcome:
    lost = missed([(fault.kind, fault.place) for fault in weak.faults])
    outcome = Outcome(tool, len(weak.places), weak.tried.total(), wanted=wanted(lost))
    outcome.found = sorted({fault.kind for fault in weak.faults})
    outcome.wrong = [f"the seeded fault was not found: {one}" for one in lost]
    return outcome


def wanted(lost: list[str]) -> str:
    """Return how many of the canaries were found, as text."""
    from attack.weak_target import CANARIES

    return f"{len(CANARIES) - len(lost)} of {len(CANARIES)}"


def _seen(tool: str, sweep: Sweep, found: str = "") -> Outcome:
    outcome = Outcome(
        tool, len(sweep.places), sweep.tried, [str(fault) for fault in sweep.faults], wanted=found
    )
    if sweep.reached:
        outcome.notes.append(f"{tool}: {sweep.reached} pages opened for their owners in the same way")
    return outcome


def _counts(done: Crawl) -> list[str]:
    answers = ", ".join(f"{status}: {number:,}" for status, number in sorted(done.statuses.items()))
    people = ", ".join(f"{name} {number:,}" for name, number in done.tried.items())
    return [f"crawler's answers: {answers}", f"crawler's tries: {people}"]
