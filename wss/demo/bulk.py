"""Bulk insertion of demo data: consumers with a password, and many requests at once."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from wss import passwords
from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.demo.request_history import DemoHistory, ScenarioSetting, demo_history
from wss.demo.scenarios import BILL, ENDED_SCENARIOS, METER, SCENARIOS, WITHDRAWN, Scenario, moments
from wss.domain.actor import SYSTEM
from wss.domain.identifiers import complaint_no_from
from wss.models import Consent, Consumer, Ownership
from wss.queries import demo
from wss.queries.consumers import add
from wss.queries.reference import reference
from wss.services.shared.audit import record

BATCH = 2000
# Bulk requests are spread over so many days; those registered in the last ones may be open.
DAYS, RECENT_DAYS = 400, 20
REGISTERED_BEFORE = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class DemoConnection:
    """A connection whose consumer is to be registered."""

    account_no: str
    mobile: str
    user_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class DemoConsumer:
    """A consumer for whose connection requests are generated."""

    account_no: str
    office_code: str
    consumer_id: int
    bill_nos: Sequence[str]


# The setting of a scenario by office and kind of request.
Settings = Mapping[tuple[str, str], ScenarioSetting]
GeneratedRequest = tuple[int, DemoConsumer, Sequence[str], DemoHistory]


def register_consumers(
    connections: Sequence[DemoConnection], password: str, agreed: Mapping[str, str]
) -> dict[str, int]:
    """Create consumers who own their connections; return their ids by account number. All share one password hash."""
    kept, at = passwords.hash_password(password), now() - REGISTERED_BEFORE
    consumers = [
        Consumer(
            user_name=one.user_name,
            password_hash=kept,
            mobile=one.mobile or None,
            email=one.email,
            email_verified_at=at if one.email else None,
            language="hi",
            created_at=at,
        )
        for one in connections
    ]
    with transaction():
        add(*consumers)
        for one, consumer in zip(connections, consumers, strict=True):
            consents = (
                Consent(consumer_id=consumer.id, subject=subject, version=version, given_at=at)
                for subject, version in agreed.items()
            )
            add(Ownership(consumer_id=consumer.id, account_no=one.account_no, created_at=at), *consents)
        record(SYSTEM, "demo", "consumers", how_many=len(consumers))
    return {one.account_no: consumer.id for one, consumer in zip(connections, consumers, strict=True)}


def mark_waiting_delivered() -> None:
    """Mark every waiting message as delivered, so that no message of the demo history is sent."""
    with transaction():
        demo.mark_waiting_delivered()


@dataclass(frozen=True, slots=True)
class _Season:
    """A number of requests of these consumers as of today; the first is the oldest."""

    askers: Sequence[DemoConsumer]
    settings: Settings
    how_many: int
    today: date

    def made_up(self, number: int) -> GeneratedRequest:
        """Return the request with this number and its history."""
        days_ago = DAYS - 1 - number * DAYS // self.how_many
        return self._recent(number) if days_ago < RECENT_DAYS else self._ended(number, days_ago)

    def _recent(self, number: int) -> GeneratedRequest:
        """Return a recent request.

        The first ones of a connection dispute its bills, one each, since an open request keeps its bill.
        """
        asker = self._asker(number)
        turn = (number - self.how_many * (DAYS - RECENT_DAYS) // DAYS) // len(self.askers)
        bills = asker.bill_nos[turn : turn + 1]
        return self._generate(number, SCENARIOS[number * 7 % len(SCENARIOS)], bills, 0)

    def _ended(self, number: int, days_ago: int) -> GeneratedRequest:
        asker = self._asker(number)
        turn = number // len(self.askers) % max(len(asker.bill_nos), 1)
        made = self._generate(
            number, ENDED_SCENARIOS[number % len(ENDED_SCENARIOS)], asker.bill_nos[turn : turn + 1], days_ago
        )
        # Where a post is vacant, only the consumer can end the request.
        return self._generate(number, WITHDRAWN, (), days_ago) if made[3].is_open else made

    def _generate(
        self, number: int, scenario: Scenario, bills: Sequence[str], days_ago: int
    ) -> GeneratedRequest:
        asker = self._asker(number)
        disputed = bills if scenario.kind == BILL else ()
        kind = METER if scenario.kind == BILL and not disputed else scenario.kind
        setting = self.settings[asker.office_code, kind]
        at = moments(scenario, setting.calendar, self.today - timedelta(days=days_ago), number)
        return number, asker, disputed, demo_history(scenario, at, setting)

    def _asker(self, number: int) -> DemoConsumer:
        return self.askers[number % len(self.askers)]


def add_histories(askers: Sequence[DemoConsumer], how_many: int, seed: int) -> Iterator[int]:
    """Add requests with their histories in batches, in the order of their dates; yield how many there are so far."""
    with reading():
        season = _Season(askers, _settings(askers), how_many, local_date(now()))
    for start in range(0, how_many, BATCH):
        numbers = range(start, min(start + BATCH, how_many))
        rows = [season.made_up(number) for number in numbers]
        _add_batch(sorted(rows, key=lambda row: row[3].columns["registered_at"]), seed)
        yield numbers.stop


def form_token(seed: int, number: int) -> str:
    """Return the token of a generated form: the same for the same seed."""
    return urlsafe_b64encode(sha256(f"{seed}:{number}".encode()).digest()).decode().rstrip("=")


def _settings(askers: Sequence[DemoConsumer]) -> Settings:
    tables, posts = reference(), demo.filled_posts()
    return {
        (office, kind): ScenarioSetting(
            tables.kinds[kind],
            tables.chain(office),
            posts,
            tables.calendar,
            tables.escalation,
            tables.version,
        )
        for office in {asker.office_code for asker in askers}
        for kind in {scenario.kind for scenario in SCENARIOS}
    }


def _add_batch(rows: Sequence[GeneratedRequest], seed: int) -> None:
    with transaction():
        numbers = demo.reserve_complaint_counters(len(rows))
        requests = [
            history.columns
            | _belongings(asker, form_token(seed, number), complaint_no_from(value))
            | {"fields": _answers(number, bills)}
            for value, (number, asker, bills, history) in zip(numbers, rows, strict=True)
        ]
        events: list[dict[str, Any]] = []
        disputes: list[dict[str, Any]] = []
        for request_id, (_, _, bills, history) in zip(demo.add_requests(requests), rows, strict=True):
            key = {"service_request_id": request_id}
            events += (event | key for event in history.events)
            disputes += (key | {"bill_no": bill_no, "is_open": history.is_open} for bill_no in bills)
        demo.add_timelines(events, disputes)


def _belongings(asker: DemoConsumer, token: str, complaint_no: str) -> dict[str, Any]:
    return {
        "complaint_no": complaint_no,
        "form_token": token,
        "account_no": asker.account_no,
        "consumer_id": asker.consumer_id,
        "channel": "web",
        "language": "hi",
        "frozen": False,
    }


def _answers(number: int, bills: Sequence[str]) -> dict[str, Any]:
    answers: dict[str, Any] = {"reading_kwh": 1000 + number % 9000, "remarks": "कृपया जाँच करें।"}
    if bills:
        return answers | {"bill_no": list(bills), "reason": "wrong_reading"}
    return answers | {"reason": "stopped"}
