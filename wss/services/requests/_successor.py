"""The successor after a third refusal: a new request one level up, after the former was closed as disputed."""

from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden
from wss.domain.routing import Holder
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.services.messages.notices import Recipient
from wss.services.requests._holder import one_level_up
from wss.services.requests.creation import NewRequest, promise, register_request


def register_following(actor: Actor, closed: RequestRow, tables: Reference, recipient: Recipient) -> str:
    """Register the new request and return its number; its form token is the idempotency key."""
    kind = tables.kinds.get(closed.kind)
    if kind is None:
        raise Forbidden("kind_unknown")
    above = one_level_up(closed, tables) or Holder(closed.holder_office_code, Role(closed.holder_role))
    new = NewRequest(
        form_token=f"follows {closed.complaint_no}",
        account_no=closed.account_no,
        office_code=closed.office_code,
        kind=kind,
        language=recipient.language,
        fields=closed.fields,
        holder=above,
        promised_on=promise(tables.calendar, kind),
        tables=tables,
        consumer_id=closed.consumer_id,
        contact_mobile=closed.contact_mobile,
        details={"follows": closed.complaint_no},
    )
    return register_request(SYSTEM if actor.consumer_id is None else actor, new, recipient).complaint_no
