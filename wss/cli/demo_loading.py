"""Loading of synthetic data of any size, the same for the same seed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
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
from wss.demo.case_bills import PlacedCase
from wss.demo.case_requests import register_cases
from wss.demo.case_simulation import CaseSimulation
from wss.demo.demo_size import CONNECTIONS, DEMO_LOGINS, REQUESTS, SEED
from wss.demo.disputed_cases import CASES, case_connection
from wss.demo.extracts import (
    ProgressCallback,
    import_connections,
    import_tables,
    world_of_seed,
    written_cases,
)
from wss.demo.scenarios import CLUSTER_SCENARIOS, SCENARIOS
from wss.demo.simulation import Simulation
from wss.demo.synthetic import CLUSTER, SyntheticWorld, bill_no, connection
from wss.domain.ownership import PRIVACY_VERSION, TERMS_VERSION
from wss.queries.demo import free_connection, logins
from wss.services.mis.sums import rebuild
from wss.services.operations.installation import note_demo_data
from wss.services.requests.draft_documents import DocumentStorage

PASSWORD = "bijli-demo-2026"  # noqa: S105  may be public: the data is synthetic
USER_NAMES = ("urban", "rural")
# Up to this number requests are simulated through the ordinary use cases; beyond it their histories are inserted in
# bulk.
SIMULATED_AT_MOST = 2 * len(SCENARIOS) + len(CLUSTER)
ASKERS_AT_MOST = 20_000
AGREED = {"terms": TERMS_VERSION, "privacy": PRIVACY_VERSION}
# When a request is registered, and what registers it and carries out its steps.
ScheduledPlay = tuple[datetime, Callable[[], object]]


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
        written = written_cases(world, connections)
        import_connections(world, connections, written, Path(folder), report)
    played = min(requests, SIMULATED_AT_MOST)
    askers = _register(world, connections, requests)
    # Those of the past have the lower numbers.
    for done in add_histories(_of_the_past(askers), requests - played, seed):
        report("requests", done, requests)
    simulation = Simulation(seed)
    plays = _scheduled(simulation, played, askers)
    if requests:
        plays += _scheduled_cases(simulation, written, storage)
    # The oldest request comes first.
    for done, (_begins, play) in enumerate(sorted(plays, key=itemgetter(0)), start=1):
        play()
        report("requests", done, len(plays))
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
    ids = register_consumers(connections_to_register, PASSWORD, AGREED)
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
    ids = register_consumers([DemoConnection(row[0], row[6]) for row in rows], PASSWORD, AGREED)
    register_cases(world, first_index, ids, storage)


def _of_the_past(askers: Sequence[DemoConsumer]) -> Sequence[DemoConsumer]:
    """Return the consumers of the demo history: neither demo logins nor neighbours, unless there are no others."""
    simulated = len(USER_NAMES) + len(CLUSTER)
    return askers[simulated:] or askers[len(USER_NAMES) :] or askers


def _scheduled(simulation: Simulation, how_many: int, askers: Sequence[DemoConsumer]) -> list[ScheduledPlay]:
    """Return every scenario once for each of the two demo consumers, then the complaints of the neighbours."""
    own, others = askers[: len(USER_NAMES)], askers[len(USER_NAMES) :] or askers
    plays: list[ScheduledPlay] = []
    for number in range(how_many):
        place = number - 2 * len(SCENARIOS)
        if place < 0:
            scenario, asker = SCENARIOS[number // 2 % len(SCENARIOS)], own[number % 2]
        else:
            scenario = CLUSTER_SCENARIOS[place % len(CLUSTER_SCENARIOS)]
            asker = others[place % len(others)]
        play = partial(simulation.play, number, scenario, asker)
        plays.append((simulation.begins(number, scenario), play))
    return plays


def _scheduled_cases(
    simulation: Simulation, written: Sequence[PlacedCase], storage: DocumentStorage | None
) -> list[ScheduledPlay]:
    """Register the consumers of the written cases, and return the cases; some are not registered at the site."""
    registered = [one for one in written if one.case.person.user_name]
    rows = [(one.case.person.user_name, *one.connection) for one in registered]
    connections = [DemoConnection(row[1], row[7], row[0]) for row in rows]
    ids = register_consumers(connections, PASSWORD, AGREED)
    cases = [CaseSimulation(simulation, one, ids.get(one.connection[0]), storage) for one in written]
    return [(case.begins, case.play) for case in cases]
