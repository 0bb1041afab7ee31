"""Crawler that sends odd values to every parameter of every endpoint as every person, and checks each response."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attack.exchange import Answer, Exchange, Pair, encoded, quoted
from attack.judgement import SLOW_S, Fault, faults_of_response, shows_word
from attack.odd_values import DOUBLED, MISSING, ODD_VALUES, WORD, OddValue, values_for
from attack.targets import CLOSED, Person, Place, Target

TOKEN = "csrf_token"
# Fields that no page echoes: tokens are covered by the sweep without tokens.
_NOT_TRIED = {TOKEN}
# An endpoint that the person may not reach gets this many odd values of one parameter.
CLOSED_VALUES = 2
# Names that an endpoint only perhaps reads get fewer values, by this divisor.
FEWER = 12
_RENEW_EVERY = 40


@dataclass(frozen=True, slots=True)
class Case:
    """One request: one parameter of an endpoint has an odd value, all others have usual ones."""

    place: Place
    name: str = ""
    odd: OddValue | None = None

    def __str__(self) -> str:
        return f"{self.place} {self.name}={self.odd.name}" if self.odd else str(self.place)


@dataclass
class Crawl:
    """The requests and findings of a crawl."""

    tried: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        """Return the kinds of the faults found."""
        return {fault.kind for fault in self.faults}


def cases_of(target: Target, person: Person, values: int, chance: random.Random) -> list[Case]:
    """Return every endpoint with usual values, and each of its parameters with odd ones.

    The values that fit a parameter come first, then `values` others; fewer for endpoints that are closed to the
    person and for names that are perhaps not read.
    """
    first: list[Case] = []
    found = []
    for place in target.places:
        found.append(Case(place))
        if target.access(place, person) == CLOSED:
            name = chance.choice(_parameters(place, person) or [""])
            found += [Case(place, name, odd) for odd in _some(CLOSED_VALUES, chance) if name]
            continue
        for name in _parameters(place, person):
            likely = values_for(name, is_in_path=name in place.variables)
            first += [Case(place, name, odd) for odd in likely]
            found += [Case(place, name, odd) for odd in _some(values, chance) if odd not in likely]
        for name in place.perhaps:
            found += [Case(place, name, odd) for odd in _some(-(-values // FEWER), chance)]
    chance.shuffle(first)
    chance.shuffle(found)
    return first + found


def _some(number: int, chance: random.Random) -> Sequence[OddValue]:
    return ODD_VALUES if number >= len(ODD_VALUES) else chance.sample(ODD_VALUES, number)


def crawl(target: Target, values: int, seed: int, most: int | None = None) -> Crawl:
    """Send the cases of all people, with `values` odd values for each parameter.

    At most `most` requests for each person.
    """
    result = Crawl()
    exchange = Exchange(target.base)
    for person in target.people:
        chance = random.Random(f"{seed} {person.name}")  # noqa: S311  a seed that can be given again
        for number, case in enumerate(cases_of(target, person, values, chance)[:most]):
            if number % _RENEW_EVERY == 0:
                target.renew(person)
            answer = send(exchange, case, person)
            result.tried[person.name] += 1
            result.statuses[answer.status] += 1
            result.places.add(str(case.place))
            result.faults += faults_of(target, case, person, answer)
            if answer.seconds > SLOW_S:
                result.slow.append(f"{answer.seconds:.1f} s: {case}, {person.name}")
    result.faults += log_faults(target)
    return result


def send(exchange: Exchange, case: Case, person: Person) -> Answer:
    """Send one case."""
    target, pairs = request_of(case, person)
    if case.place.method == "GET":
        return exchange.get(target, person.cookie)
    return exchange.post(target, [(TOKEN, person.token.encode()), *pairs], person.cookie)


def request_of(case: Case, person: Person) -> tuple[str, list[Pair]]:
    """Return the address with its query, and the form without its token."""
    variables = case.place.variables
    values = {name: quoted(value.encode()) for name, value in case.place.usual(person.things).items()}
    if case.name in variables and case.odd:
        values[case.name] = quoted(case.odd.raw)
    path = case.place.path(values)
    if case.place.method == "GET":
        pairs = list(_changed([], case)) if case.name not in variables else []
        return (f"{path}?{encoded(pairs)}" if pairs else path), []
    usual = _usual_form(case.place, path, person)
    return path, list(_changed(usual, case)) if case.name not in variables else usual


def faults_of(target: Target, case: Case, person: Person, answer: Answer) -> Iterator[Fault]:
    """Yield everything that is wrong with a response."""
    for kind, detail in faults_of_response(answer, case.place.rule, target.base):
        yield Fault(kind, str(case), person.name, detail)
    is_reflected = case.odd is not None and WORD.encode() in case.odd.raw and case.place.method == "GET"
    if is_reflected and not person.is_signed_in and shows_word(answer):
        yield Fault("text from the address", str(case), person.name, "is shown as ours")
    if target.access(case.place, person) == CLOSED and not target.is_refusal(case.place, answer):
        yield Fault("access", str(case), person.name, f"{answer.status} {answer.location}")


def log_faults(target: Target) -> list[Fault]:
    """Return personal data and keys that the application has logged."""
    written = target.log()
    return [
        Fault("log", "log", what, "is written")
        for value, what in target.secrets().items()
        if value in written
    ]


def summary(faults: Sequence[Fault]) -> Mapping[tuple[str, str], list[Fault]]:
    """Group faults by kind and address."""
    grouped: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        grouped.setdefault((fault.kind, " ".join(fault.place.split(" ")[:3])), []).append(fault)
    return grouped


def _parameters(place: Place, person: Person) -> list[str]:
    sent = [name for name, _ in person.forms.get(place.rule, [])] if place.method == "POST" else []
    names = dict.fromkeys([*place.variables, *place.names, *sent])
    return [name for name in names if name not in _NOT_TRIED]


def _usual_form(place: Place, path: str, person: Person) -> list[Pair]:
    """Return the fields of the page's own form, filled with the person's values; else every known name, empty."""
    form = person.forms.get(path) or person.forms.get(place.rule) or [(name, b"") for name in place.names]
    return [
        (name, raw or person.things.get(name, "").encode()) for name, raw in form if name not in _NOT_TRIED
    ]


def _changed(usual: list[Pair], case: Case) -> Iterator[Pair]:
    """Yield the form with one field changed, left out or sent twice."""
    if case.odd is None:
        yield from usual
        return
    yield from (pair for pair in usual if pair[0] != case.name)
    if case.odd.how == MISSING:
        return
    yield case.name, case.odd.raw
    if case.odd.how == DOUBLED:
        yield case.name, b"2"
