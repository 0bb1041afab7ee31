"""Demo scenarios: one for each path through the life cycle, carried out by its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from wss.domain.calendar import IST, Calendar
from wss.domain.lifecycle import Action, Resolution


class ScenarioRole(StrEnum):
    """Who acts in a step: the consumer, the holder of the request, the officer who proposes (junior to the one who
    decides), another person who may approve, or the clock."""

    CONSUMER = "consumer"
    HOLDER = "holder"
    MAKER = "maker"
    APPROVER = "approver"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """A step of a scenario, a number of working days after the previous one.

    `remark` is the key of the words that are written with it; `remark_of` returns them.
    """

    action: Action
    part: ScenarioRole
    days: int
    remark: str = ""
    resolution: Resolution | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: what a request is about and its steps; `quiet_days` is how long the last step was ago."""

    name: str
    kind: str
    scenes: tuple[ScenarioStep, ...] = ()
    quiet_days: int = 1


BILL, METER, NOT_RECEIVED, NAME = "BILL_CORRECTION", "METER_COMPLAINT", "BILL_NOT_RECEIVED", "NAME_CORRECTION"
RECONNECTION, DISCONNECTION = "RECONNECTION", "DISCONNECTION"

# What is written with a step, by the kind of the request.
_WORDS = {
    "ask": {
        BILL: "कृपया मीटर की साफ़ फ़ोटो भेजें।",
        METER: "मीटर कब से बंद है?",
        NOT_RECEIVED: "बिल किस पते पर आना चाहिए? पूरा पता लिखें।",
        NAME: "कृपया पहचान पत्र की साफ़ फ़ोटो भेजें।",
        RECONNECTION: "कृपया बकाया जमा करने की रसीद की फ़ोटो भेजें।",
        DISCONNECTION: "मीटर उतारने के लिए घर पर कोई किस समय मिलेगा?",
    },
    "answer": {
        BILL: "मीटर की रीडिंग वही है जो मैंने शिकायत में लिखी है।",
        METER: "दस दिन से बंद है।",
        NOT_RECEIVED: "पता वही है जो पुराने बिल पर छपा है।",
        NAME: "सही नाम वही है जो मैंने शिकायत में लिखा है।",
        RECONNECTION: "बकाया ऑनलाइन जमा किया है।",
        DISCONNECTION: "सुबह दस बजे के बाद कोई न कोई मिलेगा।",
    },
    "done": {
        BILL: "रीडिंग जाँची गई: बिल में ग़लती मिली। बिल ठीक करके भेजा जाएगा।",
        METER: "मीटर की जाँच हुई: मीटर ख़राब मिला और बदल दिया गया है।",
        NOT_RECEIVED: "बिल दोबारा छापकर दिए गए पते पर भेज दिया गया है।",
        NAME: "पहचान पत्र देखा गया। अगले बिल पर सही नाम छपेगा।",
        RECONNECTION: "बकाया जमा हो चुका है। कनेक्शन जोड़ दिया गया है।",
        DISCONNECTION: "कनेक्शन काट दिया गया है और मीटर उतार लिया गया है।",
    },
    "unchanged": {
        BILL: "रीडिंग सही पाई गई।",
        METER: "मीटर की जाँच हुई: मीटर ठीक चल रहा है।",
        NOT_RECEIVED: "बिल पते पर पहुँच चुका है।",
        NAME: "बिल पर नाम पहचान पत्र के अनुसार ही छपा है।",
        RECONNECTION: "कनेक्शन पहले से जुड़ा हुआ है।",
        DISCONNECTION: "कनेक्शन पहले ही काटा जा चुका है।",
    },
    "refused": {
        BILL: "रीडिंग और खपत मेल खाती हैं, इसलिए बिल नहीं बदला जाएगा।",
        METER: "मीटर की जाँच हुई: मीटर सही पाया गया।",
        NOT_RECEIVED: "बिल पते पर दिया जा चुका है। वितरण की रसीद कार्यालय में है।",
        NAME: "पहचान पत्र में नाम अलग है।",
        RECONNECTION: "बकाया अभी जमा नहीं हुआ है।",
        DISCONNECTION: "आख़िरी बिल अभी जमा नहीं हुआ है।",
    },
    "check again": {
        BILL: "पिछले तीन माह की खपत भी देखें।",
        METER: "मीटर की जाँच की रिपोर्ट भी देखें।",
        NOT_RECEIVED: "वितरण की रसीद भी देखें।",
        NAME: "नाम को पहचान पत्र से फिर मिलाएँ।",
        RECONNECTION: "बकाया फिर जाँचें।",
        DISCONNECTION: "आख़िरी बिल फिर जाँचें।",
    },
    "not solved": {
        BILL: "बिल अब भी ग़लत है।",
        METER: "मीटर अब भी बंद है।",
        NOT_RECEIVED: "बिल अब भी नहीं आया है।",
        NAME: "नाम अब भी ग़लत छपा है।",
        RECONNECTION: "कनेक्शन अब भी नहीं जुड़ा है।",
        DISCONNECTION: "कनेक्शन अब भी नहीं कटा है।",
    },
    # The first is for every other kind.
    "withdrawn": {"": "समस्या हल हो गई है।", NOT_RECEIVED: "बिल मिल गया है।"},
    "again": {
        BILL: "अगले बिल में फिर वही ग़लती है।",
        METER: "मीटर फिर बंद हो गया है।",
        NOT_RECEIVED: "इस महीने का बिल भी नहीं आया है।",
        NAME: "नए बिल पर फिर ग़लत नाम छपा है।",
        RECONNECTION: "कनेक्शन फिर कट गया है।",
        DISCONNECTION: "बिल अब भी आ रहा है।",
    },
}

