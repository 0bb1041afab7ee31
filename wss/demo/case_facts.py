"""The parts of a written case, and the true readings of its meter through the seasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from wss.demo.scenarios import BILL, Scenario, ScenarioRole, ScenarioStep
from wss.demo.synthetic import SEASON
from wss.domain.lifecycle import Action, Resolution

# The newest bill ends so many days before the complaint, and is issued so many days after its end.
DAYS_SINCE, ISSUED_AFTER, PAID_AFTER = 18, 6, 9


@dataclass(frozen=True, slots=True)
class CasePerson:
    """A consumer: user name (empty: not registered), name, address, PIN code, network, sanctioned load."""

    user_name: str
    name: str
    address: str
    pincode: str
    network: str
    load_kw: int


@dataclass(frozen=True, slots=True)
class CaseMeter:
    """A meter and the fault of its newest bills.

    `at_end` is the reading at the end of the newest bill, `a_day` the average use. `other_meter_no` is printed on the
    newest bill, `old_meter_no` on all of them.
    """

    meter_no: str
    at_end: int
    a_day: float
    billed: int | None = None
    provisional_units: Sequence[int] = ()
    assessed_units: int = 0
    assessed_months: int = 0
    old_meter_no: str = ""
    other_meter_no: str = ""
    billed_category: str = ""
    billed_load_kw: int = 0
    is_payment_missing: bool = False

    @property
    def unread(self) -> Sequence[int]:
        """Return the units of the newest bills that follow no reading, oldest first."""
        return self.provisional_units or (self.assessed_units,) * self.assessed_months

    def used(self, first: date, last: date) -> int:
        """Return the units used from the end of a day to the end of a later one; before it with a minus."""
        if last < first:
            return -self.used(last, first)
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return round(self.a_day * sum(SEASON[day.month - 1] for day in days))


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step of a case, a number of working days after the previous one, with the words that are written with it.

    `figures` are what the officer types at each disputed bill. `taken` is an action, or an entry of the timeline:
    called (the caller asks 1912 for progress) or freeze (the consumer denies the call by the link of the SMS).
    """

    taken: str
    by: ScenarioRole
    days: int
    words: str = ""
    resolution: Resolution | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    rating: int | None = None
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case: person, meter, the consumer's reason and words, and the steps that followed.

    `relation` is that of the person who called 1912; empty for a complaint on the site. `has_reading` is whether the
    meter can be read at all.
    """

    name: str
    person: CasePerson
    meter: CaseMeter
    reason: str
    remarks: str
    steps: Sequence[CaseStep] = ()
    quiet_days: int = 1
    has_reading: bool = True
    has_photo: bool = True
    relation: str = ""
    kind: str = BILL

    @property
    def category(self) -> str:
        """Return the tariff category: a home."""
        return "LMV-1U" if self.person.network == "urban" else "LMV-1R"

    @property
    def timetable(self) -> Scenario:
        """Return the days of the steps as a scenario, whose moments can be computed."""
        steps = tuple(ScenarioStep(Action.TAKE_UP, step.by, step.days) for step in self.steps)
        return Scenario(self.name, BILL, steps, self.quiet_days)


@dataclass(frozen=True, slots=True)
class CaseReadings:
    """The readings of a case: what the meter showed at the end of each of its bills, and on the day of the complaint.

    `ends` begins with the day before the first bill.
    """

    meter: CaseMeter
    ends: Sequence[date]
    complaint_on: date

    def shown(self, day: date) -> int:
        """Return what the meter showed at the end of a day; for a replaced one, as if it had not been replaced."""
        return self.meter.at_end + self.meter.used(self.ends[-1], day)

    @property
    def replaced_on(self) -> date:
        """Return the middle of the newest bill, on which a replaced meter was taken down."""
        begin, end = self.ends[-2:]
        return begin + (end - begin) / 2

    @property
    def given(self) -> int:
        """Return the consumer's reading on the day of the complaint."""
        if self.meter.old_meter_no:
            return self.meter.used(self.replaced_on, self.complaint_on)
        return self.shown(self.complaint_on)
