"""Forwarding: to which offices a request can go, and from where one that is late can."""

from wss.clock import local_date, now
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden
from wss.domain.escalation import can_handle
from wss.domain.lateness import is_late
from wss.domain.lifecycle import Status
from wss.domain.routing import Holder, holder
from wss.queries.reference import OfficeEntry, Reference
from wss.queries.service_requests import RequestRow


def offices_to_forward_to(seen: RequestRow, tables: Reference) -> list[OfficeEntry]:
    """The offices of the discom that can handle a request."""
    discom, at = _discom(tables.offices[seen.office_code]), Role(seen.holder_role)
    was_at_top = tables.ladder(seen.kind, seen.office_code).above(at) is None
    return [
        office
        for office in tables.offices.values()
        if _discom(office) == discom
        and can_handle(at, tables.ladder(seen.kind, office.code), was_at_top=was_at_top)
    ]


def forwarded_to(actor: Actor, seen: RequestRow, office_code: str, tables: Reference) -> Holder:
    """Return the same post in another office of the discom, or the nearest above that has it.

    A request takes its figures along. One that is late or was escalated is therefore forwarded only from an office
    that is above both, so that no office passes on its late requests.
    """
    office = tables.offices.get(office_code)
    if office is None or _discom(office) != _discom(tables.offices[seen.office_code]):
        raise Forbidden("office_unknown")
    if office_code not in {each.code for each in offices_to_forward_to(seen, tables)}:
        raise Forbidden("office_cannot_handle")
    was_late = is_late(Status(seen.status), seen.promised_on, seen.status_since, local_date(now()))
    if office_code != seen.office_code and (was_late or seen.escalation_level):
        above_both = {desk.office_code for desk in tables.chain(seen.office_code)[1:]}
        above_both &= {desk.office_code for desk in tables.chain(office_code)}
        if actor.office_code not in above_both:
            raise Forbidden("late_stays")
    return holder(Role(seen.holder_role), office.level, tables.chain(office_code))


def _discom(office: OfficeEntry) -> str:
    return office.path.partition("/")[0]