_TAKE_UP = ScenarioStep(Action.TAKE_UP, ScenarioRole.HOLDER, 1)
_ASK = ScenarioStep(Action.ASK, ScenarioRole.HOLDER, 1, "ask")
_ANSWER = ScenarioStep(Action.ANSWER, ScenarioRole.CONSUMER, 2, "answer")
_REVISE = ScenarioStep(Action.PROPOSE, ScenarioRole.MAKER, 2, "done", Resolution.REVISED)
_KEEP = ScenarioStep(Action.PROPOSE, ScenarioRole.MAKER, 2, "unchanged", Resolution.NOT_NEEDED)
_REFUSE = ScenarioStep(Action.PROPOSE, ScenarioRole.MAKER, 2, "refused", Resolution.REFUSED)
_APPROVE = ScenarioStep(Action.APPROVE, ScenarioRole.APPROVER, 1)
_SEND_BACK = ScenarioStep(Action.SEND_BACK, ScenarioRole.APPROVER, 1, "check again")
_CONFIRM = ScenarioStep(Action.CONFIRM, ScenarioRole.CONSUMER, 2)
_NOT_SOLVED = ScenarioStep(Action.REFUSE, ScenarioRole.CONSUMER, 1, "not solved")
_SILENCE = ScenarioStep(Action.CONFIRM_LAPSED, ScenarioRole.CLOCK, 14)
_LATE = ScenarioStep(Action.ESCALATE, ScenarioRole.CLOCK, 7)
_WITHDRAW = ScenarioStep(Action.WITHDRAW, ScenarioRole.CONSUMER, 1, "withdrawn")
_REOPEN = ScenarioStep(Action.REOPEN, ScenarioRole.CONSUMER, 3, "again")
_SOLVED = (_TAKE_UP, _REVISE, _APPROVE)

WITHDRAWN = Scenario("withdrawn", NOT_RECEIVED, (_WITHDRAW,), quiet_days=4)

