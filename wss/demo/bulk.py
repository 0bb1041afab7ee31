"""Bulk insertion of demo data: consumers with a password, and many requests at once."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from math import gcd
from typing import Any

from wss import passwords
from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.demo.office_pace import ended_scenario, registration_days
from wss.demo.remarks import written_remarks
from wss.demo.request_history import DemoHistory, ScenarioSetting, demo_history
from wss.demo.scenarios import BILL, METER, SCENARIOS, WITHDRAWN, Scenario, moments
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.calls import (
    CONSENT_VERSION,
    SCRIPT_VERSION,
    CallOutcome,
    CallReason,
    Relation,
    SearchKind,
    VerifiedBy,
)
from wss.domain.identifiers import complaint_no_from
from wss.models import Consent, Consumer, Ownership
from wss.queries import demo
from wss.queries.consumers import add
from wss.queries.reference import reference
from wss.services.shared.audit import record

BATCH = 2000
# Bulk requests are spread over so many days; those registered in the last ones may be open.
DAYS, RECENT_DAYS = 400, 20
# One request in so many was registered on a call to 1912.
EVERY_CALL = 4
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
    """Requests of these consumers as of today, each registered so many days ago; the first is the oldest."""

    askers: Sequence[DemoConsumer]
    settings: Settings
    days_ago: Sequence[int]
    first_recent: int
    today: date

    def made_up(self, number: int) -> GeneratedRequest:
        """Return the request with this number and its history."""
        is_recent = number >= self.first_recent
        return self._recent(number) if is_recent else self._ended(number, self.days_ago[number])

    def _recent(self, number: int) -> GeneratedRequest:
        """Return a recent request.

        The first ones of a connection dispute its bills, one each, since an open request keeps its bill.
        """
        asker = self._asker(number)
        turn = (number - self.first_recent) // len(self.askers)
        bills = asker.bill_nos[turn : turn + 1]
        return self._generate(number, SCENARIOS[number * 7 % len(SCENARIOS)], bills, 0)

    def _ended(self, number: int, days_ago: int) -> GeneratedRequest:
        asker = self._asker(number)
        turn = number // len(self.askers) % max(len(asker.bill_nos), 1)
        scenario = ended_scenario(number, asker.office_code)
        made = self._generate(number, scenario, asker.bill_nos[turn : turn + 1], days_ago)
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
        """Return whose request it is: neighbours in the list are far apart in time, and each is asked once a turn."""
        how_many = len(self.askers)
        step = next(step for step in range(how_many * 5 // 8 or 1, 2 * how_many) if gcd(step, how_many) == 1)
        return self.askers[number * step % how_many]


def add_histories(askers: Sequence[DemoConsumer], how_many: int, seed: int) -> Iterator[int]:
    """Add requests with their histories in batches, in the order of their dates; yield how many there are so far."""
    with reading():
        today = local_date(now())
        days = registration_days(today, DAYS, how_many)
        first_recent = next((number for number, ago in enumerate(days) if ago < RECENT_DAYS), how_many)
        season = _Season(askers, _settings(askers), days, first_recent, today)
        helpdesk = demo.employees_of(Role.HELPDESK)
    for start in range(0, how_many, BATCH):
        numbers = range(start, min(start + BATCH, how_many))
        rows = [season.made_up(number) for number in numbers]
        _add_batch(sorted(rows, key=lambda row: row[3].columns["registered_at"]), seed, helpdesk)
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


def _add_batch(rows: Sequence[GeneratedRequest], seed: int, helpdesk: Sequence[Actor]) -> None:
    with transaction():
        numbers = demo.reserve_complaint_counters(len(rows))
        calls = {row[0]: _call(row, helpdesk) for row in rows if row[0] % EVERY_CALL == 0}
        call_ids = dict(zip(calls, demo.add_calls(list(calls.values())), strict=True))
        requests = [
            history.columns
            | _belongings(asker, form_token(seed, number), complaint_no_from(value))
            | {"fields": _answers(number, bills)}
            | _channel(call_ids.get(number))
            for value, (number, asker, bills, history) in zip(numbers, rows, strict=True)
        ]
        events: list[dict[str, Any]] = []
        disputes: list[dict[str, Any]] = []
        for request_id, (number, _, bills, history) in zip(demo.add_requests(requests), rows, strict=True):
            key = {"service_request_id": request_id}
            if number in calls:
                history.events[0] |= _told_by(calls[number], call_ids[number], history.events[0])
            events += (event | key for event in history.events)
            disputes += (key | {"bill_no": bill_no, "is_open": history.is_open} for bill_no in bills)
        demo.add_timelines(events, disputes)


def _call(row: GeneratedRequest, helpdesk: Sequence[Actor]) -> dict[str, Any]:
    """Return the columns of the call on which a request was registered."""
    number, asker, _bills, history = row
    at, employee = history.columns["registered_at"], helpdesk[number // EVERY_CALL % len(helpdesk)]
    return {
        "employee_id": employee.id,
        "office_code": employee.office_code,
        "call_reason": CallReason.BILL.value,
        "looked_for": SearchKind.ACCOUNT.value,
        "choices": [],
        "account_no": asker.account_no,
        "language": "hi",
        "began_at": at - timedelta(minutes=3 + number % 6),
        "last_at": at,
        "ended_at": at + timedelta(minutes=1),
        "outcome": CallOutcome.ENDED.value,
        "wrong_tries": 0,
        "verified_at": at - timedelta(minutes=2),
        "verified_by": VerifiedBy.OTP_ON_RECORD.value,
        "relation": (Relation.SELF, Relation.SELF, Relation.FAMILY)[number // EVERY_CALL % 3].value,
        "consent_version": CONSENT_VERSION,
        "consent_at": at - timedelta(minutes=1),
        "script_version": SCRIPT_VERSION,
    }


def _channel(call_id: int | None) -> dict[str, Any]:
    return {"channel": "web", "call_id": None} if call_id is None else {"channel": "1912", "call_id": call_id}


def _told_by(call: Mapping[str, Any], call_id: int, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the first event that differ for a request that was registered on a call."""
    agreed = {
        "call": call_id,
        "relation": call["relation"],
        "consent_version": call["consent_version"],
        "consent_at": call["consent_at"].isoformat(),
    }
    return {
        "role": Role.HELPDESK.value,
        "office_code": call["office_code"],
        "employee_id": call["employee_id"],
        "details": {**event["details"], **agreed},
    }


def _belongings(asker: DemoConsumer, token: str, complaint_no: str) -> dict[str, Any]:
    return {
        "complaint_no": complaint_no,
        "form_token": token,
        "account_no": asker.account_no,
        "consumer_id": asker.consumer_id,
        "language": "hi",
        "frozen": False,
    }


def _answers(number: int, bills: Sequence[str]) -> dict[str, Any]:
    reason = ("wrong_reading", "reading_not_taken")[number % 3 == 0] if bills else "stopped"
    answers = {
        "reason": reason,
        "reading_kwh": 1000 + number % 9000,
        "remarks": written_remarks(reason, number),
    }
    return answers | ({"bill_no": list(bills)} if bills else {})
