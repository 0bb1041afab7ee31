"""Delivery receipts of gateways: signed, and otherwise open to every caller."""

from flask import Blueprint, Response, current_app, request

from wss.domain.receipts import LONGEST, possible_signers, receipt_from
from wss.services.messages.receipts import apply_receipt

gateway = Blueprint("gateway", __name__, url_prefix="/gateway")


@gateway.post("/sms/receipts")
def sms_receipt() -> Response:
    """Store a receipt. The answer does not reveal whether it is about a message of ours, or has changed anything."""
    if (request.content_length or 0) > LONGEST:
        return Response(status=413)
    body = request.get_data()
    known = current_app.extensions["wss"].config.sms_gateways
    by = possible_signers(
        body, request.headers.get("X-Signature", ""), ((each.name, each.callback_secret) for each in known)
    )
    if not by:
        return Response(status=401)
    receipt = receipt_from(body, by)
    if receipt is None:
        return Response(status=400)
    apply_receipt(receipt)
    return Response(status=204)
