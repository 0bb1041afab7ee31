"""Describes what is attacked, the site and the weak application alike: addresses, people, and what each may reach."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from attack.exchange import Answer, Pair

_VARIABLE = re.compile(r"<(?:[^<>:]+(?:\([^)]*\))?:)?(\w+)>")
OPEN, CLOSED = "open", "closed"
# Things of one person each; everything else in an address belongs to nobody.
OWNED = ("account_no", "complaint_no", "bill_no", "document_id", "call_id", "form_token")
# Stands in an address for a thing that nobody has.
NOTHING = "9" * 32


@dataclass(frozen=True, slots=True)
class Place:
    """One rule of the URL map with one method, the names it is known to read, and those it may read."""

    rule: str
    method: str
    endpoint: str
    names: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """What stands in the address itself."""
        return tuple(_VARIABLE.findall(self.rule))

    def path(self, values: Mapping[str, str]) -> str:
        """The address with these values, which are quoted already."""
        return _VARIABLE.sub(lambda found: values[found.group(1)], self.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def usual(self, things: Mapping[str, str]) -> dict[str, str]:
        """The variables when nothing is odd: things of this very place, else of this name, else of nobody."""
        return {
            name: things.get(f"{self.endpoint}.{name}") or things.get(name) or NOTHING
            for name in self.variables
        }


@dataclass
class Person:
    """Somebody who asks: a role, the cookie and token of the browser, and the things that are theirs."""

    name: str
    cookie: str = ""
    token: str = ""
    things: dict[str, str] = field(default_factory=dict)
    is_signed_in: bool = True
    # What the forms of this person's pages hold, by the address they are sent to.
    forms: dict[str, list[Pair]] = field(default_factory=dict)


class Target(Protocol):
    """A running application that is attacked."""

    base: str
    places: Sequence[Place]
    people: Sequence[Person]

    def room(self, place: Place, person: Person) -> str:
        """Whether this person may reach this place: open or closed."""

    def is_refusal(self, place: Place, answer: Answer) -> bool:
        """Whether the answer is one that a closed place gives."""

    def renew(self, person: Person) -> None:
        """Sign a person in again whose session may have ended."""

    def log(self) -> str:
        """Everything that the application has written so far."""

    def secrets(self) -> Mapping[str, str]:
        """Personal data and keys that no log may hold, with what they are."""
