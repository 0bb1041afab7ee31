"""The roles and records of each endpoint, derived from the access table and from the address itself.

A new page needs no entry here. Only what neither of the two can express is an exception, with its reason.
"""

from dataclasses import dataclass, field, fields

from werkzeug.routing import Rule

from tests.fixtures.access_households import HouseholdRecords
from wss.domain.actor import HANDLING_ROLES, Role
from wss.web.access_table import AccessRule, access_of

THINGS = tuple(each.name for each in fields(HouseholdRecords))
# Values in an address that no row of the matrix has: these pages answer 404 to everyone with access.
MADE_UP = {
    "batch_id",
    "call_id",
    "call_back_id",
    "upload_id",
    "change_id",
    "message_id",
    "post_id",
    "filter_id",
    "who",
}


@dataclass(frozen=True)
class Endpoint:
    """The access rule of an address, and the records of a household that its path and its form name."""

    access: AccessRule | frozenset[Role]
    takes: tuple[str, ...] = ()
    # The other fields of the form; "{bill_no}" is the bill of the requested household.
    form: dict[str, str] = field(default_factory=dict)
    # The address matches no row of the matrix: 404 also for those with access.
    leads_nowhere: bool = False
    # Answers 401 to a request without a signature.
    is_signed: bool = False

    @property
    def is_of_staff(self) -> bool:
        """Return whether it belongs to the staff's part of the site."""
        return isinstance(self.access, frozenset) or self.access is AccessRule.PASSWORD_GIVEN


@dataclass(frozen=True)
class EndpointException:
    """What an address does not show: further records in the form, the form itself, or that no row matches."""

    reason: str
    takes_in_form: tuple[str, ...] = ()
    form: dict[str, str] = field(default_factory=dict)
    leads_nowhere: bool = False
    is_signed: bool = False
    not_taken: tuple[str, ...] = ()


EXCEPTIONS = {
    "consumer.end_sessions": EndpointException("the form names a session", ("session",)),
    "consumer.request_sent": EndpointException(
        "the form names the draft, and asks for the documents of a kind",
        ("form_token",),
        {"request": "BILL_CORRECTION", "request_type": "Billing", "show": "1"},
    ),
    "consumer.request_register": EndpointException("the form names the draft", ("form_token",)),
    "consumer.draft_document_page": EndpointException(
        "the document belongs to a draft, and no household has one",
        leads_nowhere=True,
        not_taken=("document_id",),
    ),
    "consumer.self_bill_photo": EndpointException(
        "no household has generated a bill with a photo", leads_nowhere=True
    ),
    "officer.work_out": EndpointException(
        "the form names bills and the version", form={"version": "1", "bill_no-0": "{bill_no}"}
    ),
    "mis.requests": EndpointException(
        "the list belongs to a figure that the query names", leads_nowhere=True
    ),
    "officer.cluster": EndpointException("the query names a cluster, and there is none", leads_nowhere=True),
    "officer.report": EndpointException("the form names a cluster, and there is none", leads_nowhere=True),
    "officer.acknowledge": EndpointException(
        "the form names a cluster, and there is none", leads_nowhere=True
    ),
    "admin.undo_change": EndpointException("there is no change to undo", leads_nowhere=True),
    "dev.go_on": EndpointException("the site of the tests has no demo data", leads_nowhere=True),
    "public.stop_alerts": EndpointException(
        "mail programs send this word instead of a CSRF token", form={"List-Unsubscribe": "Button"}
    ),
    "gateway.sms_receipt": EndpointException("receipts are signed", is_signed=True),
}
_NONE = EndpointException("")


def endpoint_of(rule: Rule) -> Endpoint | None:
    """Return what the matrix expects of an address; None if the access table has no row for it."""
    access = access_of(rule.endpoint)
    if access is None:
        return None
    own = EXCEPTIONS.get(rule.endpoint, _NONE)
    named = tuple(name for name in THINGS if name in rule.arguments and name not in own.not_taken)
    # Help-desk staff and administrators see records by call or by table, not because of their office.
    is_owned = access in (AccessRule.CONSUMER, AccessRule.SIGNED_IN) or access == frozenset(HANDLING_ROLES)
    is_other = isinstance(access, frozenset) and not is_owned
    return Endpoint(
        access,
        (*named, *own.takes_in_form) if is_owned else (),
        own.form,
        own.leads_nowhere or bool(MADE_UP & rule.arguments) or (is_other and bool(named)),
        own.is_signed,
    )
