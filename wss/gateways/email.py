"""Sends e-mail by SMTP: smtp://[user:password@]host:port, smtps:// for TLS from the start, STARTTLS where offered."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from wss.gateways.senders import Parcel, SendFailed

TIMEOUT_S = 5
_PERMANENT = 500


class SmtpSender:
    """One conversation per message, five seconds at most for each answer."""

    for_trying = False

    def __init__(self, url: str, sender: str) -> None:
        self.url = urlsplit(url)
        self.sender = sender

    def send(self, parcel: Parcel) -> None:
        """Send the message; a 5xx answer is final, everything else is worth another try."""
        try:
            with self._conversation() as smtp:
                smtp.send_message(self._letter(parcel))
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise SendFailed(f"smtp {code}", again=code < _PERMANENT) from refused
        except smtplib.SMTPResponseException as answer:
            raise SendFailed(f"smtp {answer.smtp_code}", again=answer.smtp_code < _PERMANENT) from answer
        except (OSError, smtplib.SMTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True) from failure

    def _letter(self, parcel: Parcel) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self.sender
        letter["To"] = parcel.to
        letter["Subject"] = parcel.subject
        letter["Message-ID"] = f"<{parcel.id}@{self.sender.rpartition('@')[2]}>"
        letter["Content-Language"] = parcel.language
        letter.set_content(parcel.text)
        return letter

    def _conversation(self) -> smtplib.SMTP:
        host, port = self.url.hostname or "localhost", self.url.port or 0
        context = ssl.create_default_context()
        if self.url.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
        else:
            smtp = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=context)
        if self.url.username:
            smtp.login(unquote(self.url.username), unquote(self.url.password or ""))
        return smtp
