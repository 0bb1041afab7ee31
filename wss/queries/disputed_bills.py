"""The bills of an account that open requests dispute, for officers: before a disconnection they look here."""

from dataclasses import dataclass

from sqlalchemy import select

from wss.db import session
from wss.models import DisputedBill, Office, ServiceRequest
from wss.queries._fragments import is_in_subtree, path_of_office


@dataclass(frozen=True, slots=True)
class DisputedBillLine:
    """A bill as the request names it, and the request."""

    bill_no: str
    complaint_no: str
    office_code: str


def disputed_bills_of(account_no: str, office_code: str) -> list[DisputedBillLine]:
    """Return the disputed bills of an account whose open requests count in an office or one below it."""
    statement = (
        select(DisputedBill.bill_no, ServiceRequest.complaint_no, ServiceRequest.office_code)
        .join(ServiceRequest, ServiceRequest.id == DisputedBill.service_request_id)
        .join(Office, Office.code == ServiceRequest.office_code)
        .where(
            ServiceRequest.account_no == account_no,
            DisputedBill.is_open,
            is_in_subtree(Office.path, path_of_office(office_code)),
        )
        .order_by(ServiceRequest.id, DisputedBill.bill_no)
    )
    return [DisputedBillLine(*row) for row in session().execute(statement)]
