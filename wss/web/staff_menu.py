"""The way round the offices' side: which rooms there are, and which of them are open to whoever is signed in."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString, lazy_gettext

from wss.domain.actor import Role
from wss.queries.staff import SignedInStaff
from wss.web.access import current_staff, may_enter
from wss.web.labels.staff import post_name
from wss.web.language import page_language

# Addresses, not endpoints: a room that is not built yet has none, and is not offered.
_ROOMS: dict[str, LazyString] = {
    "/todo": lazy_gettext("To-Do"),
    "/pending": lazy_gettext("Pending requests"),
    "/helpdesk/supervisor": lazy_gettext("Calls and disputes"),
    "/helpdesk": lazy_gettext("Help desk"),
    "/mis": lazy_gettext("MIS"),
    "/admin": lazy_gettext("Admin"),
    "/messages": lazy_gettext("Messages"),
}


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link of the main menu."""

    address: str
    name: LazyString
    is_here: bool


def init_app(app: Flask) -> None:
    """Let the offices' layout ask for its menu and say who is signed in."""
    app.jinja_env.globals.update(office_doors=office_doors, post_of=post_of, own_office=own_office)


def office_doors() -> list[MenuLink]:
    """The rooms that are open to whoever is signed in, in the order of the menu."""
    # One room may lie within another: the reader is in the inner one.
    here = max((address for address in _ROOMS if request.path.startswith(address)), key=len, default="")
    return [
        MenuLink(address, name, is_here=address == here)
        for address, name in _ROOMS.items()
        if _is_open(address, current_staff().role)
    ]


def first_door() -> str:
    """Where work begins: the first room that is open, else the page that says what is."""
    doors = office_doors()
    return doors[0].address if doors else url_for("staff.begin")


def post_of(staff: SignedInStaff) -> str:
    """The post in words."""
    return str(post_name(staff.role))


def own_office(staff: SignedInStaff) -> str:
    """The office's name in the reader's language."""
    return staff.office_name_hi if page_language() == "hi" else staff.office_name


def _is_open(address: str, role: Role) -> bool:
    built = (rule.endpoint for rule in current_app.url_map.iter_rules() if rule.rule == address)
    return any(may_enter(endpoint, role) for endpoint in built)
