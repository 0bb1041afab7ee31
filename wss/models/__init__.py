"""The database tables, one module per subject. Importing this package registers all of them."""

from wss.models.alert import AlertChoice, AlertSent
from wss.models.approval import ApprovalBatch, BatchItem, BatchSum, OpenedProposal
from wss.models.audit import AuditEntry, AuditHead
from wss.models.bill import Bill
from wss.models.call import Call
from wss.models.call_back import CallBack
from wss.models.captcha import Captcha
from wss.models.cluster import Cluster, ClusterReport
from wss.models.connection import Connection
from wss.models.consent import Consent
from wss.models.consumer import Consumer, Ownership
from wss.models.document import Document
from wss.models.draft import Draft
from wss.models.installation import InstallationFact
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
    ClusterRuleRow,
    CompensationRow,
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
    SelfBillRuleRow,
    TariffRow,
)
from wss.models.registration import Registration
from wss.models.replaced import Replaced
from wss.models.report import CspCount
from wss.models.revision import BillingPost, RevisedBill, Revision
from wss.models.saved_filter import SavedFilter
from wss.models.secret_fingerprint import SecretFingerprint
from wss.models.self_bill import GeneratedBill
from wss.models.service_request import DisputedBill, Event, ServiceRequest
from wss.models.session import SignedIn
from wss.models.staff import RecoveryCode, Staff, StaffCredential
from wss.models.step_batch import StepBatch, StepItem
from wss.models.token import LinkToken
from wss.models.worker_duty import LastImport, WorkerDuty

__all__ = [
    "AlertChoice",
    "AlertSent",
    "ApprovalBatch",
    "ApprovalLimit",
    "AuditEntry",
    "AuditHead",
    "BatchItem",
    "BatchSum",
    "Bill",
    "BillingPost",
    "Call",
    "CallBack",
    "CannedTextRow",
    "Captcha",
    "Cluster",
    "ClusterReport",
    "ClusterRuleRow",
    "CompensationRow",
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
    "GeneratedBill",
    "Holiday",
    "InstallationFact",
    "KindRow",
    "LastImport",
    "LimitCount",
    "LinkToken",
    "Message",
    "MessageText",
    "MisCell",
    "MisDelta",
    "Office",
    "OpenedProposal",
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
    "SavedFilter",
    "SecretFingerprint",
    "SelfBillRuleRow",
    "ServiceRequest",
    "SignedIn",
    "Staff",
    "StaffCredential",
    "StepBatch",
    "StepItem",
    "TariffRow",
    "WorkerDuty",
]
