"""Login as a person of the demo tour without a password; only where demo data were loaded, so never in production."""

from wss import vault
from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound
from wss.domain.visitor import Visitor
from wss.queries.consumers import lock_if_active
from wss.queries.installation import has_demo_data
from wss.queries.staff import credential_of, renew_session
from wss.services.login.sessions import open_session, open_staff_session
from wss.services.shared.audit import record


def log_in_demo_consumer(visitor: Visitor, consumer_id: int) -> str:
    """Log in as a consumer; return the new session's id. Raises NotFound for a site without demo data."""
    with transaction():
        if not has_demo_data() or not lock_if_active(consumer_id):
            raise NotFound
        session_id = open_session(visitor, consumer_id)
        record(Actor(Role.CONSUMER, str(consumer_id)), "sign_in", f"consumer:{consumer_id}")
        return session_id


def log_in_demo_employee(visitor: Visitor, employee_id: str) -> str:
    """Log in as an enrolled employee, as if the second factor had been given; return the new session's id.

    Raises NotFound for a site without demo data.
    """
    with transaction():
        at = now()
        seen = credential_of(employee_id, local_date(at)) if has_demo_data() else None
        if seen is None:
            raise NotFound
        begun = vault.session_hash(open_staff_session(visitor, employee_id))
        session_id = vault.new_session_id()
        renew_session(begun, vault.session_hash(session_id), second_factor_at=at, stepped_up_at=at)
        record(Actor(Role(seen.role), employee_id, seen.office_code), "staff_sign_in", f"staff:{employee_id}")
        return session_id
