"""The words for roles and posts; their short names in SMS are in domain/actor."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.actor import Role

# A visitor is never named.
ROLE: dict[str, LazyString] = {
    Role.CONSUMER: _l("Consumer"),
    Role.HELPDESK: _l("Helpdesk 1912"),
    Role.HELPDESK_SUPERVISOR: _l("Helpdesk supervisor"),
    Role.BILLING_CLERK: _l("Billing clerk"),
    Role.SDO: _l("Sub-divisional officer"),
    Role.EE: _l("Executive engineer"),
    Role.SE: _l("Superintending engineer"),
    Role.CE: _l("Chief engineer"),
    Role.HEAD_OFFICE: _l("Head office"),
    Role.ADMIN: _l("Administrator"),
    Role.SYSTEM: _l("Automatically"),
}


def post_name(role: str) -> LazyString | str:
    """Return a post in words, never a person."""
    return ROLE.get(role, role)
