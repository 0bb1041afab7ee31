"""The weak application as a target, and its faults that have to be found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from attack.exchange import Answer
from attack.program import Program, free_port, module
from attack.targets import CLOSED, OPEN, Person, Place

# Faults that the crawler has to find in the weak application, by kind and part of the address.
CANARIES = (
    ("server error", "/day"),
    ("unescaped markup", "/hello"),
    ("open redirect", "/go"),
    ("traceback", "/search"),
    ("text from the address", "/lodged"),
    ("missing header", "/bare"),
    ("cookie flags", "/bare"),
    ("access", "/papers"),
    ("header injection", "/header"),
    ("log", "log"),
)
_PLACES = (
    Place("/", "GET", "home"),
    Place("/search", "GET", "search", ("q",)),
    Place("/hello", "GET", "hello", ("name",)),
    Place("/go", "GET", "redirect_to_next", ("next",)),
    Place("/day", "GET", "day", ("day",)),
    Place("/header", "GET", "header", ("lang",)),
    Place("/lodged/<number>", "GET", "lodged"),
    Place("/bare", "GET", "bare"),
    Place("/papers", "GET", "papers"),
    Place("/account/<account_no>", "GET", "account"),
    Place("/profile", "POST", "change_profile", ("mobile",)),
)


class WeakTarget:
    """The running weak application."""

    def __init__(self, program: Program) -> None:
        from attack.weak_app import LOGGED_MOBILE

        self.program, self.base = program, program.base
        self.places: Sequence[Place] = _PLACES
        self.people: Sequence[Person] = (
            Person("visitor", is_signed_in=False),
            Person("consumer", "weak=consumer", things={"account_no": "100"}),
            Person("admin", "weak=admin"),
        )
        self._secrets = {LOGGED_MOBILE: "a mobile number"}

    def access(self, place: Place, person: Person) -> str:
        """Return the access rules: papers for administrators only, accounts for people who are logged in."""
        if place.endpoint == "papers":
            return OPEN if person.name == "admin" else CLOSED
        return CLOSED if place.endpoint == "account" and not person.is_signed_in else OPEN

    def is_refusal(self, place: Place, answer: Answer) -> bool:
        """Return whether the response is a redirect to the login page or "not found"."""
        return answer.status == 404 or (answer.status == 303 and answer.location == "/login")

    def renew(self, person: Person) -> None:
        """Do nothing: sessions do not end here."""

    def log(self) -> str:
        """Return what the application has logged."""
        return self.program.written()

    def secrets(self) -> Mapping[str, str]:
        """Return the mobile number that it must not log."""
        return self._secrets


def weak_program(folder: Path) -> Program:
    """Return the weak application's program; a context manager."""
    port = free_port()
    return Program(module("attack.weak_app", str(port)), folder / "weak.log", {"PORT": str(port)}, port)


def missed(found: Sequence[tuple[str, str]]) -> list[str]:
    """Return the canaries that were not found; `found` are kinds with their addresses."""
    return [
        f"{kind} at {part}"
        for kind, part in CANARIES
        if not any(kind == one and part in place for one, place in found)
    ]
