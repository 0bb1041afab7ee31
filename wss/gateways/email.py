"""E-mail by SMTP: smtp://[user:password@]host:port with STARTTLS, smtps:// for TLS from the start.

Over a network the connection is encrypted or nothing is sent, and the server's certificate has to be valid for its
name: e-mails carry links that give access to accounts. Only a server on this machine may be used without
encryption.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from wss.gateways.email_messages import email_message
from wss.gateways.senders import Accepted, Parcel, SendFailed, close_after

TIMEOUT_S = 5
LONGEST_S = 20
_PERMANENT = 500
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# RFC 3463: a status after the code is more precise; 1 is the address, 2.1 a mailbox that is closed.
_STATUS = re.compile(rb"\s*5\.(\d{1,3}\.\d{1,3})(?!\S)")
_NO_SUCH_BOX = re.compile(rb"1\.\d+|2\.1")
_NO_SUCH_BOX_CODES = frozenset({550, 551, 553})


class SmtpSender:
    """The sender by SMTP: one session per message, at most five seconds for each answer and twenty in all."""

    name = "mail"

    def __init__(self, url: str, sender: str, site: str = "") -> None:
        self.url = urlsplit(url)
        self.host = self.url.hostname or "localhost"
        self.sender = sender
        self.site = site

    def send(self, parcel: Parcel) -> Accepted:
        """Send the message. Raises SendFailed: a 5xx answer is final, everything else is retried."""
        made = email_message(parcel, self.sender, self.site)
        smtp = self._connection()
        try:
            with close_after(smtp, LONGEST_S), _closing(smtp):
                self._connect(smtp)
                smtp.send_message(made)
            return Accepted(self.name)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise SendFailed(
                f"smtp {code}",
                again=code < _PERMANENT,
                answered=True,
                no_such_recipient=_is_unknown_mailbox(code, words),
            ) from error
        except smtplib.SMTPAuthenticationError as error:
            raise SendFailed(f"smtp {error.smtp_code}", again=True) from error
        except smtplib.SMTPResponseException as error:
            raise SendFailed(f"smtp {error.smtp_code}", again=error.smtp_code < _PERMANENT) from error
        except (OSError, smtplib.SMTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True, in_doubt=smtp.has_letter) from failure

    def check(self) -> None:
        """Connect, encrypt and log in; no e-mail is sent. Raises OSError, SMTPException or SendFailed."""
        smtp = self._connection()
        with close_after(smtp, LONGEST_S), _closing(smtp):
            self._connect(smtp)

    def _connection(self) -> "_SmtpConnection":
        """Return a connection that is not open yet."""
        if self.url.scheme == "smtps":
            return _EncryptedSmtpConnection(timeout=TIMEOUT_S, context=ssl.create_default_context())
        return _SmtpConnection(timeout=TIMEOUT_S)

    def _connect(self, smtp: smtplib.SMTP) -> None:
        """Connect, encrypt, and log in."""
        # Both names: smtplib checks the certificate against the host name given at construction.
        smtp._host = self.host  # type: ignore[attr-defined]
        smtp.connect(self.host, self.url.port or 0)
        smtp.ehlo()
        if self.url.scheme != "smtps":
            self._encrypt(smtp)
        if self.url.username:
            smtp.login(unquote(self.url.username), unquote(self.url.password or ""))

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        elif self.host not in _THIS_MACHINE:
            # An attacker on the network can remove the offer from the greeting.
            raise SendFailed("no starttls", again=True)


@contextmanager
def _closing(smtp: smtplib.SMTP) -> Iterator[None]:
    """Quit and close the connection at the end. An e-mail that was accepted stays accepted, whatever fails here."""
    try:
        yield
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


class _SmtpConnection(smtplib.SMTP):
    """A connection that remembers whether the content was being sent.

    In that case, without an answer, the server may have accepted it.
    """

    has_letter = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the content."""
        self.has_letter = True
        answer = super().data(msg)
        self.has_letter = False
        return answer


class _EncryptedSmtpConnection(_SmtpConnection, smtplib.SMTP_SSL):
    """A connection that is encrypted from the start."""


def _is_unknown_mailbox(code: int, words: bytes) -> bool:
    """Return whether a refusal is caused by the address, and not by the content, by us or by a temporary problem."""
    if code < _PERMANENT:
        return False
    status = _STATUS.match(words)
    return bool(_NO_SUCH_BOX.fullmatch(status[1])) if status else code in _NO_SUCH_BOX_CODES
