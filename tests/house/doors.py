"""For whom each address is, and which things it takes: the whole table of the matrix of who may see what.

An endpoint that is in none of it fails the build: whoever adds one says here, in a line, whom it serves.
"""

from dataclasses import dataclass, field

from wss.domain.actor import DELIVERY_ROLES, HANDLING_ROLES, STAFF_ROLES, Role
from wss.domain.calls import HELPDESK_ROLES

EVERYBODY, SIGNED_IN, CONSUMER, PASSWORD_GIVEN = "everybody", "signed in", "consumer", "password given"


@dataclass(frozen=True)
class Door:
    """An endpoint's room, and the things it takes: out of the address, and out of the form; "{bill_no}" in the rest of
    the form is the bill of whosever thing is asked for."""

    room: str | frozenset[Role]
    takes: tuple[str, ...] = ()
    form: dict[str, str] = field(default_factory=dict)
    # What else stands in the address leads nowhere in the matrix: not found, to whoever may come in.
    leads_nowhere: bool = False
    # What comes in has to be signed: to everybody else it answers 401, and nothing beside.
    is_signed: bool = False


CONNECTION = Door(CONSUMER, ("account_no",))
BILL = Door(CONSUMER, ("account_no", "bill_no"))
REQUEST = Door(CONSUMER, ("complaint_no",))
NOTHING = Door(CONSUMER)
# One's own data, with or without a connection.
OWN_DATA = Door(SIGNED_IN)
OFFICERS = frozenset(HANDLING_ROLES)
HELPDESK = HELPDESK_ROLES
ADMINS = frozenset({Role.ADMIN})
SUPERVISORS = frozenset({Role.HELPDESK_SUPERVISOR})
OFFICES_REQUEST = Door(OFFICERS, ("complaint_no",))
OPEN_BLUEPRINTS = ("public", "auth", "tracking", "health", "dev", "static")
DOORS: dict[str, Door] = {
    "auth.held": Door(SIGNED_IN),
    "auth.try_held": Door(SIGNED_IN),
    "auth.held_resend": Door(SIGNED_IN),
    # Browsers send reports without a form; anything that is no report is passed over.
    "csp_reports.take_report": Door(EVERYBODY),
    "gateway.sms_receipt": Door(EVERYBODY, is_signed=True),
    "consumer.account": NOTHING,
    "consumer.settings": OWN_DATA,
    "consumer.save_settings": OWN_DATA,
    "consumer.confirm_email": OWN_DATA,
    "consumer.end_sessions": Door(SIGNED_IN, ("session",)),
    "consumer.add_connection": NOTHING,
    "consumer.ask_for_connection": NOTHING,
    "consumer.verify_connection": NOTHING,
    "consumer.try_connection": NOTHING,
    "consumer.resend_connection_code": NOTHING,
    "consumer.who_looked": OWN_DATA,
    "consumer.held_data": OWN_DATA,
    "consumer.held_request": OWN_DATA,
    "consumer.held_request_sent": OWN_DATA,
    "consumer.export_data": OWN_DATA,
    "consumer.change_alerts": OWN_DATA,
    "consumer.erase": OWN_DATA,
    "consumer.ask_erase": OWN_DATA,
    "consumer.keep_data": OWN_DATA,
    "consumer.erased": Door(EVERYBODY),
    # Mail programs send this word instead of a token against forged forms.
    "public.stop_alerts": Door(EVERYBODY, form={"List-Unsubscribe": "Button"}),
    "staff.login": Door(EVERYBODY),
    "staff.logout": Door(EVERYBODY),
    "staff.try_login": Door(EVERYBODY),
    "staff.totp": Door(PASSWORD_GIVEN),
    "staff.try_totp": Door(PASSWORD_GIVEN),
    "staff.password": Door(PASSWORD_GIVEN),
    "staff.try_password": Door(PASSWORD_GIVEN),
    "staff.begin": Door(STAFF_ROLES),
    "mis.figures": Door(OFFICERS),
    "mis.requests": Door(OFFICERS, leads_nowhere=True),
    "mis.csv_file": Door(OFFICERS),
    "mis.xlsx_file": Door(OFFICERS),
    "officer.todo": Door(OFFICERS),
    "officer.next_request": Door(OFFICERS),
    "officer.pending": Door(OFFICERS),
    "officer.request_page": OFFICES_REQUEST,
    "officer.keys": OFFICES_REQUEST,
    "officer.documents": OFFICES_REQUEST,
    "officer.document": Door(OFFICERS, ("complaint_no", "document_id")),
    "officer.document_page": Door(OFFICERS, ("complaint_no", "document_id")),
    "officer.timeline": OFFICES_REQUEST,
    "officer.act": OFFICES_REQUEST,
    "officer.reveal": OFFICES_REQUEST,
    "officer.reveal_now": OFFICES_REQUEST,
    "staff.step_up": Door(STAFF_ROLES),
    "staff.try_step_up": Door(STAFF_ROLES),
    "staff.security": Door(STAFF_ROLES),
    "staff.change_password": Door(STAFF_ROLES),
    "staff.codes": Door(STAFF_ROLES),
    "staff.make_codes": Door(STAFF_ROLES),
    "helpdesk.desk": Door(HELPDESK),
    "helpdesk.begin": Door(HELPDESK),
    "helpdesk.supervisor": Door(SUPERVISORS),
    # They look at disputes of every discom; which complaints are theirs to decide: tests/services/test_disputing.py.
    "helpdesk.decide": Door(SUPERVISORS, leads_nowhere=True),
    # An employee's own calls and nobody else's: tests/web/test_helpdesk_pages.py.
    **dict.fromkeys(
        (
            "helpdesk.call_page",
            "helpdesk.act",
            "helpdesk.request_form",
            "helpdesk.request_sent",
            "helpdesk.request_check",
            "helpdesk.register",
            "helpdesk.registered",
        ),
        Door(HELPDESK, leads_nowhere=True),
    ),
    "admin.tables": Door(ADMINS),
    "admin.table": Door(ADMINS),
    "admin.download": Door(ADMINS),
    "admin.change": Door(ADMINS),
    "admin.preview": Door(ADMINS, leads_nowhere=True),
    "admin.undo_change": Door(ADMINS, leads_nowhere=True),
    # Of the own discom only, and who may decide: tests/services/test_pending_changes.py.
    "admin.pending_change": Door(ADMINS, leads_nowhere=True),
    "admin.decide_change": Door(ADMINS, leads_nowhere=True),
    # Of every office: nothing of whom a message is for is shown.
    "deliveries.overview": Door(DELIVERY_ROLES),
    "deliveries.replay_all": Door(DELIVERY_ROLES),
    "deliveries.replay": Door(DELIVERY_ROLES, leads_nowhere=True),
    "deliveries.repost_all": Door(DELIVERY_ROLES),
    "deliveries.repost": Door(DELIVERY_ROLES, leads_nowhere=True),
    "officer.revision": OFFICES_REQUEST,
    "officer.work_out": Door(OFFICERS, ("complaint_no",), {"version": "1", "bill_no-0": "{bill_no}"}),
    "officer.new_revision": Door(OFFICERS),
    "officer.work_out_own": Door(OFFICERS),
    "officer.own_revision": Door(OFFICERS, ("revision_id",)),
    "officer.decide_own": Door(OFFICERS, ("revision_id",)),
    "consumer.connection": CONNECTION,
    "consumer.bills": CONNECTION,
    "consumer.bill": BILL,
    "consumer.bill_pdf": BILL,
    "consumer.consumption": CONNECTION,
    "consumer.connection_requests": CONNECTION,
    "consumer.request_new": CONNECTION,
    "consumer.request_sent": Door(
        CONSUMER,
        ("account_no", "form_token"),
        {"request": "BILL_CORRECTION", "request_type": "Billing", "show": "1"},
    ),
    "consumer.request_check": CONNECTION,
    "consumer.request_register": Door(CONSUMER, ("account_no", "form_token")),
    "consumer.registered": REQUEST,
    "consumer.timeline": REQUEST,
    "consumer.slip": REQUEST,
    "consumer.petition": REQUEST,
    "consumer.act": REQUEST,
    "consumer.add_to_request": REQUEST,
    "consumer.document": Door(CONSUMER, ("complaint_no", "document_id")),
    "consumer.draft_document_page": Door(CONSUMER, ("account_no",), leads_nowhere=True),
    "consumer.document_page": Door(CONSUMER, ("complaint_no", "document_id")),
}


def door_of(endpoint: str) -> Door | None:
    """The table's entry; the rooms that are open to everybody have one for all."""
    if endpoint.partition(".")[0] in OPEN_BLUEPRINTS and endpoint not in DOORS:
        return Door(EVERYBODY)
    return DOORS.get(endpoint)


def is_of_staff(door: Door) -> bool:
    """Whether a door leads into the offices' side."""
    return isinstance(door.room, frozenset) or door.room is PASSWORD_GIVEN
