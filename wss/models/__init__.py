"""The database tables, one module per subject. Importing this package registers all of them."""

from wss.models.alert import AlertChoice, AlertSent
from wss.models.audit import AuditEntry, AuditHead
from wss.models.bill import Bill
from wss.models.call import Call
from wss.models.captcha import Captcha
from wss.models.connection import Connection
from wss.models.consent import Consent
from wss.models.consumer import Consumer, Ownership
from wss.models.document import Document
from wss.models.draft import Draft
from wss.models.limit import LimitCount
from wss.models.message import Message
from wss.models.mis import MisCell, MisDelta
from wss.models.office import Office
from wss.models.otp import Otp
from wss.models.pending_change import PendingChange
from wss.models.proof import Proof
from wss.models.reference import (
    ApprovalLimit,
    CannedTextRow,
    Counter,
    EscalationStep,
    Forum,
    Holiday,
    KindRow,
    MessageText,
    Reason,
    ReferenceChange,
    ReferenceUpload,
    ReferenceVersion,
    TariffRow,
)
from wss.models.registration import Registration
from wss.models.replaced import Replaced
from wss.models.report import CspCount
from wss.models.revision import BillingPost, RevisedBill, Revision
from wss.models.service_request import DisputedBill, Event, ServiceRequest
from wss.models.session import SignedIn
from wss.models.staff import RecoveryCode, Staff, StaffCredential
from wss.models.token import LinkToken

__all__ = [
    "AlertChoice",
    "AlertSent",
    "ApprovalLimit",
    "AuditEntry",
    "AuditHead",
    "Bill",
    "BillingPost",
    "Call",
    "CannedTextRow",
    "Captcha",
    "Connection",
    "Consent",
    "Consumer",
    "Counter",
    "CspCount",
    "DisputedBill",
    "Document",
    "Draft",
    "EscalationStep",
    "Event",
    "Forum",
    "Holiday",
    "KindRow",
    "LimitCount",
    "LinkToken",
    "Message",
    "MessageText",
    "MisCell",
    "MisDelta",
    "Office",
    "Otp",
    "Ownership",
    "PendingChange",
    "Proof",
    "Reason",
    "RecoveryCode",
    "ReferenceChange",
    "ReferenceUpload",
    "ReferenceVersion",
    "Registration",
    "Replaced",
    "RevisedBill",
    "Revision",
    "ServiceRequest",
    "SignedIn",
    "Staff",
    "StaffCredential",
    "TariffRow",
]
