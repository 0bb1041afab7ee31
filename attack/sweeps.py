"""Asks for another's things at every address, and sends every form without its token: each by real requests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attack.crawl import TOKEN, Case, request_of
from attack.exchange import Answer, Exchange, quoted
from attack.judgement import Fault
from attack.targets import OPEN, OWNED, Person, Place, Target

_TAKEN = range(200, 400)
# A signed message of a machine is refused in a way of its own.
_REFUSED = {400, 401, 403, 404, 405, 413, 422}
# Browsers send reports by themselves, and have no page of the site when they do.
_NO_FORMS = {"csp_reports.take_report"}


@dataclass
class Sweep:
    """What a sweep has tried and found; `reached` are tries in which the owner is shown what a stranger is not."""

    tried: int = 0
    reached: int = 0
    places: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Claim:
    """A stranger who asks for an owner's things."""

    stranger: Person
    owner: Person


def strangers(target: Target, claims: Sequence[Claim]) -> Sweep:
    """Every place that takes a thing, asked by the stranger for the owner's: nothing may be shown or done."""
    sweep, exchange = Sweep(), Exchange(target.base)
    takers = [place for place in target.places if set(place.variables) & set(OWNED)]
    for claim in claims:
        for place in takers:
            # What everybody may see is nobody's thing; a closed place is the crawl's.
            is_for_all = target.room(place, target.people[0]) == OPEN
            if is_for_all or target.room(place, claim.stranger) != OPEN:
                continue
            target.renew(claim.stranger)
            answer = _ask(exchange, place, claim.stranger, claim.owner.things)
            sweep.tried += 1
            sweep.places.add(str(place))
            if answer.status in _TAKEN and not _is_sent_away(answer):
                detail = f"{answer.status} {answer.location} for things of {claim.owner.name}"
                sweep.faults.append(Fault("another's thing", str(place), claim.stranger.name, detail))
            if place.method == "GET" and target.room(place, claim.owner) == OPEN:
                target.renew(claim.owner)
                seen = _ask(exchange, place, claim.owner, claim.owner.things)
                sweep.reached += seen.status == 200
    return sweep


def _is_sent_away(answer: Answer) -> bool:
    return answer.status == 308 or answer.location.startswith(("/login", "/staff/login"))


def _ask(exchange: Exchange, place: Place, person: Person, things: Mapping[str, str]) -> Answer:
    """Ask for these things, in the address and in the form."""
    values = {name: quoted(value.encode()) for name, value in place.usual(things).items()}
    path = place.path(values)
    if place.method == "GET":
        return exchange.get(path, person.cookie)
    _, usual = request_of(Case(place), person)
    form = [(name, things[name].encode() if name in OWNED and name in things else raw) for name, raw in usual]
    return exchange.post(path, [(TOKEN, person.token.encode()), *form], person.cookie)


def without_token(target: Target) -> Sweep:
    """Every form without its token, and with the token of another browser: it has to be refused."""
    sweep, exchange = Sweep(), Exchange(target.base)
    posts = [place for place in target.places if place.method == "POST" and place.endpoint not in _NO_FORMS]
    for place in posts:
        for person in target.people:
            if target.room(place, person) != OPEN:
                continue
            target.renew(person)
            for what, token in _tokens(target, person):
                path, form = request_of(Case(place), person)
                answer = exchange.post(path, [*token, *form], person.cookie)
                sweep.tried += 1
                sweep.places.add(str(place))
                if answer.status not in _REFUSED:
                    detail = f"{what}: {answer.status} {answer.location}"
                    sweep.faults.append(Fault("no token", str(place), person.name, detail))
    return sweep


def _tokens(target: Target, person: Person) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    yield "without a token", []
    other = next((each for each in target.people if each.token and each.name != person.name), None)
    if other:
        yield f"with the token of {other.name}", [(TOKEN, other.token.encode())]
