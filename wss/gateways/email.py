"""Sends e-mail by SMTP: smtp://[user:password@]host:port with STARTTLS, smtps:// for TLS from the start.

Over a network the line is encrypted or nothing is sent, and the server has to prove that it is the one that was named:
letters carry links that open accounts. Only a server on this machine may do without.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from wss.gateways.letters import letter
from wss.gateways.senders import Accepted, Parcel, SendFailed, cut_off

TIMEOUT_S = 5
LONGEST_S = 20
_PERMANENT = 500
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# RFC 3463: a status beside the code says more exactly what is wrong; 1 is the address, 2.1 a mailbox that is closed.
_STATUS = re.compile(rb"\s*5\.(\d{1,3}\.\d{1,3})(?!\S)")
_NO_SUCH_BOX = re.compile(rb"1\.\d+|2\.1")
_NO_SUCH_BOX_CODES = frozenset({550, 551, 553})


class SmtpSender:
    """One conversation per message, five seconds at most for each answer and twenty for the whole."""

    name = "mail"

    def __init__(self, url: str, sender: str, site: str = "") -> None:
        self.url = urlsplit(url)
        self.host = self.url.hostname or "localhost"
        self.sender = sender
        self.site = site

    def send(self, parcel: Parcel) -> Accepted:
        """Send the message; a 5xx answer is final, everything else is worth another try."""
        made = letter(parcel, self.sender, self.site)
        smtp = self._line()
        try:
            with cut_off(smtp, LONGEST_S), _hung_up(smtp):
                self._greet(smtp)
                smtp.send_message(made)
            return Accepted(self.name)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise SendFailed(
                f"smtp {code}",
                again=code < _PERMANENT,
                answered=True,
                no_such_recipient=_is_no_such_box(code, words),
            ) from refused
        except smtplib.SMTPAuthenticationError as ours:
            raise SendFailed(f"smtp {ours.smtp_code}", again=True) from ours
        except smtplib.SMTPResponseException as answer:
            raise SendFailed(f"smtp {answer.smtp_code}", again=answer.smtp_code < _PERMANENT) from answer
        except (OSError, smtplib.SMTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True, in_doubt=smtp.has_letter) from failure

    def _line(self) -> "_SmtpConnection":
        """A line that nobody has dialled yet."""
        if self.url.scheme == "smtps":
            return _EncryptedSmtpConnection(timeout=TIMEOUT_S, context=ssl.create_default_context())
        return _SmtpConnection(timeout=TIMEOUT_S)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        """Connect, encrypt, and say who we are."""
        # Both names: smtplib checks the certificate against the one it was told when it was made.
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
            # Whoever sits on the line can take the offer out of the greeting.
            raise SendFailed("no starttls", again=True)


@contextmanager
def _hung_up(smtp: smtplib.SMTP) -> Iterator[None]:
    """Take leave in the end. Whatever comes of that, a letter that was taken stays taken."""
    try:
        yield
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


class _SmtpConnection(smtplib.SMTP):
    """Remembers whether the letter itself was on its way: then, without an answer, the server may have it."""

    has_letter = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the letter."""
        self.has_letter = True
        answer = super().data(msg)
        self.has_letter = False
        return answer


class _EncryptedSmtpConnection(_SmtpConnection, smtplib.SMTP_SSL):
    """A line that is encrypted from the start."""


def _is_no_such_box(code: int, words: bytes) -> bool:
    """Whether a refusal says that the address is to blame, and not the letter, us or the moment."""
    if code < _PERMANENT:
        return False
    status = _STATUS.match(words)
    return bool(_NO_SUCH_BOX.fullmatch(status[1])) if status else code in _NO_SUCH_BOX_CODES
