"""The link in an e-mail alert that ends alerts: it needs no row and reveals nothing but a number."""

import hashlib
import hmac
import re
from typing import Any

from itsdangerous import Signer

from wss import vault
from wss.domain.notices import NOTICES
from wss.models import Message

# The character after the number: "." in tokens of Signer, "-" in the older format; letters are kept for years.
_NUMBER = re.compile(r"([0-9]{1,18})[.-]")
_FORMER_HASH = 32


def unsubscribe_path(message: Message | Any) -> str:
    """Return the path for ending alerts, in the e-mail's language; an empty text unless the message is an e-mail
    alert."""
    is_alert = message.channel == "email" and NOTICES[message.notice].alert
    if not is_alert or message.consumer_id is None:
        return ""
    token = _signer(message.recipient).sign(str(message.consumer_id)).decode()
    return f"/unsubscribe/{token}?lang={message.language}"


def consumer_of_link(token: str) -> int | None:
    """Return the consumer id that a token names; this proves nothing yet."""
    found = _NUMBER.match(token)
    return int(found[1]) if found else None


def is_sent_to(token: str, consumer_id: int, email: str) -> bool:
    """Return whether a token was sent to this consumer at this address; a changed address makes it invalid."""
    if token.startswith(f"{consumer_id}."):
        return _signer(email).validate(token)
    hashes = vault.keyed_hashes("unsubscribe", f"{consumer_id} {email}")
    former = [f"{consumer_id}-{each[:_FORMER_HASH]}" for each in hashes]
    return any([hmac.compare_digest(token.encode(), each.encode()) for each in former])


def _signer(email: str) -> Signer:
    return Signer(vault.signing_keys("unsubscribe"), salt=email, digest_method=hashlib.sha256)
