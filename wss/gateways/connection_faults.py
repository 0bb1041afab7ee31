"""Why a connection to an external system failed, as a sentence for the operator."""

import smtplib
import socket
import ssl

from wss.gateways.http_proxy import ProxyRefused
from wss.gateways.senders import SendFailed


def connection_fault(error: Exception) -> str:
    """Return what to look at; no part of an address or an answer, which may contain a password."""
    if isinstance(error, socket.gaierror):
        return "its name cannot be looked up from here"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS as needed"
    if isinstance(error, ProxyRefused):
        own = "if it is in your own network, list its name in WSS_PRIVATE_HOSTS"
        return f"the proxy of WSS_OUTBOUND_PROXY does not connect to it ({error}): {own}"
    if isinstance(error, PermissionError) and error.errno is None:
        return "its address is not public: if it is in your own network, list it in WSS_PRIVATE_HOSTS"
    if isinstance(error, TimeoutError):
        return "no answer within the time limit: is a firewall in between?"
    if isinstance(error, ConnectionRefusedError):
        return "it refuses the connection: wrong port, or not started"
    return _mail_fault(error) or f"it does not answer as expected ({type(error).__name__})"


def _mail_fault(error: Exception) -> str:
    if isinstance(error, SendFailed):
        return "it offers no STARTTLS: use smtps://, or a server that does"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refuses the login ({error.smtp_code}): check user and password of WSS_SMTP_URL"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code}"
    return ""
