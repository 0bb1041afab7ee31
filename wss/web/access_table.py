"""Who may open which page: one table of blueprints and endpoints; what it lacks cannot be opened."""

from enum import StrEnum

from wss.domain.actor import DELIVERY_ROLES, HANDLING_ROLES, STAFF_ROLES, Role
from wss.domain.calls import HELPDESK_ROLES
from wss.domain.clusters import GETS_REPORTS, REPORTS_CLUSTERS, SEES_CLUSTERS
from wss.domain.lifecycle import APPROVERS


class AccessRule(StrEnum):
    """Who may open an endpoint; rows of staff endpoints name their roles instead."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"
    CONSUMER = "consumer"
    # Staff who have given their password, and perhaps no second factor yet.
    PASSWORD_GIVEN = "password_given"  # noqa: S105  a rule, no password


Roles = frozenset[Role]
# Blueprints first, then single endpoints that differ from their blueprint. No other endpoint can be reached.
ACCESS_TABLE: dict[str, AccessRule | Roles] = {
    "static": AccessRule.EVERYBODY,
    "public": AccessRule.EVERYBODY,
    "auth": AccessRule.EVERYBODY,
    "tracking": AccessRule.EVERYBODY,
    "health": AccessRule.EVERYBODY,
    "doctor": AccessRule.EVERYBODY,
    "gateway": AccessRule.EVERYBODY,
    "csp_reports": AccessRule.EVERYBODY,
    "dev": AccessRule.EVERYBODY,
    "consumer": AccessRule.CONSUMER,
    "consumer.erased": AccessRule.EVERYBODY,
    "auth.held": AccessRule.SIGNED_IN,
    "auth.try_held": AccessRule.SIGNED_IN,
    "auth.held_resend": AccessRule.SIGNED_IN,
    # Personal data can be read without a connection too: while a registration is on hold, or after the last
    # connection ended.
    "consumer.held_data": AccessRule.SIGNED_IN,
    # Shows nothing of the connection that is on hold.
    "consumer.held_request": AccessRule.SIGNED_IN,
    "consumer.held_request_sent": AccessRule.SIGNED_IN,
    "consumer.export_data": AccessRule.SIGNED_IN,
    "consumer.change_alerts": AccessRule.SIGNED_IN,
    "consumer.erase": AccessRule.SIGNED_IN,
    "consumer.ask_erase": AccessRule.SIGNED_IN,
    "consumer.keep_data": AccessRule.SIGNED_IN,
    "consumer.who_looked": AccessRule.SIGNED_IN,
    "consumer.settings": AccessRule.SIGNED_IN,
    "consumer.save_settings": AccessRule.SIGNED_IN,
    "consumer.confirm_email": AccessRule.SIGNED_IN,
    "consumer.end_sessions": AccessRule.SIGNED_IN,
    "staff": STAFF_ROLES,
    "staff.login": AccessRule.EVERYBODY,
    "staff.try_login": AccessRule.EVERYBODY,
    "staff.logout": AccessRule.EVERYBODY,
    "staff.totp": AccessRule.PASSWORD_GIVEN,
    "staff.try_totp": AccessRule.PASSWORD_GIVEN,
    "staff.password": AccessRule.PASSWORD_GIVEN,
    "staff.try_password": AccessRule.PASSWORD_GIVEN,
    "officer": frozenset(HANDLING_ROLES),
    "officer.approvals": APPROVERS,
    "officer.approve_together": APPROVERS,
    "officer.batch_result": APPROVERS,
    "officer.cluster": SEES_CLUSTERS,
    "officer.report": REPORTS_CLUSTERS,
    "officer.acknowledge": GETS_REPORTS,
    "mis": frozenset(HANDLING_ROLES),
    # Employees who take calls and their supervisors; they do not enter the pages of offices, nor officers theirs.
    "helpdesk": HELPDESK_ROLES,
    "helpdesk.supervisor": frozenset({Role.HELPDESK_SUPERVISOR}),
    "helpdesk.decide": frozenset({Role.HELPDESK_SUPERVISOR}),
    "admin": frozenset({Role.ADMIN}),
    "deliveries": DELIVERY_ROLES,
}


def access_of(endpoint: str) -> AccessRule | Roles | None:
    """Return who may open an endpoint; None if the table has no row for it."""
    return ACCESS_TABLE.get(endpoint) or ACCESS_TABLE.get(endpoint.partition(".")[0])


def may_enter(endpoint: str, role: Role) -> bool:
    """Return whether a page of staff is open to a role."""
    rule = access_of(endpoint)
    return isinstance(rule, frozenset) and role in rule


def is_staff_endpoint(endpoint: str | None) -> bool:
    """Return whether an endpoint's blueprint belongs to staff."""
    return isinstance(ACCESS_TABLE.get((endpoint or "").partition(".")[0]), frozenset)
