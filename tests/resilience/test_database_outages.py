"""A PostgreSQL server of its own is frozen, killed and made read-only while the shipped server is in use."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest

from tests.fixtures.own_postgresql import OwnServer, ServedSite

pytestmark = [pytest.mark.soak, pytest.mark.on("postgresql")]
PATHS = ("/login", "/livez", "/readyz", "/help")
ROUNDS_PER_S = 6


@dataclass(frozen=True)
class Answer:
    """One answer of the site."""

    path: str
    began: float
    status: int
    seconds: float


def answers_during(site: ServedSite, trouble: Callable[[], None]) -> tuple[list[Answer], float]:
    """Ask for every path several times a second until the trouble is over and 3 s more.

    Return the answers, and when the trouble was over.
    """
    with ThreadPoolExecutor(256) as crowd, ThreadPoolExecutor(1) as troublemaker:
        found = []
        is_done = troublemaker.submit(lambda: (time.sleep(1), trouble(), time.monotonic())[2])
        while not is_done.done() or time.monotonic() < is_done.result() + 3:
            found += [(path, time.monotonic(), crowd.submit(site.get, path)) for path in PATHS]
            time.sleep(1 / ROUNDS_PER_S)
        asked = [Answer(path, began, *answer.result()[:2]) for path, began, answer in found]
    _print(asked, is_done.result())
    return asked, is_done.result()


def _print(asked: list[Answer], over: float) -> None:
    for path in PATHS:
        mine = [each for each in asked if each.path == path]
        counts = {
            status: sum(each.status == status for each in mine) for status in {each.status for each in mine}
        }
        well = max((each.began - over for each in mine if each.status != 200), default=0.0)
        print(
            f"\n{path} {counts}, longest {max(each.seconds for each in mine):.1f} s, well after {well:.1f} s",
            end="",
        )


@contextmanager
def read_only(server: OwnServer) -> Iterator[None]:
    server.run("ALTER SYSTEM SET default_transaction_read_only = on")
    server.run("SELECT pg_reload_conf()")
    yield
    server.run("ALTER SYSTEM RESET default_transaction_read_only")
    server.run("SELECT pg_reload_conf()")


@contextmanager
def killed(server: OwnServer) -> Iterator[None]:
    server.kill()
    yield
    server.start()


@pytest.mark.parametrize(
    ("trouble", "lasts"),
    [(OwnServer.frozen, 16), (killed, 4), (read_only, 3)],
    ids=["frozen", "killed", "read-only"],
)
def test_in_an_outage_pages_are_503_the_process_is_alive_and_all_is_well_afterwards(
    own_postgresql: OwnServer,
    served_site: ServedSite,
    trouble: Callable[[OwnServer], AbstractContextManager[None]],
    lasts: float,
):
    def happen() -> None:
        with trouble(own_postgresql):
            time.sleep(lasts)

    asked, over = answers_during(served_site, happen)

    by_path = {path: [each for each in asked if each.path == path] for path in PATHS}
    assert {each.status for each in by_path["/livez"]} == {each.status for each in by_path["/help"]} == {200}
    assert (
        {each.status for each in by_path["/login"]}
        == {each.status for each in by_path["/readyz"]}
        == {200, 503}
    )
    assert max(each.seconds for each in by_path["/livez"]) < 1
    assert max(each.seconds for each in by_path["/readyz"]) < 5
    assert max(each.seconds for each in by_path["/login"]) < 14
    assert {each.status for each in asked if each.began > over + 2} == {200}
