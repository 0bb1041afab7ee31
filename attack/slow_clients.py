"""Slow connections by slowhttptest, in the hundreds, while an honest client sends requests; compared with a quiet
period."""

import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from attack.environments import debian
from attack.exchange import Exchange
from attack.report import Outcome

CONNECTIONS, PER_SECOND = 300, 100
_PAUSE_S, _PATIENCE_S = 0.15, 5.0
_GRACE_S = 15
# The proxy limits the connections of each address: the honest client uses another one.
_HONEST = "127.0.0.2"
# Each mode with the page that it needs: a form for slow bodies, a large response for slow reading and ranges.
MODES = (
    ("slow headers", "-H", "/login"),
    ("slow body", "-B", "/track"),
    ("slow reading", "-X", "/static/vendor/htmx.min.js"),
    ("ranges", "-R", "/static/vendor/htmx.min.js"),
)
QUICK_MODES = 1
# A slower response under slow clients is only reported; only errors fail, as the machine is shared.
_REPORTED_P95 = 2.0


@dataclass
class HonestResults:
    """The results of an honest client: how long each page took, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def asked(self) -> int:
        """Return how many requests it has sent."""
        return len(self.seconds) + self.failed

    def __str__(self) -> str:
        if not self.seconds:
            return f"0 of {self.asked} answered"
        ordered = sorted(self.seconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        times = f"median {statistics.median(ordered) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
        return f"{len(ordered)} of {self.asked} answered, {times}"


def honest_client(base: str, path: str, stop: threading.Event) -> HonestResults:
    """Request a page repeatedly, each time over a new connection, until the event is set."""
    seen = HonestResults()
    while not stop.wait(_PAUSE_S):
        answer = Exchange(base, _PATIENCE_S, attempts=1, source=_HONEST).get(path)
        if answer.status == 200:
            seen.seconds.append(answer.seconds)
        else:
            seen.failed += 1
    return seen


def measure_during(base: str, path: str, command: Sequence[str], seconds: float) -> HonestResults:
    """Return the results of an honest client while a command runs; the command is ended after `seconds`.

    An empty command: a quiet period.
    """
    stop, found = threading.Event(), list[HonestResults]()
    thread = threading.Thread(target=lambda: found.append(honest_client(base, path, stop)))
    running = (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) if command else None
    )
    if running:
        # The measurement is meaningful only once the slow connections are open.
        time.sleep(CONNECTIONS / PER_SECOND)
    thread.start()
    time.sleep(seconds)
    stop.set()
    thread.join()
    if running:
        running.kill()
        running.wait()
    return found[0]


def slow_command(base: str, switch: str, path: str, seconds: int) -> list[str]:
    """Return the command of slowhttptest in one mode."""
    shape = [
        "-c",
        str(CONNECTIONS),
        "-r",
        str(PER_SECOND),
        "-i",
        "5",
        "-l",
        str(seconds + _GRACE_S),
        "-p",
        "3",
    ]
    return [debian("slowhttptest"), switch, *shape, "-u", base + path, "-v", "0"]


def run(name: str, base: str, page: str, *, is_quick: bool, is_judged: bool = True) -> Outcome:
    """Run every mode against one server; with `is_judged` pages that fail are faults, otherwise only reported."""
    outcome = Outcome(f"slowhttptest on {name}")
    seconds = 5 if is_quick else 10
    quiet = measure_during(base, page, (), 3)
    outcome.notes.append(f"{name}, quiet: {quiet}")
    for mode, switch, path in MODES[: QUICK_MODES if is_quick else None]:
        seen = measure_during(base, page, slow_command(base, switch, path, seconds), seconds)
        outcome.targets += 1
        outcome.tries += CONNECTIONS
        line = f"{name}, {mode}, {CONNECTIONS} connections: {seen}"
        if seen.failed and is_judged:
            outcome.found.append(line)
        else:
            outcome.notes.append(line)
    if quiet.failed:
        outcome.wrong.append(f"{name} does not answer in a quiet time: {quiet}")
    return outcome


def run_on_weak(base: str) -> Outcome:
    """Run slow headers against the weak application, which has to stop responding."""
    outcome = run("the weak application", base, "/", is_quick=True)
    found = len(outcome.found)
    outcome.wanted = f"{found} of 1"
    if not found:
        outcome.wrong.append("the weak application held out against slow clients: the tool does nothing")
    return outcome
