"""The words for roles and posts; their short names in SMS are in domain/actor."""

from __future__ import annotations

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.actor import Role
from wss.domain.second_factor import StaffLoginResult

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


def wrong_code_words(answer: StaffLoginResult) -> str:
    """Return the error of a code: if the clock of the authenticator is wrong, waiting does not help."""
    if answer.is_key_broken:
        return _(
            "The site can no longer read the key of your authenticator, so its codes cannot be checked. Use a recovery"
            " code, and ask the administrator to set you up again."
        )
    minutes = abs(answer.minutes_off)
    if answer.minutes_off > 0:
        return ngettext(
            "The clock of your phone or computer with the authenticator is about %(num)s minute fast."
            " Set its date and time from the network, then enter the new code.",
            "The clock of your phone or computer with the authenticator is about %(num)s minutes "
            "fast. Set its date and time from the network, then enter the new code.",
            minutes,
        )
    if answer.minutes_off < 0:
        return ngettext(
            "This code is %(num)s minute old. If you entered it immediately, the clock of your phone "
            "or computer with the authenticator is slow. Set its date and time from the network, then"
            " enter the new code.",
            "This code is %(num)s minutes old. If you entered it immediately, the clock of your phone"
            " or computer with the authenticator is slow. Set its date and time from the network, "
            "then enter the new code.",
            minutes,
        )
    return _("This code is incorrect or already used. Wait for the next code.")
