"""Interface of targets, the site and the weak application alike: endpoints, people, and what each may reach."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from attack.exchange import Answer, Pair

_VARIABLE = re.compile(r"<(?:[^<>:]+(?:\([^)]*\))?:)?(\w+)>")
OPEN, CLOSED = "open", "closed"
# Variables that identify what one person owns; all other variables of addresses have no owner.
OWNED = ("account_no", "complaint_no", "bill_no", "document_id", "call_id", "form_token")
# An id of something that does not exist.
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
        """Return the variables of the address itself."""
        return tuple(_VARIABLE.findall(self.rule))

    def path(self, values: Mapping[str, str]) -> str:
        """Return the address with these values, which are already quoted."""
        return _VARIABLE.sub(lambda found: values[found.group(1)], self.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def usual(self, things: Mapping[str, str]) -> dict[str, str]:
        """Return the usual values of the variables: those of this endpoint, else of this name, else a missing id."""
        return {
            name: things.get(f"{self.endpoint}.{name}") or things.get(name) or NOTHING
            for name in self.variables
        }


@dataclass
class Person:
    """A person who sends requests: a role, the cookie and token of the browser, and what they own."""

    name: str
    cookie: str = ""
    token: str = ""
    things: dict[str, str] = field(default_factory=dict)
    is_signed_in: bool = True
    # The fields of the forms on this person's pages, by the address they are sent to.
    forms: dict[str, list[Pair]] = field(default_factory=dict)


class Target(Protocol):
    """A running application that is attacked."""

    base: str
    places: Sequence[Place]
    people: Sequence[Person]

    def access(self, place: Place, person: Person) -> str:
        """Return whether this person may reach this endpoint: open or closed."""

    def is_refusal(self, place: Place, answer: Answer) -> bool:
        """Return whether the response is one that a closed endpoint gives."""

    def renew(self, person: Person) -> None:
        """Log in again a person whose session may have ended."""

    def log(self) -> str:
        """Return everything that the application has logged so far."""

    def secrets(self) -> Mapping[str, str]:
        """Return personal data and keys that no log may contain, with their kinds."""