# Every status and every way of ending occurs; two consecutive requests each go to the two demo consumers.
SCENARIOS = (
    Scenario("registered", BILL),
    Scenario("in review", BILL, (_TAKE_UP,)),
    Scenario("asked", BILL, (_TAKE_UP, _ASK), quiet_days=2),
    Scenario("proposed", BILL, (_TAKE_UP, _KEEP)),
    Scenario("resolved", BILL, _SOLVED, quiet_days=2),
    Scenario("reopened", BILL, (*_SOLVED, _NOT_SOLVED)),
    Scenario("closed, confirmed", BILL, (*_SOLVED, _CONFIRM), quiet_days=20),
    Scenario("closed, unconfirmed", BILL, (_TAKE_UP, _KEEP, _APPROVE, _SILENCE), quiet_days=10),
    WITHDRAWN,
    Scenario("answered and solved", METER, (_TAKE_UP, _ASK, _ANSWER, _REVISE, _APPROVE), quiet_days=3),
    Scenario("late", BILL, (_LATE,)),
    Scenario("refused", METER, (_TAKE_UP, _REFUSE, _APPROVE), quiet_days=4),
    Scenario("sent back", NAME, (_TAKE_UP, _KEEP, _SEND_BACK)),
    Scenario("opened again", METER, (*_SOLVED, _CONFIRM, _REOPEN)),
    Scenario(
        "disputed", BILL, (*_SOLVED, _NOT_SOLVED, *_SOLVED, _NOT_SOLVED, *_SOLVED, _NOT_SOLVED), quiet_days=3
    ),
)

# What neighbours write within a week, whose bills are all provisional.
CLUSTER_SCENARIOS = tuple(
    Scenario("neighbour", BILL, scenes, quiet_days)
    for quiet_days in range(1, 7)
    for scenes in ((), (), (_TAKE_UP,))
)

_ENDS = (Action.CONFIRM, Action.CONFIRM_LAPSED, Action.WITHDRAW)


def _ended() -> Iterator[Scenario]:
    for scenario in SCENARIOS:
        last = scenario.scenes[-1].action if scenario.scenes else None
        if last is Action.APPROVE:
            yield replace(scenario, scenes=(*scenario.scenes, _CONFIRM))
        elif last in _ENDS:
            yield scenario


# Scenarios of requests that were registered long ago: each has ended.
ENDED_SCENARIOS = tuple(_ended())


def remark_of(scene: ScenarioStep, kind: str) -> str:
    """Return what is written with a step of a request of this kind; empty for a step without words."""
    words = _WORDS.get(scene.remark, {})
    return words.get(kind) or next(iter(words.values()), "")


_FIRST_MINUTE, _OFFICE_MINUTES = 10 * 60 + 15, 6 * 60


def moments(scenario: Scenario, calendar: Calendar, today: date, number: int) -> list[datetime]:
    """Return when a scenario's request was registered and when each of its steps took place.

    All are in office hours before today.
    """
    ends_by = today - timedelta(days=scenario.quiet_days)
    begins = ends_by - timedelta(days=sum(scene.days for scene in scenario.scenes))
    while True:
        days = list(_days(scenario, calendar, begins))
        if days[-1] <= ends_by:
            return [_at_office_hours(day, number, place) for place, day in enumerate(days)]
        begins -= timedelta(days=1)


def _days(scenario: Scenario, calendar: Calendar, begins: date) -> Iterator[date]:
    day = calendar.working_day(after=begins - timedelta(days=1), number=1)
    yield day
    for scene in scenario.scenes:
        day = calendar.working_day(after=day, number=scene.days)
        yield day


def _at_office_hours(day: date, number: int, place: int) -> datetime:
    """Return a minute of the office day. No two steps share a day, so their order is kept."""
    minutes = _FIRST_MINUTE + (number * 37 + place * 53) % _OFFICE_MINUTES
    return datetime.combine(day, time(minutes // 60, minutes % 60), IST)
