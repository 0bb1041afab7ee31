"""Writes the delivery status notification of an e-mail that bounced (RFC 3464)."""

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from devtools.fake_gateway.received_messages import ReceivedMessage


def bounce_of(letter: ReceivedMessage) -> bytes:
    """Return what would come back if the mailbox of this e-mail did not exist."""
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["From"] = "Mail Delivery System <postmaster@gateway.invalid>"
    report["To"] = letter.sender
    report["Subject"] = "Undelivered mail returned to sender"
    report.attach(MIMEText("There is no such mailbox.\n"))
    report.attach(_status(letter))
    returned = MIMEBase("text", "rfc822-headers")
    returned.set_payload(f"Message-ID: <{letter.key}@gateway.invalid>\n")
    report.attach(returned)
    return report.as_bytes()


def _status(letter: ReceivedMessage) -> Message:
    server, recipient = EmailMessage(), EmailMessage()
    server["Reporting-MTA"] = "dns; gateway.invalid"
    recipient["Final-Recipient"] = f"rfc822; {letter.to}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    status = MIMEBase("message", "delivery-status")
    status.set_payload([server, recipient])
    return status
