"""Loading of synthetic data of any size, the same for the same seed."""

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wss.db import reading
from wss.demo.bulk import (
    DemoConnection,
    DemoConsumer,
    add_histories,
    mark_waiting_delivered,
    register_consumers,
)
from wss.demo.case_requests import register_cases
from wss.demo.demo_size import CONNECTIONS, DEMO_LOGINS, REQUESTS, SEED
from wss.demo.disputed_cases import CASES, case_connection
from wss.demo.extracts import ProgressCallback, import_connections, import_tables, world_of_seed
from wss.demo.scenarios import SCENARIOS
from wss.demo.simulation import Simulation
from wss.demo.synthetic import SyntheticWorld, bill_no, connection
from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION
from wss.queries.demo import free_connection, logins
from wss.services.mis.sums import rebuild
from wss.services.operations.installation import note_demo_data
from wss.services.requests.draft_documents import DocumentStorage

PASSWORD = "bijli-demo-2026"  # noqa: S105  may be public: the data is synthetic
USER_NAMES = ("urban", "rural")
# Up to this number requests are simulated through the ordinary use cases; beyond it their histories are inserted in
# bulk.
SIMULATED_AT_MOST = 300
ASKERS_AT_MOST = 20_000


def load_demo(
    connections: int = CONNECTIONS,
    requests: int = REQUESTS,
    seed: int = SEED,
    report: ProgressCallback = lambda stage, done, total: None,
    storage: DocumentStorage | None = None,
) -> None:
    """Import tables, connections and bills; register consumers; simulate their requests.

    With a document storage the disputed cases have photos.
    """
    note_demo_data()
    import_tables()
    world = world_of_seed(seed)
    with TemporaryDirectory(prefix="wss-demo-") as folder:
        import_connections(world, connections, Path(folder), report)
    played = min(requests, SIMULATED_AT_MOST)
    askers = _register(world, connections, requests)
    disputed = _simulate(seed, played, askers, report)
    rest = [replace(one, bill_nos=[no for no in one.bill_nos if no not in disputed]) for one in askers]
    for done in add_histories(rest[len(USER_NAMES) :] or rest, requests - played, seed):
        report("requests", played + done, requests)
    if requests:
        _register_cases(world, connections, storage)
    mark_waiting_delivered()
    # Histories inserted in bulk have not written deltas of the MIS sums.
    rebuild()


def demo_logins() -> list[str]:
    """Return the demo logins, for the terminal."""
    with reading():
        known = logins(USER_NAMES)
        free = [found for found in map(free_connection, USER_NAMES) if found]
    if not known:
        return []
    lines = [f"Demo consumers, password {PASSWORD}:"]
    lines += [f"  {one.user_name}, or account {one.account_no}, bill {one.bill_no}" for one in known]
    lines += ["Not registered yet (the OTP arrives in the inbox):"]
    lines += [f"  {one.network}: account {one.account_no}, bill {one.bill_no}" for one in free]
    return lines


def _register(world: SyntheticWorld, connections: int, requests: int) -> list[DemoConsumer]:
    """Register the two demo consumers, and as many more as the requests need; the next two stay free to register."""
    others = min(max(requests - 2 * len(SCENARIOS), 0), connections - DEMO_LOGINS, ASKERS_AT_MOST)
    indexes = [0, 1, *range(DEMO_LOGINS, DEMO_LOGINS + others)]
    rows = {index: connection(world, index) for index in indexes}
    connections_to_register = [
        DemoConnection(
            rows[index][0], rows[index][6], dict(enumerate(USER_NAMES)).get(index), rows[index][7] or None
        )
        for index in indexes
    ]
    agreed = {"terms": TERMS_VERSION, "privacy": PRIVACY_VERSION}
    ids = register_consumers(connections_to_register, PASSWORD, agreed)
    months = world.months()
    return [
        DemoConsumer(
            rows[index][0], rows[index][2], ids[rows[index][0]], [bill_no(month, index) for month in months]
        )
        for index in indexes
    ]


def _register_cases(world: SyntheticWorld, first_index: int, storage: DocumentStorage | None) -> None:
    """Register the consumers of the disputed cases, and their complaints: the newest of all."""
    rows = [case_connection(world, index) for index in range(first_index, first_index + len(CASES))]
    agreed = {"terms": TERMS_VERSION, "privacy": PRIVACY_VERSION}
    ids = register_consumers([DemoConnection(row[0], row[6]) for row in rows], PASSWORD, agreed)
    register_cases(world, first_index, ids, storage)


def _simulate(seed: int, how_many: int, askers: Sequence[DemoConsumer], report: ProgressCallback) -> Set[str]:
    """Simulate every scenario once for each of the two demo consumers, then for the others in turn.

    The oldest request comes first.
    """
    simulation = Simulation(seed)
    own, others = askers[: len(USER_NAMES)], askers[len(USER_NAMES) :] or askers
    schedule = [
        (number, SCENARIOS[number // 2 % len(SCENARIOS)], own[number % 2])
        if number < 2 * len(SCENARIOS)
        else (number, SCENARIOS[number // 2 % len(SCENARIOS)], others[number % len(others)])
        for number in range(how_many)
    ]
    schedule.sort(key=lambda part: simulation.begins(part[0], part[1]))
    for done, (number, scenario, asker) in enumerate(schedule, start=1):
        simulation.play(number, scenario, asker)
        report("requests", done, how_many)
    return simulation.disputed
