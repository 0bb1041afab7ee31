"""Sends e-mail by SMTP: smtp://[user:password@]host:port, smtps:// for TLS from the start, STARTTLS where offered."""

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from wss.gateways.senders import Accepted, Parcel, SendFailed, cut_off

TIMEOUT_S = 5
LONGEST_S = 20
_PERMANENT = 500


class SmtpSender:
    """One conversation per message, five seconds at most for each answer and twenty for the whole."""

    name = "mail"

    def __init__(self, url: str, sender: str) -> None:
        self.url = urlsplit(url)
        self.sender = sender

    def send(self, parcel: Parcel) -> Accepted:
        """Send the message; a 5xx answer is final, everything else is worth another try."""
        letter = self._letter(parcel)
        try:
            with self._line() as smtp, cut_off(smtp, LONGEST_S):
                self._greet(smtp)
                smtp.send_message(letter)
            return Accepted(self.name)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise SendFailed(f"smtp {code}", again=code < _PERMANENT, answered=True) from refused
        except smtplib.SMTPAuthenticationError as ours:
            raise SendFailed(f"smtp {ours.smtp_code}", again=True) from ours
        except smtplib.SMTPResponseException as answer:
            raise SendFailed(f"smtp {answer.smtp_code}", again=answer.smtp_code < _PERMANENT) from answer
        except (OSError, smtplib.SMTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True) from failure

    def _letter(self, parcel: Parcel) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self.sender
        letter["To"] = _one_address(parcel.to)
        letter["Subject"] = parcel.subject
        letter["Message-ID"] = f"<{parcel.id}@{self.sender.rpartition('@')[2]}>"
        letter.set_content(parcel.text)
        # Last, because setting the content drops whatever was said about it before.
        letter["Content-Language"] = parcel.language
        return letter

    def _line(self) -> smtplib.SMTP:
        """A line that nobody has dialled yet."""
        if self.url.scheme == "smtps":
            return smtplib.SMTP_SSL(timeout=TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(timeout=TIMEOUT_S)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        """Connect, encrypt where it is offered, and say who we are."""
        host = self.url.hostname or "localhost"
        # Both names: smtplib checks the certificate against the one it was told when it was made.
        smtp._host = host  # type: ignore[attr-defined]
        smtp.connect(host, self.url.port or 0)
        smtp.ehlo()
        if self.url.scheme != "smtps" and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self.url.username:
            smtp.login(unquote(self.url.username), unquote(self.url.password or ""))


def _one_address(text: str) -> Address:
    """The address that a letter goes to; a text that holds anything else beside it goes nowhere."""
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as malformed:
        raise SendFailed("no address", again=False) from malformed
