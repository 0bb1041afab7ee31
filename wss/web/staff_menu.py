"""The main menu of staff: the pages that an employee's role may enter."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import LazyString, lazy_gettext

from wss.domain.todo_filter import OfficerPost
from wss.queries.approvals import proposals_to_decide
from wss.queries.staff import SignedInStaff
from wss.web.access import current_staff
from wss.web.access_table import may_enter
from wss.web.labels.staff import post_name
from wss.web.language import page_language

MENU: dict[str, LazyString] = {
    "officer.todo": lazy_gettext("To-Do"),
    "officer.approvals": lazy_gettext("Approvals"),
    "officer.pending": lazy_gettext("Pending requests"),
    "helpdesk.supervisor": lazy_gettext("Calls and disputes"),
    "helpdesk.desk": lazy_gettext("Helpdesk"),
    "mis.figures": lazy_gettext("MIS"),
    "admin.tables": lazy_gettext("Admin"),
    "deliveries.overview": lazy_gettext("Messages"),
}


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link of the main menu."""

    address: str
    name: LazyString
    is_here: bool
    # How many things wait there for the employee.
    waiting: int = 0


def init_app(app: Flask) -> None:
    """Give templates the menu and the name of the employee's post and office."""
    app.jinja_env.globals.update(
        menu_links=menu_links, proposals_waiting=_proposals_waiting, post_of=post_of, own_office=own_office
    )


def menu_links() -> list[MenuLink]:
    """Return the links that are open to the logged-in employee, in the order of the menu."""
    addresses = {url_for(endpoint): (endpoint, name) for endpoint, name in MENU.items()}
    # The address of one page may be the beginning of another's: the longest match is the current page.
    here = max((address for address in addresses if request.path.startswith(address)), key=len, default="")
    return [
        MenuLink(
            address, name, address == here, _proposals_waiting() if endpoint == "officer.approvals" else 0
        )
        for address, (endpoint, name) in addresses.items()
        if may_enter(endpoint, current_staff().role)
    ]


def first_page() -> str:
    """Return the address where the employee's work begins: the first link of the menu."""
    links = menu_links()
    return links[0].address if links else url_for("staff.begin")


def _proposals_waiting() -> int:
    """Return how many proposals wait for the employee's decision; counted once for a page."""
    me = current_staff()
    if not may_enter("officer.approvals", me.role):
        return 0
    if "proposals_waiting" not in g:
        g.proposals_waiting = proposals_to_decide(OfficerPost(me.role.value, me.office_code, me.employee_id))
    return int(g.proposals_waiting)


def post_of(staff: SignedInStaff) -> str:
    """Return the employee's post in words."""
    return str(post_name(staff.role))


def own_office(staff: SignedInStaff) -> str:
    """Return the office's name in the reader's language."""
    return staff.office_name_hi if page_language() == "hi" else staff.office_name
