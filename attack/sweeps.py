"""Requests for other people's data at every endpoint, and every form without its token: all by real requests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attack.crawl import TOKEN, Case, request_of
from attack.exchange import Answer, Exchange, quoted
from attack.judgement import Fault
from attack.targets import OPEN, OWNED, Person, Place, Target

_TAKEN = range(200, 400)
# A signed message of a machine is refused with statuses of its own.
_REFUSED = {400, 401, 403, 404, 405, 413, 422}
# Browsers send reports themselves, without a page of the site.
_NO_FORMS = {"csp_reports.take_report"}


@dataclass
class Sweep:
    """The requests and findings of a sweep; `reached` counts responses that the owner gets and a stranger must not."""

    tried: int = 0
    reached: int = 0
    places: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Claim:
    """A stranger and the owner whose data the stranger requests."""

    stranger: Person
    owner: Person


def strangers(target: Target, claims: Sequence[Claim]) -> Sweep:
    """Request an owner's data as a stranger, at every endpoint that takes an id of it.

    Nothing may be shown or done.
    """
    sweep, exchange = Sweep(), Exchange(target.base)
    matching = [place for place in target.places if set(place.variables) & set(OWNED)]
    for claim in claims:
        for place in matching:
            # Public endpoints have no owner; closed endpoints are covered by the crawl.
            is_for_all = target.access(place, target.people[0]) == OPEN
            if is_for_all or target.access(place, claim.stranger) != OPEN:
                continue
            target.renew(claim.stranger)
            answer = _ask(exchange, place, claim.stranger, claim.owner.things)
            sweep.tried += 1
            sweep.places.add(str(place))
            if answer.status in _TAKEN and not _is_sent_away(answer):
                detail = f"{answer.status} {answer.location} for things of {claim.owner.name}"
                sweep.faults.append(Fault("another's thing", str(place), claim.stranger.name, detail))
            if place.method == "GET" and target.access(place, claim.owner) == OPEN:
                target.renew(claim.owner)
                seen = _ask(exchange, place, claim.owner, claim.owner.things)
                sweep.reached += seen.status == 200
    return sweep


def _is_sent_away(answer: Answer) -> bool:
    return answer.status == 308 or answer.location.startswith(("/login", "/staff/login"))


def _ask(exchange: Exchange, place: Place, person: Person, things: Mapping[str, str]) -> Answer:
    """Request these things, in the address and in the form."""
    values = {name: quoted(value.encode()) for name, value in place.usual(things).items()}
    path = place.path(values)
    if place.method == "GET":
        return exchange.get(path, person.cookie)
    _, usual = request_of(Case(place), person)
    form = [(name, things[name].encode() if name in OWNED and name in things else raw) for name, raw in usual]
    return exchange.post(path, [(TOKEN, person.token.encode()), *form], person.cookie)


def without_token(target: Target) -> Sweep:
    """Send every form without its token, and with the token of another browser: it has to be refused."""
    sweep, exchange = Sweep(), Exchange(target.base)
    posts = [place for place in target.places if place.method == "POST" and place.endpoint not in _NO_FORMS]
    for place in posts:
        for person in target.people:
            if target.access(place, person) != OPEN:
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
