"""SMS through a gateway with a JSON API over HTTPS."""

import json
import re
from dataclasses import dataclass

from wss.domain.sms import is_unicode
from wss.gateways.http import DIRECT, HttpChannel, OutboundRoute, accept
from wss.gateways.senders import Accepted, Parcel

_ACCEPTED = frozenset({202})
_PROVIDER_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True)
class SmsAccount:
    """Our account at the gateway: token, sender header and entity id (TRAI DLT), and the address for its receipts."""

    token: str
    sender: str
    entity_id: str
    callback: str
    # Without a shared secret receipts cannot be verified, so none is accepted.
    has_receipts: bool = True


class HttpSmsSender:
    """A sender of SMS through one gateway."""

    is_development = False

    def __init__(
        self, url: str, account: SmsAccount, name: str = "sms1", route: OutboundRoute = DIRECT
    ) -> None:
        self.name = name
        self._channel = HttpChannel(url, account.token, route=route)
        self.account = account

    def send(self, parcel: Parcel) -> Accepted:
        """Send an SMS. Raises SendFailed for every answer but 202."""
        answer = self._channel.post(self._order(parcel))
        accept(answer.status, _ACCEPTED)
        return Accepted(self.name, _provider_id(answer.body), self.account.has_receipts)

    def check(self) -> None:
        """Connect to the gateway; no message is sent. Raises OSError."""
        self._channel.check()

    def _order(self, parcel: Parcel) -> dict[str, object]:
        return {
            "id": parcel.id,
            "to": f"91{parcel.to}",
            "sender": self.account.sender,
            "entity_id": self.account.entity_id,
            "template_id": parcel.template_id or f"{parcel.notice}.{parcel.language}",
            "text": parcel.text,
            "unicode": is_unicode(parcel.text),
            "callback": self.account.callback,
        }


def _provider_id(answer: bytes) -> str:
    """Return the gateway's id of the message, or an empty text when the response has no usable one."""
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    name = content.get("provider_id") if isinstance(content, dict) else None
    return name if isinstance(name, str) and _PROVIDER_ID.fullmatch(name) else ""
